import { Decimal128 } from 'mongodb'
import { type Product, variantTitle } from '../shop/model.ts'
import type { Settings } from '../shop/options.ts'
import { id, money, optionalTime, time, type Value } from './values.ts'

/** What the record of a product must say, in the contract's names. Fields that Shopify does not state are not in it. */
export function productTruth(product: Product, { currency }: Settings): Record<string, Value> {
  const metafield = (key: string) => product.metafields.get(key)?.value ?? null
  const faces = metafield('recommended_face_shapes')
  return {
    title: product.title,
    description: product.bodyHtml,
    handle: product.handle,
    vendor: product.vendor,
    productType: product.productType === '' ? null : product.productType,
    status: product.status,
    tags: product.tags,
    createdAt: time(product.createdAt),
    publishedAt: optionalTime(product.publishedAt),
    currency,
    options: product.optionNames.map((name, at) => ({ name, values: valuesOf(product, at) })),
    variants: product.variants.map((variant, at) => ({
      id: id(variant.id),
      title: variantTitle(variant),
      sku: variant.sku,
      barcode: variant.barcode,
      price: money(variant.price, currency),
      compareAtPrice: variant.compareAtPrice === null ? null : money(variant.compareAtPrice, currency),
      position: at + 1,
      options: variant.options,
      inventoryItemId: id(variant.inventoryItemId),
      inventoryQuantity: variant.inventoryQuantity,
      taxable: variant.taxable,
      updatedAt: time(variant.updatedAt),
    })),
    images: product.images.map((image, at) => ({
      id: id(image.id),
      src: image.src,
      alt: image.alt,
      position: at + 1,
      variantIds: image.variantIds.map(id),
    })),
    frameShape: metafield('frame_shape'),
    frameMaterial: metafield('frame_material'),
    frameColor: metafield('frame_color'),
    lensType: metafield('lens_type'),
    lensWidthMm: millimetres(metafield('lens_width')),
    bridgeWidthMm: millimetres(metafield('bridge_width')),
    templeLengthMm: millimetres(metafield('temple_length')),
    recommendedFaceShapes: faces === null ? [] : faces.split(', '),
  }
}

const valuesOf = (product: Product, option: number): string[] => [
  ...new Set(product.variants.map((variant) => variant.options[option] ?? '')),
]

const millimetres = (size: string | null): Decimal128 | null =>
  size === null ? null : Decimal128.fromString(size.replace(' mm', ''))
