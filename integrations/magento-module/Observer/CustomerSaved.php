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
        $event = $observer->getEvent();
        $customer = $event->getData('customer');
        if ($customer instanceof Customer) {
            $this->note((int) $customer->getId(), (int) $customer->getWebsiteId());
            return;
        }
        $part = $event->getData('customer_address') ?? $event->getData('subscriber');
        $customerId = $part instanceof Address || $part instanceof Subscriber ? (int) $part->getCustomerId() : 0;
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
