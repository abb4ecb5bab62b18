<?php
declare(strict_types=1);

namespace Varai\Sync\Model\Document;

use Magento\Sales\Model\Order;
use Magento\Sales\Model\Order\Address;
use Magento\Sales\Model\Order\Item;
use Magento\Sales\Model\OrderFactory;
use Magento\Sales\Model\ResourceModel\Order as OrderResource;

/** An order in the shape of `GET /V1/orders/:id`. The repository would give the order it has read before. */
class OrderDocument
{
    public function __construct(private OrderFactory $orders, private OrderResource $resource) {}

    public function read(int $id): ?array
    {
        $order = $this->orders->create();
        $this->resource->load($order, $id);
        if (!$order->getId()) {
            return null;
        }
        $document = $order->getData();
        $document['items'] = array_map(
            fn(Item $item): array => $this->item($item),
            array_values($order->getAllItems()),
        );
        $document['billing_address'] = $this->address($order->getBillingAddress());
        $document['payment'] = ['method' => $order->getPayment()?->getMethod()];
        $document['extension_attributes'] = ['shipping_assignments' => $this->shipping($order)];
        return $document;
    }

    /** Magento names the options of a line by number only; a lens or a prescription is in what they were called. */
    private function item(Item $item): array
    {
        $options = $item->getProductOptions();
        $chosen = [...$options['options'] ?? [], ...$options['attributes_info'] ?? []];
        return [
            ...$item->getData(),
            'product_option' => [
                'extension_attributes' => [
                    'custom_options' => array_map(
                        fn(array $option): array => [
                            'option_id' => $option['option_id'] ?? null,
                            'option_value' => $option['option_value'] ?? null,
                            'label' => $option['label'] ?? null,
                            'value' => $option['print_value'] ?? ($option['value'] ?? null),
                        ],
                        array_filter($chosen, 'is_array'),
                    ),
                ],
            ],
        ];
    }

    private function shipping(Order $order): array
    {
        $address = $order->getShippingAddress();
        return $address === null
            ? []
            : [['shipping' => ['method' => $order->getShippingMethod(), 'address' => $this->address($address)]]];
    }

    private function address(?Address $address): ?array
    {
        return $address === null ? null : [...$address->getData(), 'street' => $address->getStreet()];
    }
}
