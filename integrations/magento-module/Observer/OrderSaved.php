<?php
declare(strict_types=1);

namespace Varai\Sync\Observer;

use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Magento\Sales\Model\Order;
use Varai\Sync\Core\Topic;
use Varai\Sync\Model\Notebook;
use Varai\Sync\Model\Settings;

/** Orders also move stock, and Magento does that by SQL, without an event. */
class OrderSaved implements ObserverInterface
{
    public function __construct(private Notebook $notebook, private Settings $settings) {}

    public function execute(Observer $observer): void
    {
        $order = $observer->getEvent()->getData('data_object');
        if (!($order instanceof Order)) {
            return;
        }
        $target = $this->settings->target((int) $order->getStoreId());
        if ($target !== null) {
            $this->notebook->saved(Topic::ORDER_SAVED, (int) $order->getId(), [$target]);
        }
        $targets = $this->settings->targets();
        foreach ($targets === [] ? [] : $order->getAllItems() as $item) {
            $this->notebook->saved(Topic::STOCK_SAVED, (int) $item->getProductId(), $targets);
        }
    }
}
