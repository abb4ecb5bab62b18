<?php
declare(strict_types=1);

namespace Varai\Sync\Observer;

use Magento\Customer\Model\Customer;
use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Varai\Sync\Core\Topic;
use Varai\Sync\Model\CustomerTargets;
use Varai\Sync\Model\Notebook;

class CustomerDeleted implements ObserverInterface
{
    public function __construct(private Notebook $notebook, private CustomerTargets $targets) {}

    public function execute(Observer $observer): void
    {
        $customer = $observer->getEvent()->getData('data_object');
        if (!($customer instanceof Customer)) {
            return;
        }
        $id = (int) $customer->getId();
        $websiteId = (int) $customer->getWebsiteId();
        $named = ['id' => $id, 'website_id' => $websiteId, 'store_id' => (int) $customer->getStoreId()];
        $this->notebook->deleted(Topic::CUSTOMER_DELETED, $id, $this->targets->of($websiteId), $named);
    }
}
