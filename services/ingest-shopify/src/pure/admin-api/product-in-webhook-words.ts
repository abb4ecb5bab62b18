import type { Reader } from '@varai/ingest/pure'
import { flag, idOf, lower, nodesOf, text, type Words } from './words.ts'

/**
 * A product as the Admin API answers it, its lists complete → in the words of a webhook, so that one translator reads
 * both. The list of all variants' ids says that none is missing.
 */
export function productInWebhookWords(product: Reader): Words {
  const variants = nodesOf(product, 'variants')
  return {
    admin_graphql_api_id: text(product, 'id'),
    title: text(product, 'title'),
    body_html: text(product, 'descriptionHtml'),
    handle: text(product, 'handle'),
    vendor: text(product, 'vendor'),
    product_type: text(product, 'productType'),
    status: lower(product, 'status'),
    tags: product.texts('tags').join(', '),
    created_at: text(product, 'createdAt'),
    published_at: text(product, 'publishedAt'),
    updated_at: text(product, 'updatedAt'),
    options: product.list('options').map((option) => ({ name: text(option, 'name'), values: option.texts('values') })),
    variants: variants.map(variant),
    variant_gids: variants.map((each) => ({ admin_graphql_api_id: text(each, 'id') })),
    images: nodesOf(product, 'images').map((image, at) => ({
      id: idOf(image, 'ProductImage'),
      src: text(image, 'url'),
      alt: text(image, 'altText'),
      position: String(at + 1),
      variant_ids: variants.filter((each) => shows(each, image)).map((each) => idOf(each, 'ProductVariant')),
    })),
    metafields: nodesOf(product, 'metafields').map((field) => ({
      namespace: text(field, 'namespace'),
      key: text(field, 'key'),
      value: text(field, 'value'),
    })),
  }
}

const shows = (variant: Reader, image: Reader): boolean => {
  const shown = variant.child('image')?.optionalText('id')
  return shown !== undefined && shown === image.optionalText('id')
}

function variant(of: Reader): Words {
  const [option1, option2, option3] = of.list('selectedOptions').map((each) => text(each, 'value'))
  return {
    admin_graphql_api_id: text(of, 'id'),
    title: text(of, 'title'),
    sku: text(of, 'sku'),
    barcode: text(of, 'barcode'),
    price: text(of, 'price'),
    compare_at_price: text(of, 'compareAtPrice'),
    position: text(of, 'position'),
    option1: option1 ?? null,
    option2: option2 ?? null,
    option3: option3 ?? null,
    inventory_item_id: idOf(of.child('inventoryItem'), 'InventoryItem'),
    inventory_quantity: text(of, 'inventoryQuantity'),
    taxable: flag(of, 'taxable'),
    updated_at: text(of, 'updatedAt'),
  }
}
