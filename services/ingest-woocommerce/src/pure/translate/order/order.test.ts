import { withFixtures } from '@varai/testkit'
import { describe, expect, test } from 'vitest'
import { bodyOf, failures, fixture, only, stated, store } from '../../../test-statements.ts'
import { translate } from '../translate.ts'

const order = (changes: Record<string, unknown> = {}) => ({
  ...{ id: 727, number: '727', status: 'pending', currency: 'EUR', total: '29.35', customer_id: 3 },
  ...{ date_created_gmt: '2026-11-01T08:00:00', date_modified_gmt: '2026-11-01T09:00:00', date_paid_gmt: null },
  ...changes,
})
const facts = (changes: Record<string, unknown>) => only('OrderStated', stated('order.updated', order(changes))).facts
const cleared = (changes: Record<string, unknown>) =>
  only('OrderStated', stated('order.updated', order(changes))).cleared

describe('captured orders', () => {
  withFixtures(test)('a paid guest order states itself and its payment', () => {
    const [created, payment, ...others] = stated('order.created', fixture('order.created.json'))
    expect(others).toEqual([])
    expect(created).toMatchObject({
      ...{ record: 'OrderStated', eventName: 'order_created', entityId: '727', userId: undefined },
      platformAt: Date.UTC(2017, 2, 22, 19, 28, 8),
      cleared: expect.arrayContaining(['customerId', 'completedAt', 'note', 'aiSessionId']),
      facts: {
        ...{ number: '727', status: 'processing', currency: 'USD', total: '29.35', netTotal: '29.35' },
        ...{ subtotal: '18', totalTax: '1.35', totalShipping: '10', totalDiscounts: '0', taxesIncluded: false },
        ...{ createdAt: Date.UTC(2017, 2, 22, 19, 28, 2), paidAt: Date.UTC(2017, 2, 22, 19, 28, 8) },
        ...{ customerId: undefined, email: 'john.doe@example.com', phone: '(555) 555-5555', sourceName: 'rest-api' },
        billingAddress: { firstName: 'John', zip: '94103', provinceCode: 'CA', countryCode: 'US' },
        items: [
          {
            id: '315',
            productId: '93',
            variantId: '93',
            quantity: 2,
            price: '3',
            totalDiscount: '0',
            totalTax: '0.45',
          },
          { id: '316', productId: '22', variantId: '23', sku: 'Bar3', price: '12' },
        ],
        taxLines: [{ title: 'State Tax', amount: '1.35' }],
        shippingLines: [{ id: '317', title: 'Flat Rate', code: 'flat_rate', price: '10' }],
        ...{ refunds: [], metadata: [], complete: { refunds: true } },
      },
    })
    expect(payment).toMatchObject({
      ...{ eventName: 'payment_completed', identity: 'payment', entityId: '727', cleared: [] },
      facts: { paidAt: Date.UTC(2017, 2, 22, 19, 28, 8), total: '29.35', currency: 'USD' },
    })
  })

  withFixtures(test)('every order of the lists is understood; refunds are negative there and positive here', () => {
    const orders = [fixture('orders.list.json'), Object.values(fixture('orders.batch.json'))].flat(2)
    const statements = orders.flatMap((each) => stated('order.updated', each))
    expect(statements.length).toBeGreaterThan(orders.length)
    const refunded = statements.find(({ entityId, eventName }) => entityId === '723' && eventName === 'order_updated')
    expect(refunded?.facts).toMatchObject({
      refunds: [
        { id: '726', total: '10' },
        { id: '724', total: '9' },
      ],
      ...{ total: '39', netTotal: '20' },
    })
    expect(stated('order.updated', fixture('order.updated.json'))[0]).toMatchObject({
      facts: { status: 'completed', completedAt: expect.any(Number) },
    })
  })
})

test('an order that was paid and cancelled since still tells its payment; one that was not paid tells none', () => {
  const names = (changes: Record<string, unknown>) =>
    stated('order.updated', order(changes)).map(({ eventName }) => eventName)
  expect(names({ status: 'cancelled', date_paid_gmt: '2026-11-01T08:30:00' })).toEqual([
    ...['order_updated', 'payment_completed'],
  ])
  expect(names({ status: 'processing' })).toEqual(['order_updated'])
})

test('an order in the trash is deleted as of its last change, whatever the topic', () => {
  for (const topic of ['order.updated', 'order.restored', 'order.created']) {
    expect(only('EntityDeleted', stated(topic, order({ status: 'trash' })))).toMatchObject({
      ...{ eventName: 'order_deleted', entityId: '727', platformAt: Date.UTC(2026, 10, 1, 9) },
      facts: { reason: 'trashed', terminal: false, confirmed: true },
    })
  }
  expect(only('OrderStated', stated('order.restored', order())).eventName).toBe('order_restored')
})

test('what plugins mangled is read; what cannot be is left out, and a total that cannot be is a failure', () => {
  expect(
    facts({
      ...{ id: '727', number: 727, customer_id: '3', prices_include_tax: 'yes', total: 29.35, meta_data: {} },
      line_items: { 0: { id: '1', sku: 4711, quantity: '2', subtotal: 6, total: '5.5', meta_data: false } },
      refunds: [{ id: 5, reason: null, total: '-1.10' }],
      ...{ shipping: [], billing: [], tax_lines: false, discount_total: 'none' },
    }),
  ).toMatchObject({
    ...{ number: '727', customerId: '3', taxesIncluded: true, total: '29.35', netTotal: '28.25' },
    items: [{ id: '1', sku: '4711', quantity: 2, price: '3', totalDiscount: '0.5' }],
    ...{ refunds: [{ id: '5', total: '1.1' }], billingAddress: undefined, taxLines: undefined },
    ...{ totalDiscounts: undefined, recommendationIds: [], metadata: [] },
  })
  const bad = translate(bodyOf(order({ total: '1,5', id: 0, currency: '', date_modified_gmt: 'soon' })), {
    ...{ topic: 'order.updated', store },
  })
  expect(failures(bad)).toEqual([
    'id: is 0',
    'date_modified_gmt: expected a time with its offset',
    'total: expected a decimal of at most 20 digits, 6 of them after the point',
    'currency: is missing',
  ])
})

test('the cart says by meta data which session and recommendations led to the order', () => {
  const meta = (entries: Record<string, unknown>) => ({
    meta_data: Object.entries(entries).map(([key, value], id) => ({ id, key, value })),
  })
  expect(
    facts(
      meta({
        ...{ _varai_ai_session_id: 's1', varai_recommendation_id_10: 'r10', varai_recommendation_id_2: 'r2' },
        ...{ _varai_recommendation_ids: '["r1","r2"]', varai_campaign: { name: 'x' }, 'Gift note': 'hello' },
        _paypal_token: 'secret',
      }),
    ),
  ).toMatchObject({
    ...{ aiSessionId: 's1', recommendationIds: ['r1', 'r2', 'r10'] },
    metadata: [
      { name: 'campaign', value: '{"name":"x"}' },
      { name: 'Gift note', value: 'hello' },
    ],
  })
  expect(facts(meta({ _varai_ai_session_id: '', varai_ai_session_id: 's2' })).aiSessionId).toBe('s2')
  expect(cleared(meta({}))).toContain('aiSessionId')
  expect(cleared({})).not.toContain('aiSessionId')
})

test('lens facts of a line; the prescription leaves its properties, hidden or not, and other hidden things are left', () => {
  const line = { id: 1, meta_data: [] as unknown[] }
  const items = facts({
    line_items: [
      {
        ...line,
        meta_data: [
          { key: '_varai_lens_type', value: 'progressive' },
          { key: 'Lens coating', value: 'blue' },
        ],
      },
      {
        ...line,
        meta_data: [
          { key: '_prescription', value: '{"od":1}' },
          { key: '_reduced_stock', value: '2' },
        ],
      },
    ],
  }).items
  expect(items).toMatchObject([
    { lensType: 'progressive', lensCoating: 'blue', prescription: undefined },
    { lensType: undefined, prescription: '{"od":1}', properties: [] },
  ])
})

test('what the store erased is not stated, and what it emptied is cleared', () => {
  const erased = { first_name: '[deleted]', email: 'deleted@site.invalid', phone: '' }
  expect(facts({ billing: erased })).toMatchObject({ email: undefined, billingAddress: undefined })
  expect(cleared({ billing: erased })).toEqual(expect.arrayContaining(['phone']))
  expect(cleared({ billing: erased })).not.toContain('billingAddress')
  expect(cleared({ billing: { first_name: '', email: '' }, customer_note: '' })).toEqual(
    expect.arrayContaining(['billingAddress', 'email', 'note']),
  )
})

test.each<[string, Record<string, unknown>, object]>([
  [
    'a line without an id',
    { line_items: [{ name: 'Case', quantity: 1 }] },
    { items: [{ title: 'Case', quantity: 1 }] },
  ],
  ['a currency in small letters', { currency: 'jpy', total: '2935' }, { currency: 'JPY', total: '2935' }],
  ['three decimals, and a total that is a number', { currency: 'KWD', total: 29.355 }, { total: '29.355' }],
  [
    'lists that lost an element',
    { line_items: { 1: { id: 7, name: 'Case' } } },
    { items: [{ id: '7', title: 'Case' }] },
  ],
  ['lists that are null or false', { line_items: null, refunds: false, coupon_lines: [] }, { discountCodes: [] }],
  ['an address that PHP left as an empty list', { billing: [], shipping: null }, { total: '29.35' }],
  ['a note of every script', { customer_note: 'نظارة 眼镜 👓' }, { note: 'نظارة 眼镜 👓' }],
  [
    'meta data that holds anything',
    { meta_data: [{ id: 1, key: 'engraving', value: { lines: ['A', { b: 1.5 }] } }, { key: null }, 'x', null] },
    { metadata: [{ name: 'engraving', value: '{"lines":["A",{"b":1.5}]}' }] },
  ],
])('an order says %s', (_, changes, expected) => {
  expect(facts(changes)).toMatchObject(expected)
})
