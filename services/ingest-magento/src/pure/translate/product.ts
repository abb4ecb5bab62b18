import {
  difference,
  type Facts,
  type FrameFacts,
  frameFacts,
  type Reader,
  read,
  readInteger,
  readText,
  type Statement,
  type StatementOf,
  type Translation,
} from '@varai/ingest/pure'
import type { Draft, Image, Variant } from '@varai/schemas'
import { amountOf, readAmount } from '../amount.ts'
import { type Attributes, readAttributes } from '../attributes.ts'
import { ownId } from '../ids.ts'
import { modifiedAt, timeOf } from '../store-time.ts'
import type { Telling } from './telling.ts'

/** Magento product, as REST, our module or an event shows it → what the store states. */
export const translateProduct = (body: unknown, telling: Telling): Translation<Statement[]> =>
  tellProduct(read(body), telling)

/**
 * As `translateProduct`, for a product that is part of a document. Every form of a configurable product is a product of
 * its own in Magento, with its own id, SKU and price: so a product that is sold is its own only variant, a configurable
 * one has those that it names as variants, and a grouped one, which only shows others together, has none.
 */
export function tellProduct(product: Reader, { eventName, store, partial = false }: Telling): Translation<Statement[]> {
  const id = ownId(product)
  const attributes = readAttributes(product)
  const frame = readFrame(product, attributes)
  const cleared: [name: string, isEmpty: boolean][] = [
    ['description', attributes.listed && attributes.text('description') === undefined],
  ]
  const statement: StatementOf<'ProductStated'> = {
    record: 'ProductStated',
    eventName,
    entityId: id,
    platformAt: modifiedAt(product),
    cleared: [
      ...product.emptied({ title: 'name', description: 'description' }),
      ...cleared.filter(([name, isEmpty]) => isEmpty && !product.states(name)).map(([name]) => name),
      ...frame.cleared,
    ],
    facts: {
      title: product.readable('name', readText),
      description: attributes.text('description'),
      handle: attributes.text('url_key'),
      vendor: labelOf(attributes, 'manufacturer'),
      status: readStatus(product),
      createdAt: timeOf(product, 'created_at'),
      currency: store.currency,
      options: readOptions(product),
      ...readVariants(product, attributes, id, partial),
      images: readImages(product),
      ...frame.facts,
    },
  }
  return product.result([statement])
}

/** What a shop picks from a list is told by the number of the choice, which says nothing outside of the shop. */
function labelOf(attributes: Attributes, code: string): string | undefined {
  const text = attributes.text(code)
  return text === undefined || /^\d+$/.test(text) ? undefined : text
}

function readStatus(product: Reader): string | undefined {
  const status = product.readable('status', readInteger)
  return status === undefined ? undefined : status === 1 ? 'active' : 'disabled'
}

function readVariants(
  product: Reader,
  attributes: Attributes,
  id: string,
  partial: boolean,
): Pick<Facts<'ProductStated'>, 'variants' | 'complete'> {
  const type = product.readable('type_id', readText)?.toLowerCase()
  if (type === 'grouped') return { variants: [], complete: { variants: true } }
  if (type === 'configurable') {
    const extension = product.looseChild('extension_attributes')
    const links = extension?.hasList('configurable_product_links')
      ? extension.ids('configurable_product_links')
      : undefined
    return { variants: links?.map((child) => ({ id: child })), complete: { variants: links !== undefined } }
  }
  // A configurable product has no price of its own: without a type, that tells them apart.
  if (type === undefined && (amountOf(product, 'price') ?? '0') === '0') return { complete: { variants: false } }
  return { variants: [readVariant(product, attributes, id)], complete: { variants: type !== undefined && !partial } }
}

function readVariant(product: Reader, attributes: Attributes, id: string): Draft<Variant> {
  const price = amountOf(product, 'price')
  const special = specialPrice(product, attributes)
  const isReduced = price !== undefined && special !== undefined && difference(special, price)?.startsWith('-') === true
  return {
    id,
    sku: product.readable('sku', readText),
    barcode: attributes.text('gtin') ?? attributes.text('ean') ?? attributes.text('barcode'),
    price: isReduced ? special : price,
    compareAtPrice: isReduced ? price : undefined,
    inventoryItemId: id,
    inventoryQuantity: readQuantity(product),
    updatedAt: timeOf(product, 'updated_at'),
  }
}

/**
 * The reduced price, where it holds until the shop says otherwise. One that ends by the clock ends without a word, and
 * one that begins later begins without: those are not stated.
 */
function specialPrice(product: Reader, attributes: Attributes): string | undefined {
  if (attributes.text('special_to_date') !== undefined) return undefined
  const from = attributes.text('special_from_date')
  const until = product.readable('updated_at', readText) ?? ''
  if (from !== undefined && from > until) return undefined
  const special = attributes.text('special_price')
  const amount = special === undefined ? undefined : readAmount(special)
  return amount?.ok ? amount.value : undefined
}

/** Units, where the product speaks of them; statements about stock are exact. */
function readQuantity(product: Reader): number | undefined {
  const places = [
    product.looseChild('extension_attributes')?.looseChild('stock_item'),
    product.looseChild('stock_data'),
    product.looseChild('quantity_and_stock_status'),
  ]
  return places.map((place) => place?.readable('qty', readInteger)).find((quantity) => quantity !== undefined)
}

/** Values of options are numbers of choices, too; their names are words. */
function readOptions(product: Reader): Facts<'ProductStated'>['options'] {
  const options = product.looseChild('extension_attributes')?.looseList('configurable_product_options')
  return options?.map((option) => ({ name: option.readable('label', readText) ?? '', values: [] }))
}

/** Where a picture lies below the folder of the shop's product pictures, which no document names. */
function readImages(product: Reader): Draft<Image>[] | undefined {
  const entries = product.looseList('media_gallery_entries') ?? product.looseChild('media_gallery')?.looseList('images')
  return entries?.flatMap((entry) => {
    const src = entry.readable('file', readText)
    const kind = entry.readable('media_type', readText) ?? 'image'
    if (src === undefined || kind !== 'image') return []
    const id = entry.has('id') ? 'id' : 'value_id'
    return [
      {
        id: entry.readable(id, readText),
        src,
        alt: entry.readable('label', readText),
        position: entry.readable('position', readInteger),
        variantIds: [],
      },
    ]
  })
}

function readFrame(product: Reader, { ours, listed }: Attributes): { facts: FrameFacts; cleared: string[] } {
  if (!listed && ours.size === 0) return { facts: {}, cleared: [] }
  const { facts, unstated, unreadable } = frameFacts((name) => ours.get(name))
  if (unreadable.length > 0) product.leaveOut('custom_attributes')
  if (listed) return { facts, cleared: unstated.filter((name) => name !== 'recommendedFaceShapes') }
  const silent = new Set<string>(unstated)
  return { facts: Object.fromEntries(Object.entries(facts).filter(([name]) => !silent.has(name))), cleared: [] }
}
