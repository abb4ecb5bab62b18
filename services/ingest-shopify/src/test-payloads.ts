import { bodyOf } from './test-statements.ts'

/** Payloads that no public sample shows, made after Shopify's documentation; `changes` replace top-level fields. */
type Changes = Readonly<Record<string, unknown>>

const money = (shop: string, buyer: string) => ({
  shop_money: { amount: shop, currency_code: 'EUR' },
  presentment_money: { amount: buyer, currency_code: 'CHF' },
})

/** A paid order of two currencies with a refund, a fulfilment, an edit that removed shipping, and lenses. */
export const order = (changes: Changes = {}): unknown =>
  bodyOf({
    id: 5001,
    admin_graphql_api_id: 'gid://shopify/Order/5001',
    name: '#1042',
    number: 42,
    order_number: 1042,
    created_at: '2026-05-01T10:00:00+02:00',
    processed_at: '2026-05-01T10:00:00+02:00',
    updated_at: '2026-05-02T08:00:00+02:00',
    closed_at: null,
    cancelled_at: null,
    cancel_reason: null,
    currency: 'EUR',
    presentment_currency: 'CHF',
    total_price: '249.90',
    total_price_set: money('249.90', '239.50'),
    current_total_price: '199.90',
    subtotal_price: '239.90',
    total_tax: '39.90',
    total_discounts: '10.00',
    total_shipping_price_set: money('10.00', '9.60'),
    taxes_included: true,
    financial_status: 'PAID',
    fulfillment_status: null,
    customer_locale: 'de-AT',
    email: 'zoë@example.at',
    phone: null,
    note: '',
    tags: 'vip, Überprüfung ,, ',
    source_name: 'web',
    test: false,
    customer: { id: 77, first_name: 'Zoë' },
    billing_address: { first_name: 'Zoë', last_name: 'Müller-Łukasz', country_code: 'AT', address2: null },
    shipping_address: null,
    line_items: [
      {
        id: 9001,
        product_id: 31,
        variant_id: 41,
        sku: 'AVI-52',
        title: 'Aviator 👓',
        variant_title: 'gold / 52',
        vendor: 'Varai',
        quantity: 2,
        current_quantity: 1,
        price: '124.95',
        price_set: money('124.95', '119.75'),
        total_discount: '0.00',
        discount_allocations: [{ amount: '7.50' }, { amount: '2.50' }],
        tax_lines: [{ price: '19.95' }, { price: '0.05' }],
        fulfillment_status: null,
        gift_card: false,
        requires_shipping: true,
        properties: [
          { name: 'lens_type', value: 'progressive' },
          { name: 'prescription', value: '{"pd":63}' },
        ],
      },
      { id: 9002, product_id: null, variant_id: null, sku: '', title: 'Repair', quantity: 1, price: '0.00' },
    ],
    refunds: [
      {
        id: 6001,
        created_at: '2026-05-02T08:00:00+02:00',
        note: null,
        refund_line_items: [
          {
            line_item_id: 9001,
            quantity: 1,
            subtotal: 41.67000000000001,
            subtotal_set: money('41.67', '40'),
            total_tax: 8.33,
          },
        ],
        transactions: [
          { id: 1, kind: 'refund', status: 'failure', amount: '50.00', currency: 'EUR' },
          { id: 2, kind: 'refund', status: 'success', amount: '30.00', currency: 'EUR', gateway: 'visa' },
          { id: 3, kind: 'refund', status: 'success', amount: '20.00', currency: 'EUR' },
          { id: 4, kind: 'void', status: 'success', amount: '100.00', currency: 'EUR' },
        ],
        order_adjustments: [
          { id: 5, kind: 'shipping_refund', reason: 'Shipping refund', amount: '-10.00', tax_amount: '0.00' },
        ],
      },
    ],
    fulfillments: [
      {
        id: 8001,
        status: 'success',
        created_at: '2026-05-01T12:00:00+02:00',
        updated_at: '2026-05-01T13:00:00+02:00',
        shipment_status: 'in_transit',
        tracking_company: 'Post',
        tracking_number: 'RR1',
        tracking_numbers: ['RR1', 'RR2'],
        tracking_url: 'https://track.example/RR1',
        line_items: [{ id: 9001, quantity: 2 }],
      },
    ],
    discount_codes: [{ code: 'SEHEN10', amount: '10.00', type: 'fixed_amount' }],
    tax_lines: [{ title: 'USt', rate: 0.2, price: '39.90' }],
    shipping_lines: [
      { id: 1, title: 'Express', code: null, price: '10.00', discounted_price: '10.00', is_removed: true },
      { id: 2, title: 'Standard', code: 'STD', price: '10.00', discounted_price: '5.00', is_removed: false },
    ],
    note_attributes: [
      { name: 'ai_session_id', value: 'sess-1' },
      { name: 'recommendation_id_1', value: 'rec-a' },
    ],
    ...changes,
  })

/** A customer as Shopify describes one since 2025-01, without tags and consents. */
export const customer = (changes: Changes = {}): unknown =>
  bodyOf({
    id: 77,
    admin_graphql_api_id: 'gid://shopify/Customer/77',
    email: 'zoe@example.at',
    phone: null,
    first_name: 'Zoë',
    last_name: '',
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-05-01T00:00:00Z',
    state: 'enabled',
    verified_email: true,
    tax_exempt: false,
    note: null,
    currency: 'EUR',
    addresses: [{ id: 1, address1: 'Ring 1', city: 'Wien', country: 'Austria', country_code: 'AT', default: true }],
    ...changes,
  })

/** A frame with one variant and our metafields. */
export const product = (changes: Changes = {}): unknown =>
  bodyOf({
    id: 31,
    admin_graphql_api_id: 'gid://shopify/Product/31',
    title: 'Aviator 👓',
    body_html: null,
    handle: 'aviator',
    vendor: 'Varai',
    product_type: '',
    status: 'active',
    tags: 'new, gold',
    created_at: '2026-01-01T00:00:00Z',
    published_at: null,
    updated_at: '2026-05-01T00:00:00Z',
    options: [{ name: 'Colour', values: ['gold', 'black'] }],
    variants: [
      {
        id: 41,
        title: 'gold',
        sku: 'AVI-52',
        barcode: '4006381333931',
        price: '124.95',
        compare_at_price: null,
        position: 1,
        option1: 'gold',
        option2: null,
        option3: null,
        inventory_item_id: 51,
        inventory_quantity: -2,
        taxable: true,
        updated_at: '2026-05-01T00:00:00Z',
      },
    ],
    images: [{ id: 61, src: 'https://cdn.example/a.jpg?v=1&width=9', alt: null, position: 1, variant_ids: [41] }],
    metafields: [
      { namespace: 'varai', key: 'frame_shape', value: 'aviator' },
      { namespace: 'varai', key: 'recommended_face_shapes', value: 'oval, heart,' },
    ],
    ...changes,
  })
