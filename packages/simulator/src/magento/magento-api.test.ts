import { createHmac } from 'node:crypto'
import OAuth from 'oauth-1.0a'
import { afterEach, expect, test } from 'vitest'
import { createMagentoShop } from './create-magento-shop.ts'
import { type MagentoApi, type MagentoApiOptions, startMagentoApi } from './start-magento-api.ts'

const shop = createMagentoShop({ seed: 'api', merchantId: 'm1', storeId: 'default', currency: 'EUR', orders: 30 })
const bearer = { accessToken: 'token' }
let api: MagentoApi | undefined
afterEach(() => api?.close())

async function open(options: Partial<MagentoApiOptions> = {}) {
  api = await startMagentoApi({ shop: shop.view(), access: bearer, ...options })
  const { url } = api
  return async (path: string, headers: Record<string, string> = { authorization: 'Bearer token' }) => {
    const response = await fetch(`${url}/rest/${path}`, { headers })
    return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) }
  }
}
const ids = (body: { items: { entity_id?: number; id?: number }[] }) =>
  body.items.map((each) => each.entity_id ?? each.id)
const page = (size: number, at: number) => `searchCriteria[pageSize]=${size}&searchCriteria[currentPage]=${at}`
const filter = (group: number, at: number, field: string, value: string, type: string) =>
  [
    ['field', field],
    ['value', encodeURIComponent(value)],
    ['condition_type', type],
  ]
    .map(([leaf, text]) => `searchCriteria[filter_groups][${group}][filters][${at}][${leaf}]=${text}`)
    .join('&')

test('without a page size it says everything; past the end the last page again, but of products nothing', async () => {
  const get = await open()
  const all = await get('default/V1/orders')
  expect([ids(all.body).length, all.body.total_count]).toEqual([30, 30])
  const last = await get(`default/V1/orders?${page(20, 2)}`)
  expect(ids(last.body)).toHaveLength(10)
  expect(ids((await get(`all/V1/orders?${page(20, 7)}`)).body)).toEqual(ids(last.body))
  expect((await get(`V1/products?${page(20, 70)}`)).body).toMatchObject({ items: [], total_count: expect.any(Number) })
})

test('alternatives inside of a group, groups together, in the order that is asked for', async () => {
  const get = await open()
  const [one, two, three] = ids((await get('V1/orders')).body)
  const either = `${filter(0, 0, 'entity_id', String(one), 'eq')}&${filter(0, 1, 'entity_id', String(three), 'eq')}`
  expect(ids((await get(`V1/orders?${either}`)).body)).toEqual([one, three])
  const both = `${either}&${filter(1, 0, 'entity_id', String(two), 'gt')}`
  expect(ids((await get(`V1/orders?${both}`)).body)).toEqual([three])
  const sorted = 'searchCriteria[sortOrders][0][field]=entity_id&searchCriteria[sortOrders][0][direction]=DESC'
  expect(ids((await get(`V1/orders?${either}&${sorted}`)).body)).toEqual([three, one])
  const { body } = await get(`V1/orders?${filter(0, 0, 'updated_at', '2026-11-09 00:00:00', 'gteq')}`)
  expect(body.items.length).toBeGreaterThan(0)
  expect(body.items.length).toBeLessThan(30)
  expect(body.items.every((each: { updated_at: string }) => each.updated_at >= '2026-11-09')).toBe(true)
  expect(ids((await get(`V1/customers/search?${filter(0, 0, 'entity_id', '2,3', 'in')}`)).body)).toEqual([2, 3])
})

test('money is a number, times say no zone, stock is told apart', async () => {
  const get = await open()
  const { body } = await get('V1/orders')
  const order = body.items[0]
  expect([typeof order.base_grand_total, typeof order.increment_id]).toEqual(['number', 'string'])
  expect(order.updated_at).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
  expect((await get(`V1/orders/${order.entity_id}`)).body).toEqual(order)
  const [listed] = (await get('V1/products')).body.items
  expect(listed.extension_attributes).not.toHaveProperty('stock_item')
  const alone = (await get(`V1/products/${listed.sku}`)).body
  expect((await get(`V1/stockItems/${listed.sku}`)).body).toEqual(alone.extension_attributes.stock_item)
  const low = (await get('V1/stockItems/lowStock?scopeId=0&qty=5&pageSize=100')).body
  expect(low.items.length).toBeGreaterThan(0)
  expect(low.items.every((each: { qty: number }) => each.qty <= 5)).toBe(true)
  const source = (await get(`V1/inventory/source-items?${page(100, 1)}`)).body
  expect(source.items[0]).toMatchObject({ sku: expect.any(String), source_code: 'default', status: expect.any(Number) })
  expect((await get('V1/orders/999999')).status).toBe(404)
  expect((await get('elsewhere/V1/orders')).status).toBe(404)
})

test('a token alone, where only that is known; four values must sign, once, and for what is asked', async () => {
  const get = await open()
  expect((await get('V1/orders', {})).status).toBe(401)
  await api?.close()
  const access = { consumerKey: 'k', consumerSecret: 'k s', accessToken: 't', accessTokenSecret: "t's" }
  const signed = await open({ access })
  const path = `V1/orders?${filter(0, 0, 'updated_at', '2026-11-09 00:00:00', 'gteq')}`
  const oauth = new OAuth({
    ...{ consumer: { key: 'k', secret: access.consumerSecret }, signature_method: 'HMAC-SHA256' },
    hash_function: (base, key) => createHmac('sha256', key).update(base).digest('base64'),
  })
  const sign = (of: string, secret = access.accessTokenSecret) => {
    const request = { url: `${api?.url}/rest/${of}`, method: 'GET' }
    return oauth.toHeader(oauth.authorize(request, { key: 't', secret })).Authorization
  }
  const authorization = sign(path)
  expect((await signed(path, { authorization })).status).toBe(200)
  expect((await signed(path, { authorization })).status).toBe(401)
  expect((await signed('V1/products', { authorization: sign(path) })).status).toBe(401)
  expect((await signed(path, { authorization: sign(path, 'other') })).status).toBe(401)
  expect((await signed(path, { authorization: 'Bearer t' })).status).toBe(401)
})

test('fails as it is told to, and lives on between two answers', async () => {
  const view = shop.view({ entries: 0 })
  const get = await open({
    shop: view,
    onRequest: () => void view.advance(40),
    fails: (request) =>
      request === 2
        ? { kind: 'status', status: 429, headers: { 'retry-after': '1' } }
        : request === 3
          ? { kind: 'broken' }
          : undefined,
  })
  const first = (await get('V1/products')).body.total_count
  expect(await get('V1/products')).toMatchObject({ status: 429, body: { message: 'Too Many Requests' } })
  await expect(get('V1/products')).rejects.toThrow()
  expect((await get('V1/products')).body.total_count).toBeGreaterThan(first)
  expect(api?.answers.get(429)).toBe(1)
})
