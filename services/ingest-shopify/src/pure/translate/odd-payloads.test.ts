import { describe, expect, test } from 'vitest'
import { customer, order, product } from '../../test-payloads.ts'
import { all, body, failures } from '../../test-statements.ts'
import { translate } from './translate.ts'

/** What shops really send and no sample shows: each says what it says, or why it says nothing. */
const store = { platform: 'shopify', merchantId: 'm', id: 'shop.myshopify.com', currency: 'EUR' } as const
const translated = (topic: string, document: unknown) => translate(document, { topic, store })
const facts = (topic: string, document: unknown) => all(translated(topic, document))[0]?.facts

const pending = { financial_status: 'pending' }

describe('an order', () => {
  test.each<[string, Record<string, unknown>, object]>([
    ['flags that a relay made words of', { test: 'true', taxes_included: '0' }, { test: true, taxesIncluded: false }],
    ['amounts as numbers', { total_price: 249.9, total_tax: 0 }, { total: '249.9', totalTax: '0' }],
    ['tags as GraphQL lists them', { tags: ['vip', 'Überprüfung, neu', ''] }, { tags: ['vip', 'Überprüfung', 'neu'] }],
    [
      'currencies in small letters, and such without decimals',
      { currency: 'jpy', presentment_currency: 'krw', total_price: '24990' },
      { currency: 'JPY', presentmentCurrency: 'KRW', total: '24990' },
    ],
    ['an amount of nothing in a currency of three decimals', { currency: 'KWD', total_price: '0.000' }, { total: '0' }],
    ['a note that is half an emoji', { note: 'brille \ud83d' }, { note: 'brille \ufffd' }],
    ['a name from right to left', { name: '#١٠٤٢\u200f' }, { name: '#١٠٤٢\u200f' }],
    [
      'properties that hold anything',
      {
        line_items: [
          {
            id: 1,
            properties: [
              { name: '_options', value: { tint: ['grey', { depth: 0.5 }] } },
              { name: null, value: 'nameless' },
              { name: 'engraving', value: null },
              { name: 7, value: 7.5 },
            ],
          },
        ],
      },
      {
        items: [
          {
            id: '1',
            properties: [
              { name: '_options', value: '{"tint":["grey",{"depth":0.5}]}' },
              { name: '', value: 'nameless' },
              { name: 'engraving', value: '' },
              { name: '7', value: '7.5' },
            ],
          },
        ],
      },
    ],
    [
      'a line of a product that is gone',
      {
        line_items: [
          { id: 1, product_id: null, variant_id: null, sku: '', title: 'Tip', price: '5.00', quantity: '1' },
        ],
      },
      { items: [{ id: '1', title: 'Tip', price: '5', quantity: 1 }] },
    ],
    [
      'attributes as an object',
      { note_attributes: { recommendation_id_2: 'b', gift: true, recommendation_id_1: 'a', ai_session_id: 's-9' } },
      { aiSessionId: 's-9', recommendationIds: ['a', 'b'], metadata: [{ name: 'gift', value: 'true' }] },
    ],
    [
      'its id in the newer form',
      {
        id: 'gid://shopify/Order/5001',
        admin_graphql_api_id: undefined,
        customer: { id: 'gid://shopify/Customer/77' },
      },
      { customerId: '77' },
    ],
    [
      'a line without an id',
      { line_items: [{ title: 'Tip', quantity: 1 }] },
      { items: [{ title: 'Tip', quantity: 1 }] },
    ],
    ['lists that are null', { line_items: null, refunds: null, tax_lines: null }, { complete: { refunds: false } }],
  ])('says %s', (_, changes, expected) => {
    expect(facts('orders/updated', order({ ...pending, ...changes }))).toMatchObject(expected)
  })

  test.each([[{}], [{ id: null, email: null }], [{ email: 'zoe@example.at' }]])(
    'of a customer without an id (%j) is that of a guest, and the log says so',
    (somebody) => {
      const result = translated('orders/create', order({ ...pending, customer: somebody }))
      expect(result.ok && result.leftOut).toEqual(['customer'])
      expect(all(result)).toMatchObject([{ userId: undefined, facts: { customerId: undefined, total: '249.9' } }])
    },
  )

  test('partially fulfilled is the order whole', () => {
    const [statement] = all(
      translated('orders/partially_fulfilled', order({ ...pending, fulfillment_status: 'partial' })),
    )
    expect(statement).toMatchObject({ eventName: 'order_updated', facts: { fulfillmentStatus: 'partial' } })
  })
})

describe('the time of what is told', () => {
  test.each([
    ['orders/create', order({ ...pending, updated_at: null })],
    ['customers/create', customer({ updated_at: null, created_at: null })],
    ['products/create', product({ updated_at: null, created_at: null })],
    ['refunds/create', body('{"id":1,"order_id":2,"created_at":null}')],
  ])('is the trigger’s where %s says null, as samples do', (topic, document) => {
    expect(all(translated(topic, document))).toMatchObject([{ platformAt: undefined }])
  })

  test('of a refund that says only when it was processed is that', () => {
    const refund = body('{"id":1,"order_id":2,"created_at":null,"processed_at":"2026-05-02T06:00:00.123456789Z"}')
    expect(all(translated('refunds/create', refund))).toMatchObject([
      { platformAt: Date.parse('2026-05-02T06:00:00.123Z') },
    ])
  })

  test.each(['orders/updated', 'customers/update', 'products/update'])(
    'is missing in a body of %s that does not speak of it',
    (topic) => {
      expect(failures(translated(topic, body('{"id":1}')))).toEqual(['updated_at: is missing'])
    },
  )
})

describe('a customer', () => {
  test.each(['customers/enable', 'customers/disable'])('by %s is told whole', (topic) => {
    const [statement] = all(translated(topic, customer({ state: 'DISABLED', verified_email: 'no' })))
    expect(statement).toMatchObject({
      ...{ eventName: 'customer_updated', facts: { state: 'disabled', verifiedEmail: false, email: 'zoe@example.at' } },
    })
  })
})

describe('a fulfilment by itself', () => {
  test('is one of its order’s, and says nothing about the others', () => {
    const fulfilment = body(
      `{"id":8001,"order_id":820982911946154508,"status":"success","updated_at":"2026-05-01T10:00:00Z",
        "tracking_company":"Post","tracking_number":"RR1","line_items":[{"id":9001,"quantity":2}]}`,
    )
    for (const topic of ['fulfillments/create', 'fulfillments/update']) {
      expect(all(translated(topic, fulfilment))).toMatchObject([
        {
          ...{ eventName: 'order_updated', entityId: '820982911946154508' },
          facts: { fulfilments: [{ id: '8001', trackingNumbers: ['RR1'], lines: [{ lineId: '9001', quantity: 2 }] }] },
        },
      ])
    }
    expect(failures(translated('fulfillments/create', body('{"id":1,"updated_at":null}')))).toEqual([
      'order_id: is missing',
    ])
  })
})

describe('a product', () => {
  test('with a picture that has no address yet says the others', () => {
    const images = [
      { id: 1, src: null },
      { id: 2, src: 'https://cdn.example/b.jpg' },
    ]
    const result = translated('products/update', product({ images }))
    expect(result.ok && result.leftOut).toEqual(['images[0].src'])
    expect(all(result)).toMatchObject([{ facts: { images: [{ id: '2', src: 'https://cdn.example/b.jpg' }] } }])
  })

  test('of 2,048 variants, 250 of them in the body, says those and that there are more', () => {
    const gid = (id: number) => `gid://shopify/ProductVariant/${id}`
    const variants = Array.from({ length: 250 }, (_, at) => ({ id: at + 1, price: '1.00', option1: `${at}` }))
    const variant_gids = Array.from({ length: 2_048 }, (_, at) => ({ admin_graphql_api_id: gid(at + 1) }))
    const said = facts('products/update', product({ variants, variant_gids }))
    expect(said).toMatchObject({ complete: { variants: false } })
    expect(said).toHaveProperty('variants.length', 250)
  })

  test('without price, sku and stock says so of its variant', () => {
    const variants = [{ id: 1, title: '', price: null, sku: null, inventory_quantity: null, taxable: 'yes' }]
    expect(facts('products/create', product({ variants }))).toMatchObject({ variants: [{ id: '1', taxable: true }] })
  })
})

describe('stock', () => {
  test.each([
    ['counted', '{"inventory_item_id":1,"location_id":2,"available":7,"updated_at":null}', 7, []],
    ['below nothing', '{"inventory_item_id":1,"location_id":2,"available":"-3"}', -3, []],
    ['that nobody counts', '{"inventory_item_id":1,"location_id":2,"available":null}', undefined, ['available']],
  ])('%s', (_, json, available, cleared) => {
    expect(all(translated('inventory_levels/update', body(json)))).toMatchObject([{ cleared, facts: { available } }])
  })
})
