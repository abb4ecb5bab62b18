import { describe, expect, test } from 'vitest'
import { bodyOf, failures, only } from '../../test-statements.ts'
import { translateOrderAnswer, translateProductAnswer, type WholeOrder } from './translate-answer.ts'
import { type Tree, treeIn } from './tree.ts'

const tree = (value: unknown): Tree => treeIn(bodyOf(value)) ?? {}
const money = (amount: string, currencyCode = 'EUR') => ({ shopMoney: { amount, currencyCode } })
const nodes = (...each: object[]) => ({ nodes: each, pageInfo: { hasNextPage: false } })
const gid = (kind: string, id: number) => `gid://shopify/${kind}/${id}`

const plain = {
  ...{ id: gid('Order', 7), name: '#1', number: 1, updatedAt: '2026-05-01T00:00:00Z', currencyCode: 'EUR', tags: [] },
  ...{ email: null, phone: '+43 1', billingAddress: null, shippingAddress: null, customAttributes: [] },
  ...{ displayFinancialStatus: 'PENDING', displayFulfillmentStatus: 'UNFULFILLED', lineItems: nodes() },
}
const answered = (changes: object = {}, parts: { refunds?: object[]; fulfilments?: object[] } = {}) => {
  const whole: WholeOrder = {
    order: tree({ ...plain, ...changes }),
    refunds: parts.refunds?.map(tree),
    fulfilments: parts.fulfilments?.map(tree),
  }
  return translateOrderAnswer('order_updated', whole)
}
const stated = (...of: Parameters<typeof answered>) => only('OrderStated', answered(...of))
const line = (changes: object = {}) => ({
  ...{ id: gid('LineItem', 1), title: 'Frame', quantity: 3, currentQuantity: 3, unfulfilledQuantity: 3 },
  ...{ originalUnitPriceSet: money('10.0'), totalDiscountSet: money('0.0') },
  ...changes,
})
const sent = (quantity: number, status = 'SUCCESS') => ({
  ...{ id: gid('Fulfillment', 3), status, sentAt: '2026-05-01T00:00:00Z', trackingInfo: [], events: nodes() },
  fulfillmentLineItems: nodes({ lineItem: { id: gid('LineItem', 1) }, quantity }),
})

describe('a personal field', () => {
  test('that is null is empty where the app sees such fields, and one that it may not see says nothing', () => {
    expect(stated().cleared).toEqual(expect.arrayContaining(['email', 'billingAddress', 'shippingAddress']))
    const { email: _, ...hidden } = plain
    const { cleared } = only(
      'OrderStated',
      translateOrderAnswer('order_updated', { order: tree(hidden), refunds: [], fulfilments: [] }),
    )
    expect(cleared).not.toContain('email')
    expect(cleared).toContain('shippingAddress')
  })
})

describe('fulfilment', () => {
  test.each([
    ['UNFULFILLED', [], undefined],
    ['FULFILLED', [sent(3)], 'fulfilled'],
    ['PARTIALLY_FULFILLED', [sent(1)], 'partial'],
    ['RESTOCKED', [], 'restocked'],
    ['ON_HOLD', [], undefined],
    ['IN_PROGRESS', [sent(1)], 'partial'],
    ['IN_PROGRESS', [sent(1, 'CANCELLED')], undefined],
  ])('an order that is %s', (displayFulfillmentStatus, fulfilments, status) => {
    const { facts, cleared } = stated({ displayFulfillmentStatus }, { fulfilments })
    expect(facts.fulfillmentStatus).toBe(status)
    expect(cleared?.includes('fulfillmentStatus')).toBe(status === undefined)
  })

  test.each([
    ['nothing sent', { unfulfilledQuantity: 3 }, [], undefined],
    ['some sent', { unfulfilledQuantity: 2 }, [sent(1)], 'partial'],
    ['all sent', { unfulfilledQuantity: 0 }, [sent(3)], 'fulfilled'],
    ['sent and called back', { unfulfilledQuantity: 3 }, [sent(3, 'CANCELLED')], undefined],
    ['all refunded, nothing sent', { unfulfilledQuantity: 0, currentQuantity: 0 }, [], undefined],
  ])('a line: %s', (_, changes, fulfilments, status) => {
    const { facts } = stated({ lineItems: nodes(line(changes)) }, { fulfilments })
    expect(facts.items?.[0]?.fulfillmentStatus).toBe(status)
  })
})

test.each([
  ['PricingPercentageValue', 'LINE_ITEM', 'percentage'],
  ['MoneyV2', 'LINE_ITEM', 'fixed_amount'],
  ['PricingPercentageValue', 'SHIPPING_LINE', 'shipping'],
])('a code by %s on %s took off what was allocated to it, and no more', (__typename, targetType, kind) => {
  const allocated = (amount: string, code?: string) => ({
    allocatedAmountSet: money(amount),
    discountApplication: code === undefined ? {} : { code },
  })
  const { facts } = stated({
    discountApplications: nodes(
      { code: 'SEHEN', targetType, value: { __typename } },
      { targetType, value: { __typename } },
    ),
    lineItems: nodes(line({ discountAllocations: [allocated('1.50', 'SEHEN'), allocated('9.00')] })),
    shippingLines: nodes({ id: null, title: 'Post', discountAllocations: [allocated('0.25', 'SEHEN')] }),
  })
  expect(facts.discountCodes).toEqual([{ code: 'SEHEN', kind, amount: '1.75' }])
})

test('refunded shipping and a difference are adjustments that take away', () => {
  const refund = {
    ...{ id: gid('Refund', 5), createdAt: null, note: null, refundLineItems: nodes(), transactions: nodes() },
    refundShippingLines: nodes({
      id: gid('RefundShippingLine', 8),
      subtotalAmountSet: money('4.9'),
      taxAmountSet: money('0.0'),
    }),
    orderAdjustments: nodes({
      id: gid('OrderAdjustment', 9),
      reason: 'REFUND_DISCREPANCY',
      amountSet: money('-2.0'),
      taxAmountSet: money('-0.5'),
    }),
  }
  expect(stated({}, { refunds: [refund] }).facts.refunds?.[0]?.adjustments).toEqual([
    { id: '8', kind: 'shipping_refund', reason: 'Shipping refund', amount: '-4.9', totalTax: '0' },
    { id: '9', kind: 'refund_discrepancy', reason: 'Refund discrepancy', amount: '-2', totalTax: '-0.5' },
  ])
})

test('a list that was cut off is not stated, and not complete', () => {
  const { facts } = stated({}, { fulfilments: [sent(1)] })
  expect(facts.refunds).toBeUndefined()
  expect(facts.complete).toEqual({ refunds: false, fulfilments: true })
})

test('all failures of all answers are told at once, in the API’s own words', () => {
  const broken = answered(
    { taxesIncluded: 'maybe', lineItems: nodes({ id: 5 }) },
    { refunds: [{ id: 1, transactions: 'none' }] },
  )
  expect(failures(broken)).toEqual(['taxesIncluded: expected true or false', 'transactions: expected an object'])
  expect(failures(answered({ updatedAt: 'now', totalPriceSet: money('much') })).toSorted()).toEqual([
    'total_price: expected a decimal of at most 20 digits, 6 of them after the point',
    'total_price_set.shop_money.amount: expected a decimal of at most 20 digits, 6 of them after the point',
    'updated_at: expected a time with its offset',
  ])
})

test('a product without pictures and texts says that it has none', () => {
  const product = tree({
    ...{ id: gid('Product', 31), title: 'Aviator', descriptionHtml: '', vendor: '', productType: '', status: 'DRAFT' },
    ...{ updatedAt: '2026-05-01T00:00:00Z', publishedAt: null, tags: ['a', 'b'], options: [], metafields: nodes() },
    images: nodes(),
    variants: nodes({
      id: gid('ProductVariant', 41),
      price: '10.0',
      selectedOptions: [{ name: 'Colour', value: 'gold' }],
      image: null,
    }),
  })
  expect(only('ProductStated', translateProductAnswer('product_catalog_update', product, 'EUR'))).toMatchObject({
    ...{ eventName: 'product_catalog_update', entityId: '31' },
    cleared: expect.arrayContaining(['description', 'vendor', 'productType', 'publishedAt']),
    facts: {
      ...{ status: 'draft', tags: ['a', 'b'], images: [], complete: { variants: true } },
      variants: [{ id: '41', price: '10', options: ['gold'] }],
    },
  })
})
