import {
  type Facts,
  frameFacts,
  type Reader,
  read,
  readFlag,
  readId,
  readText,
  readTexts,
  type Statement,
  type StatementOf,
  type Translation,
} from '@varai/ingest/pure'
import type { Draft, EventName, Image } from '@varai/schemas'
import { otherId, ownId } from '../../ids.ts'
import { readMetaData } from '../../meta-data.ts'
import { isEmptied } from '../../person.ts'
import { modifiedAt, timeOf } from '../../store-time.ts'
import { deletion } from '../deletion.ts'
import { readVariant } from './variant.ts'

/**
 * WooCommerce product → what it states, as the event `eventName`; `currency` is the store's, which a product does not
 * say. The topics of products also bring variations, each by itself: such a one states its product with one variant,
 * and is silent about the others. A product without variations is its own only variant. One in the trash is deleted.
 */
export function translateProduct(eventName: EventName, body: unknown, currency: string): Translation<Statement[]> {
  const product = read(body)
  const id = ownId(product)
  const at = modifiedAt(product)
  const status = product.text('status').toLowerCase()
  const parentId = isVariation(product) ? parentOf(product) : undefined
  if (status === 'trash') {
    return product.result([deletion({ resource: 'product', id, parentId, at, reason: 'trashed', confirmed: true })])
  }
  const stated = { record: 'ProductStated', eventName, platformAt: at } as const
  const statement: StatementOf<'ProductStated'> =
    parentId === undefined
      ? { ...stated, entityId: id, ...readProduct(product, status, currency) }
      : { ...stated, entityId: parentId, facts: { variants: [readVariant(product)], complete: { variants: false } } }
  return product.result([statement])
}

const typeOf = (product: Reader): string => product.readable('type', readText)?.toLowerCase() ?? ''

/** A list of a product's variations leaves the type out, and names the parent all the same. */
const isVariation = (product: Reader): boolean =>
  typeOf(product) === 'variation' || (!product.has('type') && otherId(product, 'parent_id') !== undefined)

function parentOf(variation: Reader): string {
  const parentId = otherId(variation, 'parent_id')
  if (parentId === undefined) variation.fail('parent_id', 'is missing in a variation')
  return parentId ?? '0'
}

function readProduct(
  product: Reader,
  status: string,
  currency: string,
): Pick<StatementOf<'ProductStated'>, 'cleared' | 'facts'> {
  const names = (key: string) => product.looseList(key)?.map((entry) => entry.readable('name', readText) ?? '')
  const vendor = names('brands')?.find((name) => name !== '')
  const frame = readFrame(product)
  // Their variations come by themselves, and only their ids stand here.
  const hasVariations = typeOf(product).includes('variable')
  const cleared: [name: string, isEmpty: boolean][] = [
    ['description', isEmptied(product, 'description')],
    ['vendor', product.has('brands') && vendor === undefined],
  ]
  return {
    cleared: [...cleared.filter(([, isEmpty]) => isEmpty).map(([name]) => name), ...frame.cleared],
    facts: {
      title: product.readable('name', readText),
      description: product.readable('description', readText),
      handle: product.readable('slug', readText),
      url: product.readable('permalink', readPageUrl),
      vendor,
      productType: names('categories')?.join(', ') || undefined,
      status: status === 'publish' ? 'active' : status,
      tags: names('tags'),
      createdAt: timeOf(product, 'date_created_gmt'),
      currency,
      options: readOptions(product),
      variants: hasVariations ? undefined : [readVariant(product)],
      images: product.looseList('images')?.flatMap(readImage),
      ...frame.facts,
      complete: { variants: !hasVariations },
    },
  }
}

/** Plugins leave a 0 where the page was. */
const readPageUrl = (value: unknown) => {
  const text = readText(value)
  return text.ok && !/^https?:\/\//i.test(text.value) ? { ok: false as const, reason: 'expected a URL' } : text
}

function readOptions(product: Reader): Facts<'ProductStated'>['options'] {
  return product
    .looseList('attributes')
    ?.filter((attribute) => attribute.readable('variation', readFlag) === true)
    .map((attribute) => ({
      name: attribute.readable('name', readText) ?? '',
      values: attribute.readable('options', readTexts) ?? [],
    }))
}

function readImage(image: Reader, index: number): Draft<Image>[] {
  const src = image.readable('src', readPageUrl)
  if (src === undefined) return []
  return [
    {
      id: image.readable('id', readId),
      src,
      alt: image.readable('alt', readText),
      position: index + 1,
      variantIds: [],
    },
  ]
}

/** Eyewear facts lie in the meta data, or in an attribute that is named like it. */
function readFrame(product: Reader) {
  const meta = readMetaData(product)
  const attributes = product.looseList('attributes')
  if (meta === undefined && attributes === undefined) return { facts: {}, cleared: [] }
  const kept = new Map(meta?.ours)
  for (const attribute of attributes ?? []) {
    const name = /^(?:pa_)?_?varai_(.+)$/.exec(attribute.readable('name', readText)?.toLowerCase() ?? '')?.[1]
    const value = name && attribute.readable('options', readTexts)?.join(', ')
    if (name && value && !kept.has(name)) kept.set(name, value)
  }
  const { facts, unstated, unreadable } = frameFacts((name) => kept.get(name))
  if (unreadable.length > 0) product.leaveOut('meta_data')
  return { facts, cleared: unstated.filter((ours) => ours !== 'recommendedFaceShapes') }
}
