import type { StoreFacts } from '@varai/ingest/pure'
import { withFixtures } from '@varai/testkit'
import { describe, expect, test } from 'vitest'
import { all, body, failures, fixture, only } from '../../test-statements.ts'
import { knownTopics, requestTopics, translate, translateRequest } from './translate.ts'

const store: StoreFacts = { platform: 'shopify', merchantId: 'm1', id: 'shop.myshopify.com', currency: 'EUR' }
const translated = (topic: string, json: string) => translate(body(json), { topic, store })

describe('deletions', () => {
  test.each([
    ['orders/delete', 'order_deleted', undefined],
    ['customers/delete', 'customer_deleted', '820982911946154508'],
    ['products/delete', 'product_deleted', undefined],
  ])('%s is final and as old as its trigger', (topic, eventName, userId) => {
    expect(only('EntityDeleted', translated(topic, '{"id":820982911946154508}'))).toEqual({
      ...{ record: 'EntityDeleted', eventName, entityId: '820982911946154508', platformAt: undefined, userId },
      facts: { reason: 'deleted', terminal: true, confirmed: true },
    })
    expect(failures(translated(topic, '{}'))).toContain('id: is missing')
  })
})

describe('inventory', () => {
  const level = (more: string) => `{"inventory_item_id":271878346596884015,"location_id":24826418${more}}`

  test('a location counts, or nobody does', () => {
    const counted = translated('inventory_levels/update', level(',"available":-3,"updated_at":"2026-05-01T00:00:00Z"'))
    expect(only('InventoryStated', counted)).toEqual({
      ...{ record: 'InventoryStated', eventName: 'inventory_sync', entityId: '271878346596884015' },
      platformAt: Date.parse('2026-05-01T00:00:00Z'),
      cleared: [],
      facts: { locationId: '24826418', available: -3 },
    })
    const untracked = translated('inventory_levels/connect', level(',"available":null,"updated_at":null'))
    expect(only('InventoryStated', untracked)).toMatchObject({ cleared: ['available'], platformAt: undefined })
  })

  test('a location that was disconnected is one of the item no more', () => {
    expect(only('EntityDeleted', translated('inventory_levels/disconnect', level('')))).toEqual({
      ...{
        record: 'EntityDeleted',
        eventName: 'inventory_sync',
        entityId: '271878346596884015',
        platformAt: undefined,
      },
      facts: { childId: '24826418', reason: 'deleted', terminal: false, confirmed: true },
    })
  })

  test('the item is exact where the number was rounded, and refused where two ids differ', () => {
    const gid = (item: string) => `,"admin_graphql_api_id":"gid://shopify/InventoryLevel/1?inventory_item_id=${item}"`
    const rounded = translated(
      'inventory_levels/update',
      `{"inventory_item_id":271878346596884000,"location_id":1${gid('271878346596884015')}}`,
    )
    expect(only('InventoryStated', rounded).entityId).toBe('271878346596884015')
    expect(failures(translated('inventory_levels/update', level(gid('5'))))).toEqual([
      'inventory_item_id: differs from admin_graphql_api_id',
    ])
  })
})

test('an uninstallation names the store of the headers and what the shop was', () => {
  const shop =
    '{"id":1,"name":"Super Toys","domain":null,"email":"a@b.example","currency":"USD","iana_timezone":"Europe/Wien","plan_name":"plus","updated_at":"2020-01-01T00:00:00Z"}'
  expect(only('StoreStated', translated('app/uninstalled', shop))).toEqual({
    ...{ record: 'StoreStated', eventName: 'store_uninstalled', entityId: 'shop.myshopify.com', platformAt: undefined },
    facts: {
      ...{ state: 'uninstalled', name: 'Super Toys', email: 'a@b.example', currency: 'USD' },
      ...{ timezone: 'Europe/Wien', plan: 'plus' },
    },
  })
})

describe('requests about personal data', () => {
  const asked = (topic: string, json: string) => translateRequest(body(json), { topic, store })
  const customer = '"customer":{"id":191167,"email":"john@example.com","phone":"555-625-1199"}'
  const person = { customerId: '191167', email: 'john@example.com', phone: '555-625-1199' }

  test.each([
    [
      'customers/data_request',
      `{${customer},"orders_requested":[9007199254740993],"data_request":{"id":9999}}`,
      { kind: 'data_request', id: '9999', subject: { is: 'customer', id: '191167' } },
      { ...person, orderIds: ['9007199254740993'] },
    ],
    [
      'customers/redact',
      `{${customer},"orders_to_redact":[299938,280263]}`,
      { kind: 'customer_redact', subject: { is: 'customer', id: '191167' } },
      { ...person, orderIds: ['299938', '280263'] },
    ],
    [
      'customers/redact',
      '{"customer":{"id":null,"email":"guest@example.com","phone":""}}',
      { kind: 'customer_redact', subject: { is: 'guest', email: 'guest@example.com' } },
      { email: 'guest@example.com', orderIds: [] },
    ],
    ['shop/redact', '{"shop_id":954889}', { kind: 'shop_redact', subject: { is: 'store' } }, {}],
  ])('%s says who is concerned: %s', (topic, json, ask, facts) => {
    expect(asked(topic, json)).toEqual({ ok: true, leftOut: [], value: { ...ask, facts } })
  })

  test('nobody is no subject', () => {
    const nobody = 'customer: has neither an id nor an e-mail'
    expect(failures(asked('customers/redact', '{"customer":{"phone":"1"}}'))).toEqual([nobody])
    expect(failures(asked('customers/data_request', '{}'))).toEqual([nobody])
    expect(failures(asked('shop/redact', '{}'))).toEqual(['shop_id: is missing'])
    expect(failures(asked('orders/create', '{}'))).toEqual([': unknown topic'])
  })

  withFixtures(test)('as captured', () => {
    for (const topic of requestTopics) {
      const { body: captured } = fixture(`${topic.replace('/', '.')}.json`)
      expect(translateRequest(captured, { topic, store })).toMatchObject({ ok: true })
    }
  })
})

test('an export that ended is noted and states nothing', () => {
  const finished =
    '{"admin_graphql_api_id":"gid://shopify/BulkOperation/147595010","status":"completed","error_code":null}'
  expect(translated('bulk_operations/finish', finished)).toEqual({
    ...{ ok: true, value: [], leftOut: [], note: 'bulk operation 147595010: completed' },
  })
  expect(failures(translated('bulk_operations/finish', '{"admin_graphql_api_id":"gid://shopify/Order/1"}'))).toEqual([
    'admin_graphql_api_id: names no bulk operation',
    'status: is missing',
  ])
})

test.each(['carts/update', 'orders/edited', 'customers/redact', 'constructor', ''])(
  '%j is an unknown topic',
  (topic) => {
    expect(failures(translated(topic, '{}'))).toEqual([': unknown topic'])
  },
)

test('no body makes a translator throw', () => {
  const bodies = ['null', '[]', '1', '"x"', '{}', '{"id":null}', '{"id":{}}']
  const failed = [...knownTopics].flatMap((topic) =>
    bodies.map((json) => (requestTopics.has(topic) ? translateRequest : translate)(body(json), { topic, store }).ok),
  )
  // A shop that left need not say anything; everything else needs an id.
  expect(failed.filter((ok) => ok)).toHaveLength(3)
})

withFixtures(describe)('captured deliveries', () => {
  const expected: Record<string, [file: string, entityId: string, events: string[]][]> = {
    'the ids are exact where the file still has them': [
      ['orders.create.json', '820982911946154508', ['order_created']],
      ['orders.updated.json', '820982911946154508', ['order_updated']],
      ['orders.cancelled.json', '820982911946154508', ['order_cancelled']],
      ['customers.create.json', '706405506930370084', ['customer_created']],
      ['customers.update.json', '706405506930370084', ['customer_updated']],
      ['customers.delete.json', '706405506930370084', ['customer_deleted']],
      ['products.create.json', '788032119674292922', ['product_created']],
      ['products.update.json', '788032119674292922', ['product_updated']],
      ['inventory_levels.update.json', '271878346596884015', ['inventory_sync']],
      ['app.uninstalled.json', 'shop.myshopify.com', ['store_uninstalled']],
    ],
    'and as the file has them elsewhere': [
      ['products.delete.json', '788032119674292900', ['product_deleted']],
      ['refunds.create.json', '820982911946154500', ['order_refunded']],
    ],
  }
  for (const [why, files] of Object.entries(expected)) {
    test.each(files)(`%s: ${why}`, (file, entityId, events) => {
      const captured = fixture(file)
      const topic = captured.headers['x-shopify-topic'] ?? ''
      const statements = all(translate(captured.body, { topic, store }))
      expect(statements.map((statement) => statement.eventName)).toEqual(events)
      expect(statements.map((statement) => statement.entityId)).toEqual(events.map(() => entityId))
    })
  }

  test('an order keeps the exact ids of its customer and lines', () => {
    const { facts } = only(
      'OrderStated',
      translate(fixture('orders.create.json').body, { topic: 'orders/create', store }),
    )
    expect(facts).toMatchObject({
      customerId: '115310627314723954',
      items: [{ id: '866550311766439020' }, { id: '141249953214522974' }],
      ...{ total: '388', netTotal: '398', totalShipping: '10', status: 'voided', test: true },
    })
  })

  test('both variants of the product are there, by their exact ids', () => {
    const { body: captured } = fixture('products.update.json')
    const { facts } = only('ProductStated', translate(captured, { topic: 'products/update', store }))
    expect(facts).toMatchObject({
      complete: { variants: true },
      variants: [{ id: '642667041472713922' }, { id: '757650484644203962' }],
    })
  })

  test('a body captured without headers', () => {
    const shop = fixture('app.uninstalled.laravel.json').body
    expect(only('StoreStated', translate(shop, { topic: 'app/uninstalled', store })).facts.name).toBe('Super Toys')
  })
})
