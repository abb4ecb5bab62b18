import { difference, lensProperties, type Reader, readFlag, readInteger, readText } from '@varai/ingest/pure'
import type { Draft, OrderLine, Property } from '@varai/schemas'
import type { Amounts } from '../amount.ts'
import { readAttributes } from '../attributes.ts'
import { otherId } from '../ids.ts'

/**
 * The lines of an order. Magento lists what was bought and, as its children, what it consists of: of a configurable
 * product the simple one that was chosen, of a bundle its parts. Only the parents are lines, or all would be counted
 * twice; the chosen child says which variant it is, the parts of a bundle are named by their SKUs.
 */
export function readLines(order: Reader, amounts: Amounts): Draft<OrderLine>[] | undefined {
  const items = order.looseList('items')
  const ids = new Set(items?.map(idOf))
  const children = new Map<string, Reader[]>()
  for (const item of items ?? []) {
    const parent = parentOf(item)
    if (parent !== undefined && ids.has(parent)) children.set(parent, [...(children.get(parent) ?? []), item])
  }
  const isChild = new Set([...children.values()].flat())
  return items
    ?.filter((item) => !isChild.has(item))
    .map((item) => readLine(item, children.get(idOf(item) ?? '') ?? [], amounts))
}

const idOf = (item: Reader): string | undefined => otherId(item, 'item_id')

const parentOf = (item: Reader): string | undefined => {
  const named = otherId(item, 'parent_item_id')
  const whole = named === undefined ? item.looseChild('parent_item') : undefined
  return named ?? (whole && idOf(whole))
}

function readLine(item: Reader, children: readonly Reader[], amounts: Amounts): Draft<OrderLine> {
  const productId = otherId(item, 'product_id')
  const [child, ...others] = children
  const isBundle = item.readable('product_type', readText) === 'bundle' || others.length > 0
  const chosen = isBundle ? undefined : child
  const isVirtual = item.readable('is_virtual', readFlag)
  const { lensType, lensCoating, prescription, properties } = lensProperties(readProperties(item, chosen))
  return {
    id: idOf(item),
    productId,
    variantId: (chosen && otherId(chosen, 'product_id')) ?? (isConfigurable(item) ? undefined : productId),
    sku: chosen?.readable('sku', readText) ?? item.readable('sku', readText),
    title: item.readable('name', readText),
    variantTitle: chosen?.readable('name', readText),
    quantity: unitsOf(item, 'qty_ordered'),
    currentQuantity: unitsLeft(item),
    price: amounts.shop(item, 'price'),
    presentmentPrice: amounts.buyer(item, 'price'),
    totalDiscount: amounts.shop(item, 'discount_amount'),
    totalTax: amounts.shop(item, 'tax_amount'),
    requiresShipping: isVirtual === undefined ? undefined : !isVirtual,
    lensType,
    lensCoating,
    prescription,
    properties: isBundle ? [...properties, ...children.flatMap(readPart)] : [...properties],
  }
}

const isConfigurable = (item: Reader): boolean => item.readable('product_type', readText) === 'configurable'

/** Units are decimals in Magento; those of what is sold by weight are not stated. */
const unitsOf = (item: Reader, key: string): number | undefined => item.readable(key, readInteger)

function unitsLeft(item: Reader): number | undefined {
  const ordered = unitsOf(item, 'qty_ordered')
  if (ordered === undefined || !(item.has('qty_refunded') || item.has('qty_canceled'))) return undefined
  const gone = (unitsOf(item, 'qty_refunded') ?? 0) + (unitsOf(item, 'qty_canceled') ?? 0)
  return Number(difference(String(ordered), String(gone)))
}

function readPart(part: Reader): Property[] {
  const sku = part.readable('sku', readText)
  return sku === undefined ? [] : [{ name: 'sku', value: sku }]
}

/**
 * Ours first, then what the buyer chose and typed, in labels, as the shop shows it: `product_options` where the model
 * itself speaks, `product_option` from our module. REST documents have numbers in place of labels, which say nothing.
 * What belongs to the child of a configurable product belongs to the line.
 */
function readProperties(item: Reader, chosen: Reader | undefined): Property[] {
  const ours = [item, chosen].flatMap((of) => (of === undefined ? [] : [...readAttributes(of).ours]))
  const options = item.looseChild('product_options')
  const lists = ['attributes_info', 'options', 'additional_options'].map((list) => options?.looseList(list))
  const custom = item.looseChild('product_option')?.looseChild('extension_attributes')?.looseList('custom_options')
  const labelled = [...lists, custom]
    .flatMap((list) => list ?? [])
    .flatMap((option): Property[] => {
      const name = option.readable('label', readText)
      const value = option.freeText('value')
      return name === undefined || value === undefined ? [] : [{ name, value }]
    })
  return [...new Map(ours)].map(([name, value]): Property => ({ name, value })).concat(labelled)
}
