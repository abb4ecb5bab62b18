<?php
declare(strict_types=1);

namespace Varai\Sync\Observer;

use Magento\Catalog\Model\Product;
use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Varai\Sync\Core\Topic;
use Varai\Sync\Model\Notebook;
use Varai\Sync\Model\Settings;

class ProductSaved implements ObserverInterface
{
    public function __construct(private Notebook $notebook, private Settings $settings) {}

    public function execute(Observer $observer): void
    {
        $product = $observer->getEvent()->getData('data_object');
        if ($product instanceof Product) {
            $this->notebook->saved(Topic::PRODUCT_SAVED, (int) $product->getId(), $this->settings->targets());
        }
    }
}
