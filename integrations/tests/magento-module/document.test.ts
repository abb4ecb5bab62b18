import { describe, expect, test } from 'vitest'
import { startMagentoCore } from './magento-core.ts'

/** What must never leave a shop, wherever a model or another module puts it. */
const secrets = {
  password_hash: 'SECRET',
  rp_token: 'SECRET',
  rp_token_created_at: 'SECRET',
  cc_number_enc: 'SECRET',
  cc_last4: 'SECRET',
  cc_owner: 'SECRET',
  additional_information: { token: 'SECRET' },
  remote_ip: 'SECRET',
  x_forwarded_for: 'SECRET',
  protect_code: 'SECRET',
  quote_id: 'SECRET',
  taxvat: 'SECRET',
  customer_taxvat: 'SECRET',
  dob: 'SECRET',
  customer_dob: 'SECRET',
  gender: 'SECRET',
  confirmation: 'SECRET',
  failures_num: 'SECRET',
}
const address = {
  ...secrets,
  street: ['Weg 1', 'Hof'],
  city: 'Kiel',
  postcode: '24103',
  country_id: 'DE',
  vat_id: 'SECRET',
}

const order = {
  ...secrets,
  entity_id: '17',
  increment_id: '000000017',
  updated_at: '2026-11-22 11:59:58',
  order_currency_code: 'EUR',
  grand_total: '189.9000',
  total_due: 0,
  customer_email: 'ada@example.com',
  coupon_code: null,
  customer_note: { deep: 'SECRET' },
  varai_ai_session_id: 's-1',
  varai_extra: { deep: 'SECRET' },
  items: [
    { ...secrets, item_id: '3', product_type: 'configurable', sku: 'F-1', price: '189.9000' },
    { ...secrets, item_id: '4', parent_item_id: '3', product_type: 'simple', sku: 'F-1', price: 0.1 },
  ],
  billing_address: address,
  payment: { ...secrets, method: 'checkmo', cc_type: 'SECRET', po_number: 'SECRET' },
  extension_attributes: {
    ...secrets,
    shipping_assignments: [{ ...secrets, shipping: { ...secrets, method: 'flatrate_flatrate', address } }],
    payment_additional_info: [{ key: 'SECRET', value: 'SECRET' }],
  },
  status_histories: [{ comment: 'SECRET' }],
}
const customer = {
  ...secrets,
  id: 9,
  email: 'ada@example.com',
  firstname: 'Ada',
  addresses: [{ ...address, region: { ...secrets, region_code: 'SH', region: 'Schleswig-Holstein', region_id: 94 } }],
  extension_attributes: { ...secrets, is_subscribed: true },
  custom_attributes: [
    { attribute_code: 'varai_preferred_shape', value: 'round' },
    { attribute_code: 'sso_token', value: 'SECRET' },
    { attribute_code: 'description', value: 'SECRET' },
  ],
}
const product = {
  ...secrets,
  id: 5,
  sku: 'F-1',
  name: 'Rund',
  type_id: 'configurable',
  price: 189.9,
  product_links: [{ ...secrets, sku: 'F-1', link_type: 'related', linked_product_sku: 'F-2' }],
  media_gallery_entries: [{ ...secrets, id: 1, file: '/a/b.jpg', types: ['image'], content: { base64: 'SECRET' } }],
  extension_attributes: { website_ids: [1], configurable_product_links: [6, 7], stock_item: { qty: 'SECRET' } },
  custom_attributes: [
    { attribute_code: 'varai_frame_shape', value: 'round' },
    { attribute_code: 'varai_recommended_face_shapes', value: ['oval', { deep: 'SECRET' }] },
    { attribute_code: 'url_key', value: 'rund' },
    { attribute_code: 'cost', value: 'SECRET' },
    { attribute_code: 'varai_object', value: null },
    'odd',
  ],
}

describe.each(['8.1', '8.4'] as const)('PHP %s', async (version) => {
  const php = await startMagentoCore(version)
  const encode = async (topic: string, document: unknown): Promise<string> =>
    String(
      await php(
        `Document::encode($given['topic'], $given['document'], new \\DateTimeImmutable('2026-11-22T13:00:00.250+01:00'))`,
        { topic, document },
      ),
    )

  test('an order leaves with its lines, addresses, currencies and totals, and nothing else', async () => {
    const place = { street: ['Weg 1', 'Hof'], city: 'Kiel', postcode: '24103', country_id: 'DE' }
    expect(JSON.parse(await encode('order.saved', order))).toEqual({
      entity_id: '17',
      increment_id: '000000017',
      updated_at: '2026-11-22 11:59:58',
      order_currency_code: 'EUR',
      grand_total: '189.9000',
      total_due: 0,
      customer_email: 'ada@example.com',
      varai_ai_session_id: 's-1',
      items: [
        { item_id: '3', product_type: 'configurable', sku: 'F-1', price: '189.9000' },
        { item_id: '4', parent_item_id: '3', product_type: 'simple', sku: 'F-1', price: 0.1 },
      ],
      billing_address: place,
      payment: { method: 'checkmo' },
      extension_attributes: {
        shipping_assignments: [{ shipping: { method: 'flatrate_flatrate', address: place } }],
      },
      saved_at: '2026-11-22T12:00:00.250Z',
    })
  })

  test('a customer leaves without what signs them in', async () => {
    expect(JSON.parse(await encode('customer.saved', customer))).toMatchObject({
      id: 9,
      addresses: [{ city: 'Kiel', region: { region_code: 'SH', region_id: 94 } }],
      extension_attributes: { is_subscribed: true },
      custom_attributes: [{ attribute_code: 'varai_preferred_shape', value: 'round' }],
    })
  })

  test('a product leaves with the attributes of the catalogue and ours', async () => {
    expect(JSON.parse(await encode('product.saved', product))).toMatchObject({
      type_id: 'configurable',
      price: 189.9,
      extension_attributes: { website_ids: [1], configurable_product_links: [6, 7] },
      custom_attributes: [
        { attribute_code: 'varai_frame_shape', value: 'round' },
        { attribute_code: 'varai_recommended_face_shapes', value: ['oval'] },
        { attribute_code: 'url_key', value: 'rund' },
      ],
    })
  })

  test.each([
    ['order.saved', order],
    ['customer.saved', customer],
    ['customer.deleted', customer],
    ['product.saved', product],
    ['product.deleted', product],
    ['stock.saved', { ...product, product_id: 5, qty: '3.0000', low_stock_date: 'SECRET' }],
  ])('%s holds no secret', async (topic, document) => {
    const body = await encode(topic, document)
    expect(body).not.toContain('SECRET')
    for (const name of Object.keys(secrets)) expect(body).not.toContain(`"${name}"`)
  })

  test('a deletion names what is gone, and no person', async () => {
    expect(JSON.parse(await encode('customer.deleted', customer))).toEqual({
      id: 9,
      saved_at: '2026-11-22T12:00:00.250Z',
    })
  })

  test('floats keep their digits, and a text that was cut in a letter keeps nothing back', async () => {
    const body = `Document::encode('stock.saved', ['qty' => 0.1 + 0.2, 'website_id' => 0.1, 'sku' => "a\\xC3"], new \\DateTimeImmutable('@0'))`
    expect(await php(body)).toBe(
      '{"sku":"a\uFFFD","website_id":0.1,"qty":0.30000000000000004,"saved_at":"1970-01-01T00:00:00.000Z"}',
    )
  })
})
