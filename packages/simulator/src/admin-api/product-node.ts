import { shopifyAmount } from '../money.ts'
import { type Product, type Variant, variantTitle } from '../shop/model.ts'
import { globalId } from '../shopify/write-json.ts'
import { connection, type PageArguments } from './connection.ts'
import { optionalTime, reference, time } from './values.ts'

/** A product as the Admin API shows it. */
export function productNode(product: Product, currency: string) {
  const images = product.images.map((image) => ({
    id: globalId('ProductImage', image.id),
    url: image.src,
    altText: image.alt,
  }))
  const imageOf = (variant: Variant) =>
    images[product.images.findIndex((image) => image.variantIds.includes(variant.id))] ?? null
  return {
    ...reference('Product', product.id),
    title: product.title,
    descriptionHtml: product.bodyHtml ?? '',
    handle: product.handle,
    vendor: product.vendor,
    productType: product.productType,
    status: product.status.toUpperCase(),
    tags: product.tags,
    createdAt: time(product.createdAt),
    publishedAt: optionalTime(product.publishedAt),
    updatedAt: time(product.updatedAt),
    options: product.optionNames.map((name, at) => ({ name, values: valuesOf(product, at) })),
    variants: (page: PageArguments) =>
      connection(
        product.variants.map((variant, at) => ({
          ...reference('ProductVariant', variant.id),
          title: variantTitle(variant),
          sku: variant.sku,
          barcode: variant.barcode,
          price: shopifyAmount(variant.price, currency),
          compareAtPrice: variant.compareAtPrice === null ? null : shopifyAmount(variant.compareAtPrice, currency),
          position: at + 1,
          selectedOptions: product.optionNames.map((name, option) => ({ name, value: variant.options[option] ?? '' })),
          inventoryItem: { ...reference('InventoryItem', variant.inventoryItemId), tracked: true },
          inventoryQuantity: variant.inventoryQuantity,
          taxable: variant.taxable,
          updatedAt: time(variant.updatedAt),
          image: imageOf(variant),
        })),
        page,
      ),
    images: (page: PageArguments) => connection(images, page),
    metafields: ({ namespace, ...page }: PageArguments & { namespace?: string | null }) =>
      connection(
        namespace != null && namespace !== 'varai'
          ? []
          : [...product.metafields.values()].map((metafield) => ({
              ...reference('Metafield', metafield.id),
              namespace: 'varai',
              key: metafield.key,
              value: metafield.value,
            })),
        page,
      ),
  }
}

/** Each value of an option once, in the order in which the variants bring them. */
const valuesOf = (product: Product, option: number): string[] => [
  ...new Set(product.variants.map((variant) => variant.options[option] ?? '')),
]
