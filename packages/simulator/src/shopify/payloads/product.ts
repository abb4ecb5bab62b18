import { shopifyAmount } from '../../money.ts'
import { type Image, type Product, type Variant, variantTitle } from '../../shop/model.ts'
import { globalId, type Json, type TimeWriter } from '../write-json.ts'

type Shop = { currency: string; times: TimeWriter }

/** Body of products/create and products/update; metafields as with a subscription to the namespace `varai`. */
export function productPayload(product: Product, shop: Shop): Json {
  const { times } = shop
  const images = product.images.map((image, at) => imagePayload(product, image, at + 1, times))
  return {
    admin_graphql_api_id: globalId('Product', product.id),
    body_html: product.bodyHtml,
    created_at: times.time(product.createdAt),
    handle: product.handle,
    id: product.id,
    product_type: product.productType,
    published_at: times.optionalTime(product.publishedAt),
    template_suffix: null,
    title: product.title,
    updated_at: times.time(product.updatedAt),
    vendor: product.vendor,
    status: product.status,
    published_scope: 'global',
    tags: product.tags.join(', '),
    variants: product.variants.map((variant, at) => variantPayload(product, variant, at + 1, shop)),
    options: product.optionNames.map((name, at) => ({
      name,
      id: product.optionIds[at] ?? null,
      product_id: product.id,
      position: at + 1,
      values: optionValues(product, at),
    })),
    images,
    image: images[0] ?? null,
    media: [],
    variant_gids: product.variants.map((variant) => ({
      admin_graphql_api_id: globalId('ProductVariant', variant.id),
      updated_at: new Date(Math.floor(variant.updatedAt / 1000) * 1000).toISOString(),
    })),
    has_variants_that_requires_components: false,
    category: null,
    metafields: [...product.metafields.values()].map((metafield) => ({
      id: metafield.id,
      namespace: 'varai',
      key: metafield.key,
      value: metafield.value,
      type: metafield.type,
      description: null,
      owner_id: product.id,
      owner_resource: 'product',
      created_at: times.time(metafield.createdAt),
      updated_at: times.time(metafield.updatedAt),
      admin_graphql_api_id: globalId('Metafield', metafield.id),
    })),
  }
}

/** Each value of an option once, in the order in which the variants bring them. */
const optionValues = (product: Product, option: number): string[] => [
  ...new Set(product.variants.map((variant) => variant.options[option] ?? '')),
]

const variantPayload = (product: Product, variant: Variant, position: number, shop: Shop): Json => ({
  admin_graphql_api_id: globalId('ProductVariant', variant.id),
  barcode: variant.barcode,
  compare_at_price: variant.compareAtPrice === null ? null : shopifyAmount(variant.compareAtPrice, shop.currency),
  created_at: shop.times.time(variant.createdAt),
  id: variant.id,
  inventory_policy: 'deny',
  position,
  price: shopifyAmount(variant.price, shop.currency),
  product_id: product.id,
  sku: variant.sku,
  taxable: variant.taxable,
  title: variantTitle(variant),
  updated_at: shop.times.time(variant.updatedAt),
  option1: variant.options[0] ?? null,
  option2: variant.options[1] ?? null,
  option3: null,
  image_id: product.images.find((image) => image.variantIds.includes(variant.id))?.id ?? null,
  inventory_item_id: variant.inventoryItemId,
  inventory_quantity: variant.inventoryQuantity,
  old_inventory_quantity: variant.inventoryQuantity,
})

const imagePayload = (product: Product, image: Image, position: number, times: TimeWriter): Json => ({
  id: image.id,
  alt: image.alt,
  position,
  product_id: product.id,
  created_at: times.time(image.createdAt),
  updated_at: times.time(image.createdAt),
  admin_graphql_api_id: globalId('ProductImage', image.id),
  width: 1200,
  height: 800,
  src: image.src,
  variant_ids: image.variantIds,
})

/** Body of products/delete and orders/delete: nothing but the id. */
export const deletedPayload = (id: bigint): Json => ({ id })
