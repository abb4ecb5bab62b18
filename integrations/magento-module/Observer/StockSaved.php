<?php
declare(strict_types=1);

namespace Varai\Sync\Observer;

use Magento\CatalogInventory\Model\Stock\Item;
use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Varai\Sync\Core\Topic;
use Varai\Sync\Model\Notebook;
use Varai\Sync\Model\Settings;

/** The model means to call itself `item` in its events and does not: what every event has is `data_object`. */
class StockSaved implements ObserverInterface
{
    public function __construct(private Notebook $notebook, private Settings $settings) {}

    public function execute(Observer $observer): void
    {
        $item = $observer->getEvent()->getData('data_object');
        if ($item instanceof Item) {
            $this->notebook->saved(Topic::STOCK_SAVED, (int) $item->getProductId(), $this->settings->targets());
        }
    }
}
