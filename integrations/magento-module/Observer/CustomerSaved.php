<?php
declare(strict_types=1);

namespace Varai\Sync\Observer;

use Magento\Customer\Model\Address;
use Magento\Customer\Model\Customer;
use Magento\Customer\Model\CustomerRegistry;
use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Magento\Framework\Exception\NoSuchEntityException;
use Magento\Newsletter\Model\Subscriber;
use Varai\Sync\Core\Topic;
use Varai\Sync\Model\CustomerTargets;
use Varai\Sync\Model\Notebook;

/** A customer's addresses and newsletter are part of the customer. */
class CustomerSaved implements ObserverInterface
{
    public function __construct(
        private Notebook $notebook,
        private CustomerTargets $targets,
        private CustomerRegistry $customers,
    ) {}

    public function execute(Observer $observer): void
    {
        $saved = $observer->getEvent()->getData('data_object');
        if ($saved instanceof Customer) {
            $this->note((int) $saved->getId(), (int) $saved->getWebsiteId());
            return;
        }
        $customerId = $saved instanceof Address || $saved instanceof Subscriber ? (int) $saved->getCustomerId() : 0;
        if ($customerId === 0) {
            return;
        }
        try {
            $this->note($customerId, (int) $this->customers->retrieve($customerId)->getWebsiteId());
        } catch (NoSuchEntityException) {
            // Addresses go with their customer, whose deletion is told by itself.
        }
    }

    private function note(int $customerId, int $websiteId): void
    {
        $this->notebook->saved(Topic::CUSTOMER_SAVED, $customerId, $this->targets->of($websiteId));
    }
}
