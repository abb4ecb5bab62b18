import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { order } from '../../../test-payloads.ts'
import { all, body, bodyOf, failures, only } from '../../../test-statements.ts'
import { translateOrder, translateRefund } from './order.ts'

const pending = { financial_status: 'pending' }
const stated = (changes = {}) => only('OrderStated', translateOrder('order_updated', order({ ...pending, ...changes })))

test('an order states the whole of itself', () => {
  expect(stated()).toEqual({
    record: 'OrderStated',
    eventName: 'order_updated',
    entityId: '5001',
    platformAt: Date.parse('2026-05-02T06:00:00Z'),
    userId: '77',
    sessionId: 'sess-1',
    cleared: [
      ...['closedAt', 'cancelledAt', 'cancelReason', 'fulfillmentStatus', 'note'],
      ...['phone', 'shippingAddress'],
    ],
    facts: {
      name: '#1042',
      number: '1042',
      createdAt: Date.parse('2026-05-01T08:00:00Z'),
      processedAt: Date.parse('2026-05-01T08:00:00Z'),
      status: 'pending',
      currency: 'EUR',
      presentmentCurrency: 'CHF',
      total: '249.9',
      presentmentTotal: '239.5',
      netTotal: '199.9',
      subtotal: '239.9',
      totalTax: '39.9',
      totalDiscounts: '10',
      totalShipping: '10',
      taxesIncluded: true,
      customerId: '77',
      email: 'zoë@example.at',
      billingAddress: { firstName: 'Zoë', lastName: 'Müller-Łukasz', countryCode: 'AT' },
      tags: ['vip', 'Überprüfung'],
      sourceName: 'web',
      test: false,
      locale: 'de-AT',
      items: [
        {
          id: '9001',
          productId: '31',
          variantId: '41',
          sku: 'AVI-52',
          title: 'Aviator 👓',
          variantTitle: 'gold / 52',
          vendor: 'Varai',
          quantity: 2,
          currentQuantity: 1,
          price: '124.95',
          presentmentPrice: '119.75',
          totalDiscount: '10',
          totalTax: '20',
          giftCard: false,
          requiresShipping: true,
          lensType: 'progressive',
          prescription: '{"pd":63}',
          properties: [{ name: 'lens_type', value: 'progressive' }],
        },
        { id: '9002', title: 'Repair', quantity: 1, price: '0', properties: [] },
      ],
      refunds: [
        {
          id: '6001',
          createdAt: Date.parse('2026-05-02T06:00:00Z'),
          total: '50',
          lines: [{ lineId: '9001', quantity: 1, subtotal: '41.67', totalTax: '8.33' }],
          transactions: [
            { id: '1', kind: 'refund', status: 'failure', amount: '50', currency: 'EUR' },
            { id: '2', kind: 'refund', status: 'success', amount: '30', currency: 'EUR', gateway: 'visa' },
            { id: '3', kind: 'refund', status: 'success', amount: '20', currency: 'EUR' },
            { id: '4', kind: 'void', status: 'success', amount: '100', currency: 'EUR' },
          ],
          adjustments: [{ id: '5', kind: 'shipping_refund', reason: 'Shipping refund', amount: '-10', totalTax: '0' }],
        },
      ],
      fulfilments: [
        {
          id: '8001',
          status: 'success',
          createdAt: Date.parse('2026-05-01T10:00:00Z'),
          updatedAt: Date.parse('2026-05-01T11:00:00Z'),
          shipmentStatus: 'in_transit',
          trackingCompany: 'Post',
          trackingNumbers: ['RR1', 'RR2'],
          trackingUrls: ['https://track.example/RR1'],
          lines: [{ lineId: '9001', quantity: 2 }],
        },
      ],
      discountCodes: [{ code: 'SEHEN10', kind: 'fixed_amount', amount: '10' }],
      taxLines: [{ title: 'USt', rate: '0.2', amount: '39.9' }],
      shippingLines: [{ id: '2', title: 'Standard', code: 'STD', price: '10', discountedPrice: '5' }],
      aiSessionId: 'sess-1',
      recommendationIds: ['rec-a'],
      metadata: [],
      complete: { refunds: true, fulfilments: true },
    },
  })
})

test('an order states the same in every generation of payloads', () => {
  // 2026-04 took `checkout_id` away and left `checkout_token`; nothing here ever came from either.
  const older = stated({ checkout_id: 901414060, checkout_token: 'abc' })
  expect(older).toEqual(stated({ checkout_token: 'abc' }))
  expect(older).toEqual(stated())
})

describe('a payment', () => {
  test('is stated beside every order that says paid, with what counting it takes', () => {
    const [whole, payment] = all(translateOrder('order_fulfilled', order()))
    expect(whole).toMatchObject({ eventName: 'order_fulfilled', facts: { status: 'paid', items: expect.anything() } })
    expect(payment).toMatchObject({
      ...{ record: 'OrderStated', eventName: 'payment_completed', identity: 'payment', entityId: '5001', cleared: [] },
      ...{ platformAt: whole?.platformAt, userId: '77', sessionId: 'sess-1' },
    })
    expect(payment?.facts).toEqual({
      ...{ status: 'paid', currency: 'EUR', total: '249.9', netTotal: '199.9', test: false, customerId: '77' },
      ...{ presentmentCurrency: 'CHF', presentmentTotal: '239.5' },
      ...{ aiSessionId: 'sess-1', recommendationIds: ['rec-a'] },
    })
  })

  test('is what orders/paid says by itself, with the whole order, even when it was refunded since', () => {
    const changes = { financial_status: 'refunded' }
    expect(only('OrderStated', translateOrder('payment_completed', order(changes)))).toMatchObject({
      eventName: 'payment_completed',
      identity: 'payment',
      facts: { status: 'refunded', items: expect.anything() },
    })
  })

  test.each(['pending', 'authorized', 'partially_paid', 'voided', 'refunded', null])(
    'is not %s',
    (financial_status) => {
      expect(all(translateOrder('order_updated', order({ financial_status })))).toHaveLength(1)
    },
  )
})

describe('what is not there', () => {
  test('guests have no customer, and no customer is not a customer removed', () => {
    for (const customer of [null, undefined]) {
      const guest = stated({ customer })
      expect(guest).toMatchObject({ userId: undefined, facts: { customerId: undefined } })
      expect(guest.cleared).not.toContain('customerId')
    }
  })

  test('keys that a subscription left out are not stated, and their lists are not whole', () => {
    const narrow = only(
      'OrderStated',
      translateOrder('order_updated', body('{"id":1,"updated_at":"2026-05-01T00:00:00Z"}')),
    )
    expect(narrow.cleared).toEqual([])
    const { complete, ...facts } = narrow.facts
    expect(complete).toEqual({ refunds: false, fulfilments: false })
    expect(Object.values(facts).filter((fact) => fact !== undefined)).toEqual([])
  })

  test('empty lists are whole: what was in them is gone', () => {
    const { facts } = stated({ refunds: [], fulfillments: [], line_items: [], tags: '', note_attributes: [] })
    expect(facts).toMatchObject({ refunds: [], fulfilments: [], items: [], tags: [], metadata: [] })
    expect(facts.complete).toEqual({ refunds: true, fulfilments: true })
  })

  test('attributes without a session say that there is none', () => {
    const plain = stated({ note_attributes: [{ name: 'gift', value: 'yes' }] })
    expect(plain.cleared).toContain('aiSessionId')
    expect(plain.facts).toMatchObject({ recommendationIds: [], metadata: [{ name: 'gift', value: 'yes' }] })
    expect(stated({ note_attributes: undefined }).cleared).not.toContain('aiSessionId')
  })

  test('personal fields that are all null are redacted, not emptied', () => {
    const redacted = { email: null, phone: null, billing_address: null, shipping_address: null }
    expect(stated(redacted).cleared).not.toEqual(expect.arrayContaining(['email']))
    expect(stated({ ...redacted, phone: '+43 1' }).cleared).toEqual(
      expect.arrayContaining(['email', 'billingAddress', 'shippingAddress']),
    )
  })
})

test('ids above 2^53 are exact everywhere', () => {
  const big = '820982911946154508'
  const json = `{"id":${big},"updated_at":"2026-05-01T00:00:00Z","customer":{"id":${big}},
    "line_items":[{"id":${big},"product_id":${big},"variant_id":"${big}"}],"fulfillments":[{"id":${big},"line_items":[{"id":${big}}]}],
    "refunds":[{"id":${big},"refund_line_items":[{"line_item_id":${big}}],"transactions":[{"id":${big}}]}]}`
  const { entityId, userId, facts } = only('OrderStated', translateOrder('order_created', body(json)))
  expect({ entityId, userId, facts }).toMatchObject({
    ...{ entityId: big, userId: big },
    facts: {
      ...{ customerId: big, items: [{ id: big, productId: big, variantId: big }] },
      refunds: [{ id: big, lines: [{ lineId: big }], transactions: [{ id: big }] }],
      fulfilments: [{ id: big, lines: [{ lineId: big }] }],
    },
  })
})

test('every failure is told, and nothing of the order in it', () => {
  const broken = order({
    ...{ id: 1.5, updated_at: '2026-13-01', total_price: '249,90', test: 'maybe', customer: [], tags: {} },
    ...{ line_items: [{ id: 1, quantity: 1.5, price: {} }, 'line'], refunds: {}, note_attributes: 'none' },
  })
  expect(failures(translateOrder('order_created', broken)).toSorted()).toEqual(
    [
      'note_attributes: expected an object',
      'customer: expected an object',
      'id: expected an id of digits',
      'updated_at: expected a time with its offset',
      'test: expected true or false',
      'tags: expected text',
      'total_price: expected a decimal of at most 20 digits, 6 of them after the point',
      'refunds: expected a list',
      'line_items[0].quantity: expected a whole number',
      'line_items[0].price: expected a decimal of at most 20 digits, 6 of them after the point',
      'line_items[1]: expected an object',
    ].toSorted(),
  )
})

test('amounts that floats spoiled are taken from their exact twin, or left out', () => {
  const refunds = [{ id: 1, refund_line_items: [{ line_item_id: 2, subtotal: 66.64000000000001, total_tax: 1.5 }] }]
  const result = translateOrder(
    'order_updated',
    order({ ...pending, refunds, tax_lines: [{ rate: 0.0725000000000001 }] }),
  )
  expect(only('OrderStated', result).facts).toMatchObject({
    refunds: [{ lines: [{ subtotal: undefined, totalTax: '1.5' }] }],
    taxLines: [{ rate: undefined }],
  })
  expect(result.ok && result.leftOut).toEqual(['refunds[0].refund_line_items[0].subtotal', 'tax_lines[0].rate'])
})

test('money in another currency than the order’s has no sum', () => {
  const paid = (currency: string) => ({ id: 1, kind: 'refund', status: 'success', amount: '5.00', currency })
  const total = (transactions: unknown) => stated({ refunds: [{ id: 1, transactions }] }).facts.refunds?.[0]?.total
  expect(total([paid('EUR'), paid('CHF')])).toBeUndefined()
  expect(total([paid('EUR'), paid('EUR')])).toBe('10')
  expect(total([])).toBe('0')
  expect(total(undefined)).toBeUndefined()
})

test('a refund by itself is one of its order’s, and says nothing about the others', () => {
  const refund = bodyOf({
    ...{ id: 6001, order_id: 5001, created_at: '2026-05-02T08:00:00+02:00', note: 'scratched' },
    transactions: [{ id: 2, kind: 'refund', status: 'success', amount: '30.00', currency: 'EUR' }],
  })
  expect(only('OrderStated', translateRefund(refund, 'EUR'))).toEqual({
    record: 'OrderStated',
    eventName: 'order_refunded',
    entityId: '5001',
    platformAt: Date.parse('2026-05-02T06:00:00Z'),
    facts: { refunds: [expect.objectContaining({ id: '6001', total: '30', note: 'scratched', lines: [] })] },
  })
  expect(failures(translateRefund(bodyOf({ id: 1 }), 'EUR'))).toEqual([
    'order_id: is missing',
    'created_at: is missing',
  ])
})

property.prop([
  fc.jsonValue({ maxDepth: 4 }),
  fc.constantFrom('line_items', 'customer', 'refunds', 'note_attributes', 'tags', 'shipping_lines'),
])(
  'whatever stands under a key, an order is translated into what the contract holds, or refused with paths',
  (value, key) => {
    const result = translateOrder('order_updated', order({ [key]: value }))
    if (result.ok) all(result)
    else expect(result.failures.every((failure) => failure.path.startsWith(key))).toBe(true)
  },
)
