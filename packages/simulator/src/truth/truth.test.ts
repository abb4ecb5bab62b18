import { fc, test as propertyTest } from '@fast-check/vitest'
import { isLosslessNumber, parse } from 'lossless-json'
import { Decimal128 } from 'mongodb'
import { describe, expect, test } from 'vitest'
import { createShop } from '../create-shop.ts'
import { type ApiVersion, defaultTopics, topicsWithStock } from '../shop/options.ts'
import type { Delivery } from '../shopify/delivery.ts'
import { mergeTruths, type RecordCollection, type Truth } from './truth.ts'

type Body = Readonly<Record<string, unknown>>
type Newest = { kind: RecordCollection; body: Body; moment: string; deleted: boolean }

const kinds = { order: 'orders', customer: 'customers', product: 'products', level: 'inventory' } as const

/** The newest body of each entity by what deliveries say of their time: nothing of the shop is asked. */
function newestBodies(deliveries: Iterable<Delivery>): Map<string, Newest> {
  const newest = new Map<string, Newest>()
  for (const { topic, entity, headers, body } of deliveries) {
    // a refund by itself is part of an order that also tells it whole
    if (entity.kind === 'store' || topic === 'refunds/create') continue
    const parsed = parse(body.toString()) as Body
    const held = newest.get(entity.id)
    const deleted = topic.endsWith('/delete')
    if (deleted && held !== undefined) held.deleted = true
    if (deleted) continue
    const moment = `${new Date(String(parsed['updated_at'])).toISOString()} ${headers['X-Shopify-Triggered-At']}`
    if (held === undefined || moment > held.moment) {
      newest.set(entity.id, { kind: kinds[entity.kind], body: parsed, moment, deleted: held?.deleted ?? false })
    }
  }
  return newest
}

const plain = (value: unknown): string | null => {
  if (value === null || value === undefined) return null
  if (value instanceof Decimal128) return String(Number(value.toString()))
  return isLosslessNumber(value) ? value.value : String(value)
}
const amount = (value: unknown) => (value === null || value === undefined ? null : String(Number(plain(value))))
const moment = (value: unknown) => (value === null ? null : new Date(String(value)).toISOString())
const stored = (value: unknown) => (value instanceof Date ? value.toISOString() : plain(value))
const listOf = (value: unknown): readonly Body[] => (Array.isArray(value) ? value : [])
const each = (value: unknown, ...names: readonly string[]) =>
  listOf(value).map((item) => names.map((name) => plain(item[name]) ?? ''))
const eachAmount = (value: unknown, name: string) => listOf(value).map((item) => amount(item[name]))
const tagsOf = (body: Body) =>
  String(body['tags'] ?? '')
    .split(', ')
    .filter(Boolean)

/** A few fields of each kind as the body says them, beside the same ones of the truth. */
const views: Record<RecordCollection, (body: Body, fields: Body) => [unknown, unknown][]> = {
  orders: (body, fields) => [
    [plain(body['name']), fields['name']],
    [amount(body['total_price']), amount(fields['total'])],
    [amount(body['current_total_price']), amount(fields['netTotal'])],
    [plain(body['financial_status']), fields['status']],
    [plain(body['fulfillment_status']), fields['fulfillmentStatus']],
    [plain(body['note']), fields['note']],
    [plain((body['customer'] as Body | null)?.['id']), fields['customerId']],
    [moment(body['cancelled_at']), stored(fields['cancelledAt'])],
    [tagsOf(body), fields['tags']],
    [each(body['line_items'], 'id', 'sku', 'current_quantity'), each(fields['items'], 'id', 'sku', 'currentQuantity')],
    [eachAmount(body['line_items'], 'price'), eachAmount(fields['items'], 'price')],
    [each(body['refunds'], 'id', 'note'), each(fields['refunds'], 'id', 'note')],
    [each(body['fulfillments'], 'id', 'status'), each(fields['fulfilments'], 'id', 'status')],
    [listOf(body['note_attributes']).length, noteAttributes(fields)],
  ],
  customers: (body, fields) => [
    [plain(body['email']), fields['email']],
    [plain(body['phone']), fields['phone']],
    [plain(body['last_name']), fields['lastName']],
    [plain(body['note']), fields['note']],
    [tagsOf(body), fields['tags'] ?? []],
    [each(body['addresses'], 'id', 'city'), each(fields['addresses'], 'id', 'city')],
    [moment(body['created_at']), stored(fields['createdAt'])],
  ],
  products: (body, fields) => [
    [plain(body['title']), fields['title']],
    [plain(body['body_html']), fields['description']],
    [plain(body['product_type']) || null, fields['productType']],
    [tagsOf(body), fields['tags']],
    [each(body['variants'], 'id', 'sku'), each(fields['variants'], 'id', 'sku')],
    [eachAmount(body['variants'], 'compare_at_price'), eachAmount(fields['variants'], 'compareAtPrice')],
    [each(body['images'], 'id', 'alt'), each(fields['images'], 'id', 'alt')],
    [metafield(body, 'frame_shape'), fields['frameShape']],
  ],
  inventory: (body, fields) => [
    [[[plain(body['location_id']), plain(body['available']) ?? '']], each(fields['locations'], 'id', 'available')],
  ],
}

const noteAttributes = (fields: Body): number =>
  (fields['aiSessionId'] === null ? 0 : 1) +
  listOf(fields['recommendationIds']).length +
  listOf(fields['metadata']).length

const metafield = (body: Body, key: string) =>
  plain(listOf(body['metafields']).find((field) => field['key'] === key)?.['value'])

function expectTold(deliveries: Iterable<Delivery>, truth: Truth): void {
  const newest = newestBodies(deliveries)
  const told = [...newest.values()].length
  const held = Object.values(truth.records).reduce((sum, records) => sum + records.size, 0)
  expect(held).toBe(told)
  for (const [id, { kind, body, deleted }] of newest) {
    const expected = truth.records[kind].get(`optik|shopify|optik.myshopify.com|${id}`)
    expect(expected).toMatchObject({ deleted, fields: { platformId: id } })
    for (const [said, known] of views[kind](body, expected?.fields ?? {})) expect(known).toEqual(said)
  }
}

propertyTest.prop(
  {
    seed: fc.nat(),
    currency: fc.constantFrom('EUR', 'JPY', 'KWD', 'USD'),
    apiVersion: fc.constantFrom<ApiVersion>('2024-10', '2026-10'),
    deliveries: fc.integer({ min: 1, max: 300 }),
    topics: fc.constantFrom(defaultTopics, topicsWithStock),
  },
  { numRuns: 10 },
)('is what the newest delivery of each entity says, and knows every entity that was spoken of', (options) => {
  const shop = createShop({ merchantId: 'optik', storeId: 'optik.myshopify.com', secret: 's', ...options })
  expectTold(shop.deliveries(), shop.truth())
})

describe('a long life', () => {
  const shop = createShop({
    seed: 3,
    merchantId: 'optik',
    storeId: 'optik.myshopify.com',
    secret: 's',
    deliveries: 3000,
    topics: topicsWithStock,
  })
  const deliveries = [...shop.deliveries()]
  const bodies = deliveries.map(({ body }) => parse(body.toString()) as Body)
  const orders = [...shop.truth().records.orders.values()].map(({ fields }) => fields as Body)
  const customers = [...shop.truth().records.customers.values()].map(({ fields }) => fields as Body)
  const products = [...shop.truth().records.products.values()].map(({ fields }) => fields as Body)
  const levels = [...shop.truth().records.inventory.values()].map(({ fields }) => fields as Body)
  const counted = (level: Body) => listOf(level['locations'])[0]?.['available'] !== null
  const count = (list: readonly Body[], is: (fields: Body) => boolean) => list.filter(is).length
  const length = (fields: Body, name: string) => listOf(fields[name]).length

  test('agrees with its deliveries', () => {
    expectTold(deliveries, shop.truth())
  })

  test.each<[string, number]>([
    ['orders of guests', count(orders, (order) => order['customerId'] === null && order['sourceName'] === 'web')],
    ['orders at the till', count(orders, (order) => order['sourceName'] === 'pos')],
    ['orders in a foreign currency', count(orders, (order) => order['presentmentCurrency'] !== order['currency'])],
    ['partial refunds', count(orders, (order) => order['status'] === 'partially_refunded')],
    ['several refunds of one order', count(orders, (order) => length(order, 'refunds') > 1)],
    ['cancelled orders', count(orders, (order) => order['cancelledAt'] !== null)],
    ['partly fulfilled orders', count(orders, (order) => order['fulfillmentStatus'] === 'partial')],
    ['orders with more than nine recommendations', count(orders, (order) => length(order, 'recommendationIds') > 9)],
    ['orders of 150 lines', count(orders, (order) => length(order, 'items') >= 150)],
    ['products of 250 variants', count(products, (product) => length(product, 'variants') >= 240)],
    ['customers without an e-mail', count(customers, (customer) => customer['email'] === null)],
    ['items that nobody counts', count(levels, (level) => !counted(level))],
    ['counted items', count(levels, counted)],
    ['products without a metafield', count(products, (product) => product['frameShape'] === null)],
  ])('has %s', (_, found) => {
    expect(found).toBeGreaterThan(0)
  })

  test.each<[string, RecordCollection, string]>([
    ['a note', 'orders', 'note'],
    ['all tags', 'orders', 'tags'],
    ['the AI session', 'orders', 'note_attributes'],
    ['a phone', 'customers', 'phone'],
    ['an e-mail', 'customers', 'email'],
    ['all tags', 'customers', 'tags'],
    ['a description', 'products', 'body_html'],
    ['all tags', 'products', 'tags'],
  ])('empties %s of %s', (_, kind, key) => {
    const has = (body: Body) => body[key] !== null && body[key] !== '' && String(body[key]) !== ''
    const seen = new Set<string>()
    const emptied = deliveries.filter(({ entity, topic }, index) => {
      if (entity.kind === 'store' || kinds[entity.kind] !== kind || !/^[ocp]\w+\/(create|updated?)$/.test(topic))
        return false
      const body = bodies[index] ?? {}
      if (has(body)) seen.add(entity.id)
      return !has(body) && seen.has(entity.id)
    })
    expect(emptied.length).toBeGreaterThan(0)
  })

  test('adds and removes variants', () => {
    const variants = new Map<string, Set<string>>()
    let [added, removed] = [0, 0]
    for (const [index, { topic, entity }] of deliveries.entries()) {
      if (topic !== 'products/update' && topic !== 'products/create') continue
      const now = new Set(each(bodies[index]?.['variants'], 'id').flat())
      const before = variants.get(entity.id)
      if (before !== undefined) {
        added += [...now].filter((id) => !before.has(id)).length
        removed += [...before].filter((id) => !now.has(id)).length
      }
      variants.set(entity.id, now)
    }
    expect(added).toBeGreaterThan(10)
    expect(removed).toBeGreaterThan(10)
  })

  test('tells every refund by itself too', () => {
    const told = new Set(
      bodies.flatMap((body, index) => (deliveries[index]?.topic === 'refunds/create' ? [plain(body['id'])] : [])),
    )
    const known = new Set(orders.flatMap((order) => each(order['refunds'], 'id').flat()))
    expect(told.size).toBeGreaterThan(50)
    expect([...told].filter((id) => !known.has(id ?? ''))).toEqual([])
  })

  test('says some things again without a change', () => {
    const last = new Map<string, string>()
    const restated = deliveries.filter(({ topic, entity, body }) => {
      if (topic.endsWith('/delete') || topic === 'refunds/create') return false
      const said = body.toString().replace(/"updated_at":"[^"]*"/, '')
      const same = last.get(entity.id) === said
      last.set(entity.id, said)
      return same
    })
    expect(restated.length).toBeGreaterThan(50)
  })
})

test('two truths of different stores are one; of the same store they are a mistake', () => {
  const truthOf = (storeId: string) =>
    createShop({ seed: 1, merchantId: 'optik', storeId, secret: 's', deliveries: 50 }).truth()
  const [one, other] = [truthOf('a.myshopify.com'), truthOf('b.myshopify.com')]
  const both = mergeTruths(one, other)
  expect(both.records.orders.size).toBe(one.records.orders.size + other.records.orders.size)
  expect(both.stores).toHaveLength(2)
  expect(() => mergeTruths(one, one)).toThrow(/two truths of one store/)
})
