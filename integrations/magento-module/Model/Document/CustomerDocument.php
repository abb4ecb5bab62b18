<?php
declare(strict_types=1);

namespace Varai\Sync\Model\Document;

use Magento\Customer\Api\CustomerRepositoryInterface;
use Magento\Customer\Model\CustomerRegistry;
use Magento\Framework\Exception\NoSuchEntityException;
use Magento\Newsletter\Model\SubscriberFactory;

/** A customer in the shape of `GET /V1/customers/:id`. */
class CustomerDocument
{
    public function __construct(
        private CustomerRepositoryInterface $customers,
        private CustomerRegistry $registry,
        private SubscriberFactory $subscribers,
    ) {}

    public function read(int $id): ?array
    {
        $this->registry->remove($id);
        try {
            $customer = $this->customers->getById($id);
        } catch (NoSuchEntityException) {
            return null;
        }
        $subscriber = $this->subscribers->create()->loadByCustomer($id, (int) $customer->getWebsiteId());
        $document = $customer->__toArray();
        $document['extension_attributes'] = ['is_subscribed' => (bool) $subscriber->isSubscribed()];
        // Kept by code in the model, as a list in the answers of the API.
        $document['custom_attributes'] = array_values($document['custom_attributes'] ?? []);
        return $document;
    }
}
