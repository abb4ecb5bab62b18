import { expect, test } from 'vitest'
import { createWooShop } from './create-woo-shop.ts'

const options = { merchantId: 'm1', storeId: 'https://shop.example', secret: 's', currency: 'EUR', orders: 80 }
const shop = (seed = 'a') => createWooShop({ ...options, seed })

test('the same seed makes the same shop, another one another', () => {
  const bytes = (of: ReturnType<typeof shop>) => of.deliveries.map(({ headers, body }) => [headers, body.toString()])
  expect(bytes(shop())).toEqual(bytes(shop()))
  expect(bytes(shop('b'))).not.toEqual(bytes(shop()))
})

test('a life has everything that makes WooCommerce hard', () => {
  const { deliveries } = shop()
  const bodies = deliveries.map(({ body }) => body.toString())
  const topics = new Set(deliveries.map(({ topic }) => topic))
  for (const topic of ['order.deleted', 'order.restored', 'product.deleted', 'action.woocommerce_new_customer']) {
    expect([...topics]).toContain(topic)
  }
  expect(bodies.some((body) => body.includes('"type":"variation"'))).toBe(true)
  expect(bodies.some((body) => /"total":"-\d/.test(body))).toBe(true)
  expect(bodies.some((body) => /"customer_id":0\b/.test(body))).toBe(true)
  expect(bodies.some((body) => /"quantity":"\d/.test(body))).toBe(true)
  expect(bodies.some((body) => body.includes('"date_modified_gmt":null'))).toBe(true)
})

test('the truth is what the shop itself says in the end', () => {
  const woo = shop()
  const { orders, products, customers } = woo.truth().records
  expect([orders.size, products.size, customers.size]).toEqual([
    ...[woo.documents('orders').length, woo.documents('products').length, woo.documents('customers').length],
  ])
  for (const [id, { deleted, fields }] of [...orders, ...products]) {
    const entity = orders.has(id) ? 'orders' : 'products'
    const document = woo.document(entity, Number(id.split('|').at(-1)))
    expect(document).toMatchObject(deleted ? { status: 'trash' } : { id: Number(fields['platformId']) })
  }
  expect([...orders.values()].some(({ deleted }) => deleted)).toBe(true)
  expect(woo.document('orders', 999_999)).toBeUndefined()
})
