import { withFixtures } from '@varai/testkit'
import { expect, test } from 'vitest'
import { bodyOf, failures, fixture, only, stated, store } from '../../test-statements.ts'
import { translateOrder } from './order.ts'
import { translate } from './translate.ts'

const order = (changes: Record<string, unknown> = {}) => ({
  ...{ entity_id: 9, increment_id: '000000009', state: 'processing', status: 'processing' },
  ...{ created_at: '2026-11-01 08:00:00', updated_at: '2026-11-01 09:00:00', customer_id: 7 },
  ...{ base_currency_code: 'USD', order_currency_code: 'USD', base_grand_total: 28, grand_total: 28, total_due: 28 },
  ...changes,
})
const only1 = (changes: Record<string, unknown>) => only('OrderStated', stated('order.saved', order(changes)))
const facts = (changes: Record<string, unknown>) => only1(changes).facts
const names = (changes: Record<string, unknown>) =>
  stated('order.saved', order(changes)).map(({ eventName }) => eventName)

withFixtures(test)('a captured order of a guest', () => {
  const { result } = fixture('order_history.vsf.json') as { result: { items: object[] } }
  expect(
    only('OrderStated', stated('order.saved', { ...result.items[0], saved_at: '2018-01-23T15:30:05Z' })),
  ).toMatchObject({
    ...{ eventName: 'order_created', entityId: '102', platformAt: Date.UTC(2018, 0, 23, 15, 30, 5), userId: undefined },
    cleared: ['customerId'],
    facts: {
      ...{ number: '000000102', status: 'pending', currency: 'USD', presentmentCurrency: 'USD' },
      ...{ total: '28', netTotal: '28', presentmentTotal: '28', subtotal: '18.7', totalTax: '4.3' },
      ...{ totalDiscounts: '3.3', totalShipping: '5', createdAt: Date.UTC(2018, 0, 23, 15, 30, 4) },
      ...{ email: 'pkarwatka28@example.com', phone: undefined, customerId: undefined, discountCodes: [] },
      billingAddress: { firstName: 'Piotr', address1: 'XYZ', address2: '17', zip: '50-203', countryCode: 'PL' },
      shippingAddress: { city: 'Some city', address2: '13', zip: '51-169' },
      shippingLines: [{ code: 'flatrate_flatrate', title: 'Flat Rate - Fixed', price: '5' }],
      items: [
        {
          ...{ id: '224', productId: '1546', variantId: '1546', sku: 'WS12-XS-Blue', quantity: 1, currentQuantity: 1 },
          ...{
            title: 'Radiant Tee-XS-Blue',
            price: '22',
            presentmentPrice: '22',
            totalDiscount: '3.3',
            totalTax: '4.3',
          },
          requiresShipping: true,
        },
      ],
    },
  })
})

withFixtures(test)('a captured invoice states nothing: its order says itself what is due', () => {
  const invoice = { data: { value: fixture('rest.invoice.json') } }
  expect(translate(bodyOf(invoice), { topic: 'sales_order_invoice_save_commit_after', store })).toMatchObject({
    ...{ ok: true, value: [], note: expect.stringContaining('order') },
  })
})

test('what is sold in parts is one line: of a configurable product the chosen variant, of a bundle its SKUs', () => {
  const item = (id: number, product: number, changes: object) => ({
    ...{
      item_id: id,
      product_id: product,
      qty_ordered: 2,
      base_price: 10,
      price: 9,
      sku: `S${product}`,
      name: `N${product}`,
    },
    ...changes,
  })
  const items = [
    item(1, 67, { product_type: 'configurable', sku: 'HOODIE-S' }),
    item(2, 56, { product_type: 'simple', parent_item_id: 1, base_price: 0, sku: 'HOODIE-S' }),
    item(3, 51, { product_type: 'bundle', sku: 'KIT-A-B' }),
    item(4, 29, { product_type: 'simple', parent_item: { item_id: 3 }, sku: 'A' }),
    item(5, 21, { product_type: 'simple', parent_item_id: '3', sku: 'B', qty_ordered: 4 }),
    item(6, 49, { product_type: 'virtual', is_virtual: 1 }),
    item(7, 50, { product_type: 'simple', parent_item_id: 99 }),
  ]
  expect(facts({ items }).items).toMatchObject([
    {
      id: '1',
      productId: '67',
      variantId: '56',
      sku: 'HOODIE-S',
      title: 'N67',
      variantTitle: 'N56',
      price: '10',
      quantity: 2,
    },
    {
      id: '3',
      productId: '51',
      variantId: '51',
      sku: 'KIT-A-B',
      properties: [
        { name: 'sku', value: 'A' },
        { name: 'sku', value: 'B' },
      ],
    },
    { id: '6', productId: '49', variantId: '49', requiresShipping: false },
    // Its parent is not in the order: without it the line would be nowhere.
    { id: '7', productId: '50' },
  ])
  expect(facts({ items: items.slice(0, 1) }).items).toMatchObject([{ productId: '67', variantId: undefined }])
})

test('three currencies: the shop counts in its own, the buyer paid in another', () => {
  expect(
    facts({
      ...{
        base_currency_code: 'EUR',
        store_currency_code: 'CHF',
        order_currency_code: 'GBP',
        global_currency_code: 'EUR',
      },
      ...{
        base_grand_total: '118.9900',
        grand_total: '100.5000',
        base_total_refunded: '18.9900',
        total_refunded: '16',
      },
      ...{ base_discount_amount: '-10.0000', discount_amount: '-8.4', base_subtotal: '100', coupon_code: 'TEN' },
      items: [{ item_id: 1, base_price: 22, price: 18.5 }],
    }),
  ).toMatchObject({
    ...{ currency: 'EUR', total: '118.99', netTotal: '100', presentmentCurrency: 'GBP', presentmentTotal: '100.5' },
    ...{ totalDiscounts: '10', subtotal: '90', discountCodes: [{ code: 'TEN', amount: '10' }] },
    items: [{ price: '22', presentmentPrice: '18.5' }],
  })
})

test.each([
  ['nothing is due', { total_due: 0 }, true],
  ['nothing but the noise of floats is due', { total_due: 7.105427357601e-15 }, true],
  ['it is said in texts', { total_due: '0.0000', base_total_due: '0.0000' }, true],
  ['more was paid than asked', { total_due: undefined, total_paid: 30 }, true],
  ['all was paid', { total_due: undefined, base_total_paid: '28.0000' }, true],
  ['part was paid', { total_due: 20, total_paid: 8 }, false],
  ['nobody speaks of it', { total_due: undefined }, false],
  ['it was free', { base_grand_total: 0, grand_total: 0, total_due: 0 }, true],
  ['it was free and called off', { base_grand_total: 0, grand_total: 0, total_due: 0, state: 'canceled' }, false],
  ['it was paid and called off', { total_due: 0, total_paid: 28, state: 'canceled' }, true],
])('paid or not: %s', (_, changes, isPaid) => {
  expect(names(changes).includes('payment_completed')).toBe(isPaid)
})

test('a payment is one event for an order, and says what counting it takes', () => {
  const payment = stated('order.saved', order({ total_due: 0 }))[1]
  expect(payment).toMatchObject({ eventName: 'payment_completed', identity: 'payment', entityId: '9', cleared: [] })
  expect(payment?.facts).toEqual({
    ...{ status: 'processing', currency: 'USD', total: '28', netTotal: '28', customerId: '7' },
    ...{ presentmentCurrency: 'USD', presentmentTotal: '28' },
  })
})

test.each([
  [{}, 'order_updated'],
  [{ updated_at: '2026-11-01 08:00:01' }, 'order_created'],
  [{ updated_at: undefined }, 'order_created'],
  [{ _isNew: 'true' }, 'order_created'],
  [{ _isNew: false, updated_at: '2026-11-01 08:00:00' }, 'order_updated'],
  [{ state: 'canceled' }, 'order_cancelled'],
  [{ state: 'complete' }, 'order_completed'],
])('%j is told as %s', (changes, name) => {
  expect(names(changes)[0]).toBe(name)
})

test('which session and recommendations led to it, wherever the shop keeps that', () => {
  const ours = { varai_ai_session_id: 's1', varai_recommendation_ids: 'r1, r2', varai_campaign: 'autumn' }
  const list = Object.entries(ours).map(([attribute_code, value]) => ({ attribute_code, value }))
  for (const changes of [ours, { extension_attributes: ours }, { custom_attributes: list }]) {
    expect(only1(changes)).toMatchObject({
      sessionId: 's1',
      facts: { aiSessionId: 's1', recommendationIds: ['r1', 'r2'], metadata: [{ name: 'campaign', value: 'autumn' }] },
    })
  }
  expect(only1({ custom_attributes: [] })).toMatchObject({ cleared: ['aiSessionId'], facts: { recommendationIds: [] } })
  expect(only1({})).toMatchObject({ cleared: [], facts: { recommendationIds: undefined, metadata: undefined } })
})

test('lenses: what the buyer chose of the product or its variant; the prescription leaves the properties', () => {
  const items = [
    {
      ...{ item_id: 1, product_type: 'configurable', varai_lens_type: 'progressive' },
      product_options: {
        attributes_info: [{ label: 'Color', value: 'Black' }],
        options: [
          { label: 'Prescription', value: '{"od":-1.25}' },
          { label: 'Lens coating', value: 'blue' },
        ],
      },
    },
    { item_id: 2, parent_item_id: 1, product_id: 5 },
  ]
  const [line] = facts({ items }).items ?? []
  expect(line).toMatchObject({ lensType: 'progressive', lensCoating: 'blue', prescription: '{"od":-1.25}' })
  expect(line?.properties?.map(({ name }) => name)).toEqual(['lens_type', 'Color', 'Lens coating'])
  const custom_options = [
    { option_id: '1', option_value: '4', label: 'Lens type', value: 'single vision' },
    { option_id: '2', option_value: '-1.5' },
  ]
  const byModule = { item_id: 3, product_option: { extension_attributes: { custom_options } } }
  expect(facts({ items: [byModule] }).items).toMatchObject([
    { lensType: 'single vision', properties: [{ name: 'Lens type' }] },
  ])
})

test('of an event only what was subscribed is stated, in texts as they come', () => {
  const value = { entity_id: '9', status: 'pending', base_grand_total: '28.0000', updated_at: '2026-11-01 09:00:00' }
  const event = (document: unknown) => ({ specversion: '1.0', data: { key: 'k', value: document } })
  const statement = only('OrderStated', stated('sales_order_save_commit_after', event(value)))
  expect(Object.fromEntries(Object.entries(statement.facts).filter(([, fact]) => fact !== undefined))).toEqual({
    ...{ status: 'pending', currency: 'USD', total: '28' },
  })
  expect(statement.cleared).toEqual([])
  const told = (body: unknown) => failures(translate(bodyOf(body), { topic: 'sales_order_save_commit_after', store }))
  expect(told(event({ status: 'pending' }))).toEqual(['data.value.entity_id: is missing'])
  expect(told(event('9'))).toContain('data.value: expected an object')
  expect(told({ data: {} })).toEqual(['data.value: is missing'])
  expect(told({})).toEqual(['data: is missing'])
})

test('a credit memo is a refund of its order, a shipment its fulfilment; parts without units are left out', () => {
  const memo = {
    ...{
      entity_id: '3',
      order_id: '9',
      created_at: '2026-11-02 10:00:00',
      base_grand_total: '12.5',
      customer_note: 'bent',
    },
    items: [
      { order_item_id: '1', qty: '1', base_row_total: '10', base_tax_amount: '2.5' },
      { order_item_id: '2', qty: '0' },
    ],
  }
  const event = (value: unknown) => ({ data: { value } })
  expect(only('OrderStated', stated('sales_order_creditmemo_save_commit_after', event(memo)))).toMatchObject({
    ...{ eventName: 'order_refunded', entityId: '9', platformAt: Date.UTC(2026, 10, 2, 10) },
    facts: {
      refunds: [
        {
          id: '3',
          note: 'bent',
          total: '12.5',
          lines: [{ lineId: '1', quantity: 1, subtotal: '10', totalTax: '2.5' }],
        },
      ],
    },
  })
  const shipment = { entity_id: '4', order_id: '9', tracks: [{ track_number: 'T1', title: 'DHL' }], items: memo.items }
  expect(only('OrderStated', stated('sales_order_shipment_save_commit_after', event(shipment)))).toMatchObject({
    ...{ eventName: 'order_fulfilled', platformAt: undefined },
    facts: {
      fulfilments: [
        { id: '4', trackingCompany: 'DHL', trackingNumbers: ['T1'], lines: [{ lineId: '1', quantity: 1 }] },
      ],
    },
  })
})

test('what cannot be is told all at once; what nothing depends on is left out', () => {
  const told = translateOrder(
    bodyOf({ ...order(), entity_id: 'x', updated_at: '2026-13-01 00:00:00', base_grand_total: 'much', total_due: 0 }),
    { store, eventName: 'order_updated' },
  )
  expect(failures(told)).toEqual(
    expect.arrayContaining([
      'entity_id: expected an id of digits',
      'updated_at: expected a date that exists',
      'base_grand_total: expected a decimal of at most 20 digits, 6 of them after the point',
    ]),
  )
  expect(
    facts({ items: 'none', billing_address: [], created_at: '0000-00-00 00:00:00', customer_is_guest: 'maybe' }),
  ).toMatchObject({ items: undefined, billingAddress: undefined, createdAt: undefined })
})
