import { expect, test } from 'vitest'
import { createMagentoShop } from './create-magento-shop.ts'
import { moduleDeliveries } from './module-delivery.ts'

const options = { merchantId: 'm1', storeId: 'default', currency: 'EUR', orders: 80 }
const shop = (seed = 'a') => createMagentoShop({ ...options, seed })

test('the same seed makes the same shop, another one another', () => {
  expect(shop().journal).toEqual(shop().journal)
  expect(shop('b').journal).not.toEqual(shop().journal)
})

test('a life has everything that makes Magento hard', () => {
  const { journal } = shop()
  const bodies = journal.map(({ document }) => JSON.stringify(document))
  for (const found of [
    /"parent_item_id":/,
    /"customer_is_guest":1/,
    /"base_currency_code":"EUR".*"order_currency_code":"(USD|GBP)"/,
    /"base_total_refunded":/,
    /"state":"canceled"/,
    /"state":"closed"/,
    /"configurable_product_links":\[\d/,
    /"special_price"/,
    /"increment_id":"0000000\d\d"/,
  ]) {
    expect(
      bodies.some((body) => found.test(body)),
      String(found),
    ).toBe(true)
  }
  expect(journal.filter(({ what }) => what === 'deleted').map(({ entity }) => entity)).toEqual([
    ...['products', 'products', 'customers', 'customers'],
  ])
  const saved = Map.groupBy(journal, ({ document }) => document['updated_at'])
  expect(Math.max(...[...saved.values()].map((same) => same.length))).toBeGreaterThan(8)
})

test('stock moves without a word in the product’s time', () => {
  const { journal, view } = shop()
  const before = view({ entries: 0 })
  let moved = 0
  for (const { what, id, document } of journal) {
    const held = before.document('products', id)
    if (what === 'stock') {
      expect(document['updated_at']).toBe(held?.['updated_at'])
      if (JSON.stringify(document) !== JSON.stringify(held)) moved += 1
    }
    before.advance(1)
  }
  expect(moved).toBeGreaterThan(10)
})

test('the truth is what the shop itself says in the end', () => {
  const magento = shop()
  const view = magento.view()
  const { orders, products, customers, inventory } = magento.truth().records
  for (const [records, entity] of [
    [orders, 'orders'],
    [products, 'products'],
    [customers, 'customers'],
  ] as const) {
    const live = [...records.values()].filter(({ deleted }) => !deleted)
    expect(live.map(({ fields }) => Number(fields['platformId'])).sort()).toEqual(
      view
        .documents(entity)
        .map((each) => Number(each['entity_id'] ?? each['id']))
        .sort(),
    )
  }
  expect([...products.values()].filter(({ deleted }) => deleted)).toHaveLength(2)
  expect(inventory.size).toBeGreaterThan(5)
  for (const { fields } of orders.values()) {
    const document = view.document('orders', Number(fields['platformId']))
    expect(Number(fields['total'])).toBe(document?.['base_grand_total'])
    expect(Number(fields['presentmentTotal'])).toBe(document?.['grand_total'])
    expect(fields['number']).toBe(document?.['increment_id'])
  }
})

test('its module tells all of it, or a part of what can still be asked for; each attempt is signed anew', () => {
  const magento = shop()
  expect(moduleDeliveries(magento, { secret: 's', seed: 'a' })).toHaveLength(magento.journal.length)
  let time = 1_700_000_000_000
  const told = moduleDeliveries(magento, { secret: 's', seed: 'a', silence: 0.5, now: () => time })
  expect(told.length).toBeLessThan(magento.journal.length * 0.6)
  expect(told.filter(({ topic }) => topic.endsWith('.deleted'))).toHaveLength(4)
  const [first] = told
  const before = { ...first?.headers }
  time += 60_000
  const after = { ...first?.headers }
  expect(Number(after['x-varai-timestamp']) - Number(before['x-varai-timestamp'])).toBe(60)
  expect(after['x-varai-event-id']).toBe(before['x-varai-event-id'])
  expect(after['x-varai-signature']).not.toBe(before['x-varai-signature'])
})
