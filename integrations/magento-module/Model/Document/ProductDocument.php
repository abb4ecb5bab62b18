<?php
declare(strict_types=1);

namespace Varai\Sync\Model\Document;

use Magento\Catalog\Api\ProductRepositoryInterface;
use Magento\Catalog\Model\Product;
use Magento\ConfigurableProduct\Model\Product\Type\Configurable;
use Magento\Framework\Api\AttributeInterface;
use Magento\Framework\Exception\NoSuchEntityException;

/**
 * A product as a store shows it, in the shape of `GET /V1/products/:sku`, with one difference: attributes that are chosen
 * from a list have the text that was chosen, not its number, which says nothing outside of the shop.
 */
class ProductDocument
{
    /** With those of ours. */
    private const CHOSEN = ['manufacturer', 'brand', 'color'];

    public function __construct(private ProductRepositoryInterface $products) {}

    public function read(int $id, int $storeId): ?array
    {
        try {
            $product = $this->products->getById($id, false, $storeId, true);
        } catch (NoSuchEntityException) {
            return null;
        }
        if (!($product instanceof Product)) {
            return null;
        }
        return [
            ...$product->getData(),
            'id' => (int) $product->getId(),
            'product_links' => array_map(
                fn($link): array => [
                    'sku' => $link->getSku(),
                    'link_type' => $link->getLinkType(),
                    'linked_product_sku' => $link->getLinkedProductSku(),
                    'linked_product_type' => $link->getLinkedProductType(),
                    'position' => $link->getPosition(),
                ],
                $product->getProductLinks() ?? [],
            ),
            'media_gallery_entries' => array_map(
                fn($entry): array => [
                    'id' => $entry->getId(),
                    'media_type' => $entry->getMediaType(),
                    'label' => $entry->getLabel(),
                    'position' => $entry->getPosition(),
                    'disabled' => $entry->isDisabled(),
                    'types' => $entry->getTypes(),
                    'file' => $entry->getFile(),
                ],
                $product->getMediaGalleryEntries() ?? [],
            ),
            'extension_attributes' =>
                ['website_ids' => array_map('intval', $product->getWebsiteIds())] + $this->variants($product),
            'custom_attributes' => array_map(
                fn(AttributeInterface $attribute): array => [
                    'attribute_code' => $attribute->getAttributeCode(),
                    'value' => $this->value($product, $attribute),
                ],
                array_values($product->getCustomAttributes() ?? []),
            ),
        ];
    }

    private function variants(Product $product): array
    {
        $type = $product->getTypeInstance();
        if (!($type instanceof Configurable)) {
            return [];
        }
        $childrenByGroup = $type->getChildrenIds($product->getId());
        $options = array_values($type->getConfigurableAttributesAsArray($product));
        return [
            'configurable_product_links' => array_map(
                'intval',
                array_merge(...array_map('array_values', $childrenByGroup)),
            ),
            'configurable_product_options' => array_map(
                fn(array $option): array => [
                    'id' => $option['id'] ?? null,
                    'attribute_id' => $option['attribute_id'] ?? null,
                    'label' => $option['label'] ?? null,
                    'position' => $option['position'] ?? null,
                    'values' => array_values($option['values'] ?? []),
                ],
                $options,
            ),
        ];
    }

    private function value(Product $product, AttributeInterface $given): mixed
    {
        $code = $given->getAttributeCode();
        $isChosen = str_starts_with($code, 'varai_') || in_array($code, self::CHOSEN, true);
        $attribute = $isChosen ? $product->getResource()->getAttribute($code) : null;
        if (!$attribute || !$attribute->usesSource()) {
            return $given->getValue();
        }
        $text = $attribute->getSource()->getOptionText($given->getValue());
        return is_array($text) ? array_map('strval', $text) : ($text === false ? $given->getValue() : (string) $text);
    }
}
