<?php
declare(strict_types=1);

namespace Varai\Sync\Core;

/**
 * What leaves the shop, by topic, under the names of Magento's REST V1. Never in it: password hashes, tokens, anything
 * of a card, IP addresses, dates of birth, tax numbers of persons.
 */
final class Fields
{
    private const PERSON = ['prefix', 'firstname', 'middlename', 'lastname', 'suffix', 'company', 'telephone'];
    private const PLACE = ['street' => [], 'city', 'region', 'region_code', 'region_id', 'postcode', 'country_id'];
    private const ORDER_ADDRESS = [
        'entity_id',
        'parent_id',
        'address_type',
        'customer_address_id',
        'email',
        ...self::PERSON,
        ...self::PLACE,
    ];
    private const ORDER_ITEM = [
        'item_id',
        'order_id',
        'parent_item_id',
        'product_id',
        'product_type',
        'sku',
        'name',
        'created_at',
        'updated_at',
        'qty_ordered',
        'qty_invoiced',
        'qty_shipped',
        'qty_refunded',
        'qty_canceled',
        'is_virtual',
        'free_shipping',
        'original_price',
        'base_original_price',
        'price',
        'base_price',
        'price_incl_tax',
        'base_price_incl_tax',
        'discount_percent',
        'discount_amount',
        'base_discount_amount',
        'tax_percent',
        'tax_amount',
        'base_tax_amount',
        'row_total',
        'base_row_total',
        'row_total_incl_tax',
        'base_row_total_incl_tax',
        'amount_refunded',
        'base_amount_refunded',
        'varai_*',
        'product_option' => [
            'extension_attributes' => [
                'custom_options' => [['option_id', 'option_value', 'label', 'value']],
            ],
        ],
    ];
    public const ORDER = [
        'entity_id',
        'increment_id',
        'store_id',
        'store_name',
        'state',
        'status',
        'created_at',
        'updated_at',
        'customer_id',
        'customer_is_guest',
        'customer_email',
        'customer_firstname',
        'customer_middlename',
        'customer_lastname',
        'customer_prefix',
        'customer_suffix',
        'customer_group_id',
        'customer_note',
        'is_virtual',
        'order_currency_code',
        'base_currency_code',
        'global_currency_code',
        'store_currency_code',
        'base_to_order_rate',
        'base_to_global_rate',
        'store_to_order_rate',
        'store_to_base_rate',
        'subtotal',
        'base_subtotal',
        'subtotal_incl_tax',
        'base_subtotal_incl_tax',
        'grand_total',
        'base_grand_total',
        'discount_amount',
        'base_discount_amount',
        'discount_description',
        'coupon_code',
        'tax_amount',
        'base_tax_amount',
        'shipping_amount',
        'base_shipping_amount',
        'shipping_incl_tax',
        'base_shipping_incl_tax',
        'shipping_tax_amount',
        'base_shipping_tax_amount',
        'shipping_discount_amount',
        'base_shipping_discount_amount',
        'shipping_description',
        'total_paid',
        'base_total_paid',
        'total_due',
        'base_total_due',
        'total_refunded',
        'base_total_refunded',
        'total_canceled',
        'base_total_canceled',
        'total_invoiced',
        'base_total_invoiced',
        'total_qty_ordered',
        'total_item_count',
        'varai_*',
        'items' => [self::ORDER_ITEM],
        'billing_address' => self::ORDER_ADDRESS,
        'payment' => ['method'],
        'extension_attributes' => [
            'shipping_assignments' => [['shipping' => ['address' => self::ORDER_ADDRESS, 'method']]],
            'varai_*',
        ],
    ];
    private const CUSTOM_ATTRIBUTES = [['attribute_code', 'value']];
    public const CUSTOMER = [
        'id',
        'group_id',
        'store_id',
        'website_id',
        'created_at',
        'updated_at',
        'created_in',
        'email',
        'prefix',
        'firstname',
        'middlename',
        'lastname',
        'suffix',
        'default_billing',
        'default_shipping',
        'addresses' => [
            [
                'id',
                'customer_id',
                'default_billing',
                'default_shipping',
                'city',
                'postcode',
                'country_id',
                'region_id',
                ...self::PERSON,
                'street' => [],
                'region' => ['region_code', 'region', 'region_id'],
            ],
        ],
        'extension_attributes' => ['is_subscribed'],
        'custom_attributes' => self::CUSTOM_ATTRIBUTES,
    ];
    public const PRODUCT = [
        'id',
        'sku',
        'name',
        'attribute_set_id',
        'price',
        'status',
        'visibility',
        'type_id',
        'created_at',
        'updated_at',
        'weight',
        'product_links' => [['sku', 'link_type', 'linked_product_sku', 'linked_product_type', 'position']],
        'media_gallery_entries' => [['id', 'media_type', 'label', 'position', 'disabled', 'file', 'types' => []]],
        'extension_attributes' => [
            'website_ids' => [],
            'configurable_product_links' => [],
            'configurable_product_options' => [
                ['id', 'attribute_id', 'label', 'position', 'values' => [['value_index']]],
            ],
        ],
        'custom_attributes' => self::CUSTOM_ATTRIBUTES,
    ];
    public const STOCK = [
        'item_id',
        'product_id',
        'sku',
        'stock_id',
        'website_id',
        'qty',
        'is_in_stock',
        'manage_stock',
        'is_qty_decimal',
        'updated_at',
    ];
    public const DELETED = ['id', 'sku', 'store_id', 'website_id'];

    /** Custom attributes of products that the catalogue is made of; with those called `varai_…`. */
    private const PRODUCT_ATTRIBUTES = [
        'description',
        'short_description',
        'url_key',
        'image',
        'special_price',
        'special_from_date',
        'special_to_date',
        'manufacturer',
        'brand',
        'category_ids',
        'gtin',
        'ean',
        'barcode',
        'color',
        'tax_class_id',
    ];

    private const BY_TOPIC = [
        Topic::ORDER_SAVED => self::ORDER,
        Topic::CUSTOMER_SAVED => self::CUSTOMER,
        Topic::CUSTOMER_DELETED => self::DELETED,
        Topic::PRODUCT_SAVED => self::PRODUCT,
        Topic::PRODUCT_DELETED => self::DELETED,
        Topic::STOCK_SAVED => self::STOCK,
    ];

    /**
     * @param array<string, mixed> $document
     * @return array<string, mixed>
     */
    public static function allowed(string $topic, array $document): array
    {
        $picked = AllowList::pick($document, self::BY_TOPIC[$topic]);
        if (isset($picked['custom_attributes'])) {
            $alsoAllowed = $topic === Topic::PRODUCT_SAVED ? self::PRODUCT_ATTRIBUTES : [];
            $picked['custom_attributes'] = self::customAttributes($document['custom_attributes'], $alsoAllowed);
        }
        return $picked;
    }

    /**
     * @param array<array-key, mixed> $attributes Magento's list of `{attribute_code, value}`.
     * @param list<string> $alsoAllowed
     * @return list<array{attribute_code: string, value: scalar|list<scalar>}>
     */
    private static function customAttributes(array $attributes, array $alsoAllowed): array
    {
        $picked = [];
        foreach ($attributes as $attribute) {
            $code = is_array($attribute) ? $attribute['attribute_code'] ?? null : null;
            $value = is_array($attribute) ? $attribute['value'] ?? null : null;
            if (!is_string($code) || (!str_starts_with($code, 'varai_') && !in_array($code, $alsoAllowed, true))) {
                continue;
            }
            if (is_scalar($value)) {
                $picked[] = ['attribute_code' => $code, 'value' => $value];
            } elseif (is_array($value)) {
                $picked[] = ['attribute_code' => $code, 'value' => array_values(array_filter($value, 'is_scalar'))];
            }
        }
        return $picked;
    }
}
