<?php
declare(strict_types=1);

namespace Varai\Sync\Model;

use Varai\Sync\Core\Topic;
use Varai\Sync\Model\Document\CustomerDocument;
use Varai\Sync\Model\Document\OrderDocument;
use Varai\Sync\Model\Document\ProductDocument;
use Varai\Sync\Model\Document\StockDocument;

/** Reads entities as they are now, past every cache: the sender lives longer than what it has read. */
class Documents
{
    public function __construct(
        private OrderDocument $order,
        private CustomerDocument $customer,
        private ProductDocument $product,
        private StockDocument $stock,
    ) {}

    /** @return array<string, mixed>|null Null when it is not there. Not yet held against the allow-list. */
    public function read(string $topic, int $entityId, int $storeId): ?array
    {
        return match ($topic) {
            Topic::ORDER_SAVED => $this->order->read($entityId),
            Topic::CUSTOMER_SAVED => $this->customer->read($entityId),
            Topic::PRODUCT_SAVED => $this->product->read($entityId, $storeId),
            Topic::STOCK_SAVED => $this->stock->read($entityId),
        };
    }
}
