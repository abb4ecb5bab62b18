import { describe, expect, test } from 'vitest'
import { shipped } from '../../../test/apply.ts'
import { foldInBatches } from '../../../test/documents.ts'
import { days, deletion, noon, product, statement } from '../../../test/events.ts'
import type { Event } from '../admit.ts'
import { rulesFor } from '../policy/policy.ts'
import { type ItemContent, projectCatalog } from './catalog-item.ts'
import { offersOf } from './offer.ts'

type Said = Parameters<typeof product>[0]
const at = (storeId: string, entityId: string, said: Said = {}): Event =>
  product({ storeId, entityId, createdAt: noon, complete: { variants: true }, ...said })
const gone = (storeId: string, entityId: string) =>
  deletion('product', { storeId, entityId, platformAt: noon + days(1) })

/** The catalogue of some products, each told by its events; ids without merchant and platform. */
function catalogOf(...products: readonly (readonly Event[])[]): Record<string, ItemContent> {
  const offers = products.flatMap((events) => offersOf(foldInBatches([events.map(statement)])))
  const documents = projectCatalog(offers, rulesFor(shipped, 'catalog', 'optik'))
  return Object.fromEntries([...documents].map(([id, content]) => [short(id), content]))
}
const short = (id: string) => id.split('|').slice(2).join(' ')
const things = (...products: readonly (readonly Event[])[]) =>
  Object.fromEntries(
    Object.entries(catalogOf(...products)).map(([id, content]) => [
      id,
      'redirectTo' in content ? `→ ${short(content.redirectTo)}` : content.members.map(short).join(', '),
    ]),
  )

describe('one thing are', () => {
  test('variants with one SKU, however it is written, under the oldest product', () => {
    expect(
      things(
        [
          at('north', 'p', {
            variants: [
              { id: '1', sku: 'vs-1 ' },
              { id: '2', sku: 'VS-2' },
            ],
          }),
        ],
        [at('south', 'q', { createdAt: noon - 1, variants: [{ id: '7', sku: 'VS-1' }] })],
      ),
    ).toEqual({ 'north p 1': '→ south q 7', 'north p 2': 'north p 2', 'south q 7': 'north p 1, south q 7' })
  })
  test('variants with one GTIN, whatever their SKUs', () => {
    expect(
      things(
        [at('north', 'p', { variants: [{ id: '1', sku: 'A', barcode: '036000291452' }] })],
        [at('south', 'q', { variants: [{ id: '7', sku: 'B', barcode: '0036000291452' }] })],
      ),
    ).toMatchObject({ 'south q 7': '→ north p 1' })
  })
  test('not those without a number, with a placeholder or a wrong check digit', () => {
    const variants = [{ id: '1', sku: 'n/a', barcode: '036000291453' }, { id: '2' }]
    const apart = things([at('north', 'p', { variants })], [at('south', 'q', { variants })])
    expect(Object.values(apart).filter((each) => each.startsWith('→'))).toEqual([])
  })
  test('not those of two merchants', () => {
    const keys = [at('north', 'p', { variants: [{ id: '1', sku: 'A' }] })].map(statement)
    const rival = [at('north', 'p', { merchantId: 'rival', variants: [{ id: '1', sku: 'A' }] })].map(statement)
    const [mine, other] = [keys, rival].map((all) => offersOf(foldInBatches([all]))[0]?.keys)
    expect(mine).not.toEqual(other)
  })
})

describe('a number that does not say which one', () => {
  const one = (store: string, id: string, sku: string, barcode?: string) =>
    at(store, id, { variants: [{ id: '1', sku, ...(barcode === undefined ? {} : { barcode }) }] })

  test('a SKU of two variants of a product joins nothing', () => {
    const twice = at('north', 'p', {
      variants: [
        { id: '1', sku: 'A' },
        { id: '2', sku: 'A' },
      ],
    })
    expect(things([twice], [one('south', 'q', 'A')])).toEqual({
      'north p 1': 'north p 1',
      'north p 2': 'north p 2',
      'south q 1': 'south q 1',
    })
  })
  test('a SKU of two products of a store joins neither; other stores go on agreeing, and it is told', () => {
    const items = catalogOf(
      [one('north', 'p', 'A')],
      [one('north', 'copy', 'A')],
      [one('south', 'q', 'A')],
      [one('west', 'r', 'A')],
    )
    expect(items['west r 1']).toEqual({ redirectTo: 'optik|shopify|south|q|1' })
    expect(items['north p 1']).toMatchObject({
      members: ['optik|shopify|north|p|1'],
      identity: { by: [], ignored: [{ key: 'optik|sku|A', why: 'double' }] },
    })
    expect(items['south q 1']).toMatchObject({ identity: { by: ['optik|sku|A'], ignored: [] } })
  })
  test('SKUs that would join two of one store by way of another’s give way to GTINs', () => {
    const [gtin, other] = ['036000291452', '4006381333931']
    const items = catalogOf(
      [one('north', 'p', 'A', gtin)],
      [one('north', 'q', 'B', other)],
      [at('south', 's', { variants: [{ id: '1', sku: 'A', barcode: other }] })],
    )
    expect(items['south s 1']).toEqual({ redirectTo: 'optik|shopify|north|q|1' })
    expect(items['north p 1']).toMatchObject({
      identity: {
        ignored: [{ key: 'optik|sku|A', why: 'joins' }],
      },
    })
  })
})

describe('over time', () => {
  const listed = (store: string, id: string, variants: Said['variants'], rest: Said = {}) =>
    at(store, id, { variants: variants ?? [], ...rest })

  test('an item keeps its id when the variant that gave it is taken out, or its product deleted', () => {
    const south = [listed('south', 'q', [{ id: '7', sku: 'A' }], { createdAt: noon + 1 })]
    const withdrawn = [
      listed('north', 'p', [{ id: '1', sku: 'A' }]),
      listed('north', 'p', [], { platformAt: noon + 1 }),
    ]
    const deleted = [listed('north', 'p', [{ id: '1', sku: 'A' }]), gone('north', 'p')]
    for (const north of [withdrawn, withdrawn.toReversed(), deleted]) {
      const items = catalogOf(north, south)
      expect(items['south q 7']).toEqual({ redirectTo: 'optik|shopify|north|p|1' })
      expect(items['north p 1']).toMatchObject({ deleted: false, offers: [{ id: 'optik|shopify|south|q|7' }] })
    }
  })
  test('a product that is made anew goes on as the same item', () => {
    const items = catalogOf(
      [listed('north', 'p', [{ id: '1', sku: 'A' }]), gone('north', 'p')],
      [listed('north', 'again', [{ id: '9', sku: 'A' }], { createdAt: noon + 5 })],
    )
    expect(items['north again 9']).toEqual({ redirectTo: 'optik|shopify|north|p|1' })
    expect(items['north p 1']).toMatchObject({ deleted: false, offers: [{ productId: 'again' }] })
  })
  test('an item that nobody offers any more is deleted', () => {
    const items = catalogOf([listed('north', 'p', [{ id: '1', sku: 'A' }]), gone('north', 'p')])
    expect(items['north p 1']).toMatchObject({ deleted: true, offers: [], values: { title: null } })
  })
  test('a variant with another SKU moves to another item', () => {
    const moved = [
      listed('north', 'p', [{ id: '1', sku: 'A' }]),
      listed('north', 'p', [{ id: '1', sku: 'B' }], { platformAt: noon + 1 }),
    ]
    const south = [
      listed('south', 'q', [
        { id: '7', sku: 'A' },
        { id: '8', sku: 'B' },
      ]),
    ]
    expect(things(moved, south)).toEqual({
      'north p 1': 'north p 1, south q 8',
      'south q 7': 'south q 7',
      'south q 8': '→ north p 1',
    })
  })
})

test('an item shows what the policy says, and every store’s own price', () => {
  const shopify = at('north', 'p', {
    ...{ title: 'Round', frameShape: 'superb', currency: 'EUR', tags: ['x'], createdAt: noon - 1, status: 'active' },
    variants: [{ id: '1', sku: 'A', price: '90', title: 'Black' }],
  })
  const woo = at('https://s.at', 'q', {
    ...{ source: 'woocommerce', platformAt: noon + days(1), title: 'Rund', frameShape: 'Rund', currency: 'CHF' },
    ...{ tags: ['y'], variants: [{ id: '7', sku: 'a', price: '99.5' }] },
  })
  const items = catalogOf([shopify], [woo])
  expect(items['north p 1']).toMatchObject({
    values: { title: 'Round', sku: 'A', variantTitle: 'Black', frameShape: 'round', tags: ['x', 'y'] },
    offers: [
      { storeId: 'north', price: '90', currency: 'EUR', since: noon, status: 'active' },
      { storeId: 'https://s.at', price: '99.5', currency: 'CHF', since: noon + days(1) },
    ],
    provenance: {
      title: { rule: 'source_priority', from: [{ record: 'optik|shopify|north|p|1', since: noon }] },
      tags: { rule: 'merge_with_validation', from: [{}, {}] },
    },
    conflicts: [
      { group: 'title', open: false, rule: 'source_priority', sides: [{ fate: 'shown' }, { fate: 'outvoted' }] },
      {
        group: 'frameShape',
        open: true,
        sides: [{ fate: 'left_out', values: { frameShape: 'superb' } }, { fate: 'shown' }],
      },
    ],
  })
  expect(items['north p 1']).not.toHaveProperty('values.price')
})
