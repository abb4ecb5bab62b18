import { type Reader, read, type Statement, type Translation } from '@varai/ingest/pure'
import type { Draft, EventName, Image, ProductStated, Variant } from '@varai/schemas'
import { readTags } from '../../comma-list.ts'
import { globalId, shopifyId } from '../../shopify-id.ts'
import { toldAt } from '../../told-at.ts'
import { readFrame } from './frame-metafields.ts'

const emptiable: { readonly [K in keyof ProductStated]?: string } = {
  description: 'body_html',
  vendor: 'vendor',
  productType: 'product_type',
  publishedAt: 'published_at',
}

/**
 * Shopify product → what it states, as the event `eventName`. `currency` is the shop's, which a product does not say.
 * Pictures and options in a product are all it has; for variants see `variantsAreWhole`.
 */
export function translateProduct(eventName: EventName, body: unknown, currency: string): Translation<Statement[]> {
  const product = read(body)
  const frame = readFrame(product)
  const variants = product.has('variants') ? product.list('variants').map(readVariant) : undefined
  return product.result([
    {
      record: 'ProductStated',
      eventName,
      entityId: shopifyId(product, 'Product'),
      platformAt: toldAt(product, 'updated_at'),
      cleared: [...product.emptied(emptiable), ...frame.cleared],
      facts: {
        title: product.optionalText('title'),
        description: product.optionalText('body_html'),
        handle: product.optionalText('handle'),
        vendor: product.optionalText('vendor'),
        productType: product.optionalText('product_type'),
        status: product.optionalText('status')?.toLowerCase(),
        tags: readTags(product),
        createdAt: product.optionalTime('created_at'),
        publishedAt: product.optionalTime('published_at'),
        currency,
        options: product.has('options')
          ? product.list('options').map((option) => ({ name: option.text('name'), values: option.texts('values') }))
          : undefined,
        variants,
        images: product.has('images') ? product.list('images').flatMap(readImage) : undefined,
        ...frame.facts,
        complete: { variants: variants !== undefined && variantsAreWhole(product, variants) },
      },
    },
  ])
}

/** Before payloads listed all variants by id, a product had at most 100, and a payload of so many may be cut off. */
const formerVariantLimit = 100

/**
 * Whether every variant of the product is in the payload: only then does a missing one mean that it is gone. Products
 * have up to 2,048 variants, and large payloads carry a part of them beside `variant_gids`, which names them all.
 */
function variantsAreWhole(product: Reader, variants: readonly Draft<Variant>[]): boolean {
  if (!product.has('variant_gids')) return variants.length < formerVariantLimit
  const held = new Set(variants.map((variant) => variant.id))
  return product
    .list('variant_gids')
    .map((variant) => globalId(variant.optionalText('admin_graphql_api_id'), 'ProductVariant'))
    .every((id) => id !== undefined && held.has(id))
}

function readVariant(variant: Reader): Draft<Variant> {
  return {
    id: shopifyId(variant, 'ProductVariant'),
    title: variant.optionalText('title'),
    sku: variant.optionalText('sku'),
    barcode: variant.optionalText('barcode'),
    price: variant.optionalDecimal('price'),
    compareAtPrice: variant.optionalDecimal('compare_at_price'),
    position: variant.optionalInteger('position'),
    options: ['option1', 'option2', 'option3']
      .map((key) => variant.optionalText(key))
      .filter((option) => option !== undefined),
    inventoryItemId: variant.optionalId('inventory_item_id'),
    inventoryQuantity: variant.optionalInteger('inventory_quantity'),
    taxable: variant.optionalFlag('taxable'),
    updatedAt: variant.optionalTime('updated_at'),
  }
}

/** A picture that was only just given to the shop has no address yet. */
function readImage(image: Reader): Draft<Image>[] {
  const src = image.optionalText('src')
  if (src === undefined) {
    image.leaveOut('src')
    return []
  }
  return [
    {
      id: image.optionalId('id'),
      src,
      alt: image.optionalText('alt'),
      position: image.optionalInteger('position'),
      variantIds: image.ids('variant_ids'),
    },
  ]
}
