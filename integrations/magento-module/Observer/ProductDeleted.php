<?php
declare(strict_types=1);

namespace Varai\Sync\Observer;

use Magento\Catalog\Model\Product;
use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Varai\Sync\Core\Topic;
use Varai\Sync\Model\Notebook;
use Varai\Sync\Model\Settings;

class ProductDeleted implements ObserverInterface
{
    public function __construct(private Notebook $notebook, private Settings $settings) {}

    public function execute(Observer $observer): void
    {
        $product = $observer->getEvent()->getData('data_object');
        if ($product instanceof Product) {
            $id = (int) $product->getId();
            $named = ['id' => $id, 'sku' => (string) $product->getSku()];
            $this->notebook->deleted(Topic::PRODUCT_DELETED, $id, $this->settings->targets(), $named);
        }
    }
}
