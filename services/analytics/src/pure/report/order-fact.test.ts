import { describe, expect, test } from 'vitest'
import { factOf } from './order-fact.ts'

const of = { id: 'optik|shopify|north|1', merchantId: 'optik', version: 3 }
const noon = Date.UTC(2026, 2, 14, 12)
const read = (image: unknown) => {
  const made = factOf(of, image)
  if (!made.ok) throw new Error(made.reason)
  return made.fact
}

test('an order: when it counts as placed, and its amounts', () => {
  const image = {
    ...{ createdAt: noon + 5, processedAt: noon, currency: 'EUR', total: '100.50', netTotal: '80.5', totalTax: '16' },
    ...{ totalDiscounts: '5', totalShipping: '4.9', refunds: [{ id: '1', total: '20' }], email: 'ann@x.at' },
  }
  expect(read(image)).toEqual({
    ...{ id: of.id, merchantId: 'optik', platform: 'shopify', storeId: 'north', version: 3 },
    ...{ counted: true, placedAt: noon, currency: 'EUR', cancelled: false, refunded: true },
    amounts: { gross: '100.5', refunds: '20', net: '80.5', taxes: '16', discounts: '5', shipping: '4.9' },
  })
})

test('where a store does not say what is left, it is what was not given back', () => {
  expect(read({ total: '10', refunds: [{ total: '2.5' }, { total: null }, {}] }).amounts).toMatchObject({
    ...{ gross: '10', refunds: '2.5', net: '7.5', taxes: null, shipping: null },
  })
  expect(read({ total: '10', refunds: [] }).amounts).toMatchObject({ refunds: '0', net: '10' })
  expect(read({ refunds: [{ total: '2' }] }).amounts).toMatchObject({ gross: null, refunds: '2', net: null })
  expect(read({}).amounts).toMatchObject({ gross: null, refunds: null, net: null })
})

describe('what is cancelled has nothing left', () => {
  test.each([{ cancelledAt: noon }, { status: 'cancelled' }, { status: 'canceled' }])('%o', (said) => {
    const fact = read({ ...said, total: '10', netTotal: '10' })
    expect(fact).toMatchObject({ cancelled: true, counted: true, amounts: { gross: '10', net: '0' } })
  })
})

test('a refund counts by its money, or by the store’s word', () => {
  expect(read({ total: '10', refunds: [{ total: '0' }] }).refunded).toBe(false)
  expect(read({ total: '10', status: 'partially_refunded' }).refunded).toBe(true)
})

test('tests, and what is deleted, count nowhere', () => {
  expect(read({ total: '10', test: true })).toMatchObject({ counted: false })
  expect(read(null)).toMatchObject({ version: 3, counted: false, placedAt: null, platform: 'shopify' })
})

test.each([
  ['total', { total: 10 }],
  ['total', { total: '1e3' }],
  ['createdAt, currency', { createdAt: 'now', currency: 5 }],
  ['refunds.0.total', { refunds: [{ total: 'secret' }] }],
  ['after', 'text'],
])('what is no order says where, never what: %s', (where, image) => {
  expect(factOf(of, image)).toEqual({ ok: false, reason: `not an order: ${where}` })
})
