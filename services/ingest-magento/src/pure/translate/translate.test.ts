import { withFixtures } from '@varai/testkit'
import { expect, test } from 'vitest'
import { bodyOf, checked, failures, fixture, only, stated, store } from '../../test-statements.ts'
import { translateStock } from './stock.ts'
import { knownTopics, translate } from './translate.ts'

const told = (topic: string, body: unknown) => failures(translate(bodyOf(body), { topic, store }))
const event = (value: unknown) => ({ specversion: '1.0', data: { key: 'k', value } })

withFixtures(test)('captured customers', () => {
  expect(only('CustomerStated', stated('customer.saved', fixture('rest.customer.json')))).toMatchObject({
    ...{ eventName: 'customer_updated', entityId: '2', userId: '2', platformAt: Date.UTC(2020, 6, 22, 23, 13, 15) },
    facts: {
      ...{ email: 'jdoe@example.com', firstName: 'Jane', lastName: 'Doe', phone: '516-555-1111' },
      ...{ acceptsMarketing: false, createdAt: Date.UTC(2020, 6, 22, 23, 12, 47), complete: { addresses: true } },
      addresses: [
        {
          ...{ id: '2', address1: '160 1st St.', zip: '11501', province: 'New York', provinceCode: 'NY' },
          ...{ countryCode: 'US', isDefault: true },
        },
      ],
    },
  })
  const { items } = fixture('rest.customers_search.json') as { items: object[] }
  const customers = items.map((item) => only('CustomerStated', stated('customer.saved', item)))
  expect(customers[0]).toMatchObject({ entityId: '1', facts: { addresses: [{ id: '1' }, { id: '19' }] } })
  expect(customers).toHaveLength(items.length)
})

test.each([
  [['Am Hof 3', 'Top 4'], 'Am Hof 3', 'Top 4'],
  ['Am Hof 3\nTop 4\n', 'Am Hof 3', 'Top 4'],
  [[12, 'Rue de la Paix', null], '12', 'Rue de la Paix'],
  [{ 0: 'Am Hof 3', 2: 'Top 4' }, 'Am Hof 3', 'Top 4'],
])('a street of %j', (street, address1, address2) => {
  const body = { id: 7, updated_at: '2026-05-01 00:00:00', addresses: [{ id: 8, street, city: 'Wien' }] }
  const { facts } = only('CustomerStated', stated('customer.saved', body))
  expect(facts.addresses).toMatchObject([{ address1, address2, city: 'Wien' }])
})

test('a customer as its model speaks: texts, streets in one text, defaults by id, addresses that may not be all', () => {
  const value = {
    ...{ entity_id: '5', email: '', firstname: 'Ana', is_subscribed: '1', default_billing: '8' },
    ...{ created_at: '2026-11-01 08:00:00', updated_at: '2026-11-01 08:00:00', varai_frame_colour: 'red' },
    addresses: [
      { entity_id: '7', telephone: '1' },
      { entity_id: '8', street: 'Am Hof 3\nTop 4', region: 'Wien', region_code: 'W', telephone: '2' },
      { entity_id: '9' },
    ],
  }
  expect(only('CustomerStated', stated('customer_save_commit_after', event(value)))).toMatchObject({
    ...{ eventName: 'customer_created', cleared: ['email'] },
    facts: {
      ...{ email: undefined, acceptsMarketing: true, phone: '2', preferences: { frame_colour: 'red' } },
      addresses: [
        { id: '7', isDefault: false },
        { id: '8', address1: 'Am Hof 3', address2: 'Top 4', province: 'Wien', provinceCode: 'W', isDefault: true },
      ],
      complete: { addresses: false },
    },
  })
})

withFixtures(test)(
  'captured products: one that is sold, one that comes in forms, one that shows others together',
  () => {
    const { data } = (fixture('event.catalog_product_save_after.json') as { event: { data: object } }).event
    expect(only('ProductStated', stated('catalog_product_save_after', { data }))).toMatchObject({
      ...{ eventName: 'product_updated', entityId: '3', platformAt: Date.UTC(2022, 8, 6, 20, 37, 25) },
      facts: {
        ...{ title: 'test2', handle: 'test2', status: 'active', currency: 'USD', images: [] },
        variants: [{ id: '3', sku: 'test2', price: '123', inventoryItemId: '3', inventoryQuantity: 333 }],
        complete: { variants: false },
      },
    })
    expect(only('ProductStated', stated('product.saved', fixture('rest.product.configurable.json')))).toMatchObject({
      ...{ eventName: 'product_created', entityId: '2078', cleared: expect.arrayContaining(['frameShape']) },
      facts: { title: 'Champ Tee', description: expect.any(String), variants: [], complete: { variants: true } },
    })
    expect(only('ProductStated', stated('product.saved', fixture('rest.product.grouped.json')))).toMatchObject({
      ...{ entityId: '2053', cleared: expect.arrayContaining(['description']) },
      facts: { variants: [], complete: { variants: true } },
    })
  },
)

withFixtures(test)('a captured event that names no id cannot be told to belong to any product', () => {
  const file = 'event.cloudevent.catalog_product_save_commit_after.json'
  expect(told('catalog_product_save_commit_after', fixture(file))).toEqual(['data.value.entity_id: is missing'])
})

const product = (changes: Record<string, unknown> = {}) => ({
  ...{ id: 18, sku: 'F1', name: 'Frame', type_id: 'simple', status: 1, price: 150 },
  ...{ created_at: '2026-01-01 00:00:00', updated_at: '2026-11-01 09:00:00' },
  ...changes,
})
const saved = (changes: Record<string, unknown>) => only('ProductStated', stated('product.saved', product(changes)))
const attributes = (values: Record<string, unknown>) => ({
  custom_attributes: Object.entries(values).map(([attribute_code, value]) => ({ attribute_code, value })),
})

test('eyewear facts; what a whole document does not have is empty, and a choice by number is not a word', () => {
  const statement = saved(
    attributes({
      ...{ varai_frame_shape: 'aviator', _varai_recommended_face_shapes: ['oval', 'round'], varai_lens_width: '52 mm' },
      ...{ varai_bridge_width: 'wide', manufacturer: '14', description: 'Light', url_key: 'frame' },
    }),
  )
  expect(statement.facts).toMatchObject({
    ...{ frameShape: 'aviator', recommendedFaceShapes: ['oval', 'round'], lensWidthMm: '52', bridgeWidthMm: undefined },
    ...{ vendor: undefined, description: 'Light', handle: 'frame' },
  })
  expect(statement.cleared).toEqual(expect.arrayContaining(['frameColor', 'lensType']))
  expect(statement.cleared).not.toContain('bridgeWidthMm')
  const partial = only(
    'ProductStated',
    stated('catalog_product_save_commit_after', event({ entity_id: '1', varai_frame_color: 'red' })),
  )
  expect([partial.cleared, partial.facts.frameColor]).toEqual([[], 'red'])
  expect(partial.facts).not.toHaveProperty('recommendedFaceShapes')
})

test.each([
  [{ special_price: '99.5000' }, '99.5', '150'],
  [{ special_price: '99.5', special_from_date: '2026-10-31 00:00:00' }, '99.5', '150'],
  [{ special_price: '99.5', special_from_date: '2026-12-01 00:00:00' }, '150', undefined],
  [{ special_price: '99.5', special_to_date: '2026-12-01 00:00:00' }, '150', undefined],
  [{ special_price: '200' }, '150', undefined],
  [{}, '150', undefined],
])('reduced by %j', (values, price, compareAtPrice) => {
  expect(saved(attributes(values)).facts.variants).toMatchObject([{ price, compareAtPrice }])
})

test('forms, pictures and names of options', () => {
  const extension_attributes = {
    configurable_product_links: [20, '21'],
    configurable_product_options: [{ label: 'Colour', values: [{ value_index: 52 }] }],
  }
  const media_gallery_entries = [
    { id: 1, media_type: 'image', label: 'Front', position: 1, file: '/f/r/front.jpg' },
    { id: 2, media_type: 'external-video', file: '/v/i/video.jpg' },
  ]
  expect(
    saved({ type_id: 'configurable', extension_attributes, media_gallery_entries, status: 2 }).facts,
  ).toMatchObject({
    ...{ status: 'disabled', options: [{ name: 'Colour', values: [] }], complete: { variants: true } },
    variants: [{ id: '20' }, { id: '21' }],
    images: [{ id: '1', src: '/f/r/front.jpg', alt: 'Front', position: 1 }],
  })
  expect(saved({ type_id: 'configurable' }).facts).toMatchObject({ variants: undefined, complete: { variants: false } })
  const untyped = (price: string) =>
    only('ProductStated', stated('catalog_product_save_commit_after', event({ entity_id: '1', price }))).facts.variants
  expect([untyped('0.000000'), untyped('5')]).toMatchObject([undefined, [{ id: '1', price: '5' }]])
})

test.each([
  [{ product_id: 3, qty: 7, is_in_stock: true, manage_stock: true }, { available: 7, variantId: '3' }, []],
  [{ product_id: '3', qty: '7.0000', is_in_stock: '1' }, { available: 7 }, []],
  [{ product_id: 3, qty: 7, is_in_stock: false }, { available: 0 }, []],
  [{ product_id: 3, qty: 7, manage_stock: '0' }, { available: undefined }, ['available']],
  [{ product_id: 3, qty: '0.5' }, { available: undefined }, []],
  [{ product_id: 3, sku: 'F1', source_code: 'eu', quantity: 4, status: 1 }, { available: 4, locationId: 'eu' }, []],
])('stock %j', (document, facts, cleared) => {
  expect(only('InventoryStated', stated('stock.saved', document))).toMatchObject({
    ...{ eventName: 'inventory_sync', entityId: '3', platformAt: undefined, cleared, facts },
  })
})

test('an item of a source names its SKU; whoever asked may know the product', () => {
  const source = { sku: 'F1', source_code: 'eu', quantity: 4, status: 0 }
  const asked = (productId?: string) =>
    only('InventoryStated', checked(translateStock(bodyOf(source), { store, eventName: 'inventory_sync', productId })))
  expect(asked('3')).toMatchObject({ entityId: '3', facts: { available: 0, productId: '3', sku: 'F1' } })
  expect(asked()).toMatchObject({ entityId: 'F1', facts: { productId: undefined } })
  expect(told('stock.saved', { qty: 1 })).toEqual(['product_id: is missing, and so is sku'])
})

test.each(['order', 'customer', 'product'] as const)(
  'a deleted %s is gone for good, as of when that is told',
  (kind) => {
    const gone = { [kind === 'order' ? 'entity_id' : 'id']: 5, updated_at: '2026-01-01 00:00:00' }
    expect(only('EntityDeleted', stated(`${kind}.deleted`, gone))).toMatchObject({
      ...{ eventName: `${kind}_deleted`, entityId: '5', platformAt: undefined },
      facts: { reason: 'deleted', terminal: true, confirmed: true },
    })
  },
)

test('unknown topics and bodies that are no documents are failures, not exceptions', () => {
  expect(told('order.viewed', { entity_id: 1 })).toEqual([': unknown topic'])
  expect(told('sales_order_place_before', event({ entity_id: 1 }))).toEqual([': unknown topic'])
  for (const topic of knownTopics) {
    if (topic.includes('invoice')) continue
    for (const body of [null, [], 'x', 7, {}, { entity_id: {} }, event({ id: 0 })]) {
      expect(told(topic, body), topic).not.toEqual([])
    }
  }
})
