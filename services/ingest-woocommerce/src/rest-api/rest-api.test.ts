import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { urlOf } from '@varai/runtime'
import type { StoreOf } from '@varai/runtime/stores'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createRestApi, type RestApiOptions } from './rest-api.ts'

type Handle = (request: IncomingMessage, response: ServerResponse) => void
let handle: Handle
let url: string
let close: () => Promise<void>
let asked: string[]
let time: number

beforeEach(async () => {
  asked = []
  time = Date.parse('2026-11-22T08:00:00Z')
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    handle(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = urlOf(server.address())
  close = () =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
})
afterEach(() => close())

const store = (at = url): StoreOf<'woocommerce'> => ({
  ...{ platform: 'woocommerce', merchantId: 'm1', id: 'https://shop.example', currency: 'EUR', api: { url: at } },
  credentials: { consumerKey: 'ck_1', consumerSecret: 'cs_1' },
})
const api = (options: Partial<RestApiOptions> = {}) =>
  createRestApi({
    ...{ stopping: new AbortController().signal, timeoutMs: 2_000, now: () => time, ...options },
    ...{ cooling: { first: 1_000, longest: 4_000 } },
  })
const answer =
  (status: number, body: unknown, headers: Record<string, string> = {}): Handle =>
  (_, response) =>
    void response
      .writeHead(status, { date: 'Sun, 22 Nov 2026 07:59:58 GMT', ...headers })
      .end(typeof body === 'string' ? body : JSON.stringify(body))
const error = (code: string) => ({ code, message: 'words', data: {} })

test('an order as the store states it, with ids in their digits', async () => {
  handle = answer(200, '{"id":12345678901234567890}')
  const found = await api().getOrder(store(), '7')
  expect(found).toMatchObject({
    ...{ kind: 'found', body: { id: { value: '12345678901234567890' } }, answeredAt: time },
    storeTime: Date.UTC(2026, 10, 22, 7, 59, 58),
  })
  expect(asked[0]).toMatch(/^\/wp-json\/wc\/v3\/orders\/7\?oauth_/)
  expect((await api().getOrder(store(), '7')).version).toBe(found.version)
})

test.each([
  'woocommerce_rest_shop_order_invalid_id',
  'woocommerce_rest_product_invalid_id',
  'woocommerce_rest_invalid_id',
])('only WooCommerce itself says that something is gone: %s', async (code) => {
  handle = answer(404, error(code))
  expect(await api().getCustomer(store(), '7')).toMatchObject({ kind: 'gone' })
})

test.each([
  [404, error('rest_no_route'), '404 rest_no_route'],
  [404, '<html>not found</html>', '404, and not JSON'],
  [200, '<html>just a moment</html>', '200, and not JSON'],
  [200, error('woocommerce_rest_cannot_view'), '200 woocommerce_rest_cannot_view'],
  [401, error('woocommerce_rest_cannot_view'), '401 woocommerce_rest_cannot_view'],
  [403, '<html>forbidden</html>', '403, and not JSON'],
  [301, '', '301, and not JSON'],
  [500, { id: 7 }, '500'],
])('%d %j says nothing about an order', async (status, body, reason) => {
  handle = answer(status, body, status === 301 ? { location: 'https://elsewhere.example' } : {})
  expect(await api().getOrder(store(), '7')).toMatchObject({ kind: 'unanswered', reason })
})

test('a store that did not answer is left alone, for as long as it wants or twice as long each time', async () => {
  handle = answer(429, '<html>', { 'retry-after': '3' })
  const shop = api()
  expect(await shop.getOrder(store(), '7')).toMatchObject({ kind: 'unanswered', afterMs: 3_000 })
  time += 2_000
  expect(await shop.getOrder(store(), '8')).toMatchObject({ reason: 'it is left alone for now', afterMs: 1_000 })
  expect(asked).toHaveLength(1)
  time += 1_000
  handle = answer(503, '<html>')
  expect(await shop.getOrder(store(), '7')).toMatchObject({ reason: '503, and not JSON' })
  expect(await shop.getOrder(store(), '7')).toMatchObject({ afterMs: 2_000 })
  time += 2_000
  handle = answer(200, { id: 7 })
  expect(await shop.getOrder(store(), '7')).toMatchObject({ kind: 'found' })
  expect(await shop.getOrder(store(), '8')).toMatchObject({ kind: 'found' })
})

test('no connection, no time, no credentials: unanswered; told to stop: rejected', async () => {
  expect(await api().getOrder(store('http://127.0.0.1:1'), '7')).toMatchObject({ reason: 'no connection, or it broke' })
  handle = () => undefined
  expect(await api({ timeoutMs: 30 }).getOrder(store(), '7')).toMatchObject({ reason: 'no answer within 30 ms' })
  const { credentials: _, ...without } = store()
  expect(await api().getOrder(without, '7')).toMatchObject({ reason: 'there are no API credentials' })
  const stopping = new AbortController()
  const waiting = api({ stopping: stopping.signal }).getOrder(store(), '7')
  stopping.abort()
  await expect(waiting).rejects.toThrow('aborted')
})

test('a host that takes the Authorization header away is asked by query, and from then on at once', async () => {
  const send = vi.fn(async (_: string, headers: Readonly<Record<string, string>>) => ({
    ...{ status: 'authorization' in headers ? 401 : 200, headers: new Headers() },
    body: Buffer.from('authorization' in headers ? JSON.stringify(error('woocommerce_rest_cannot_view')) : '{"id":7}'),
  }))
  const shop = api({ send })
  for (let time = 0; time < 2; time += 1) {
    expect(await shop.getOrder(store('https://shop.example'), '7')).toMatchObject({ kind: 'found' })
  }
  expect(send.mock.calls.map(([asked]) => asked.includes('consumer_secret'))).toEqual([false, true, true])
})

test('a page of a listing, with how many there are where the host says so', async () => {
  handle = answer(200, [{ id: 1 }, { id: 2 }], { 'x-wp-total': '312' })
  const page = await api().list(store(), 'orders', { offset: '99', modified_after: '2026-11-22T07:59:59' })
  expect(page).toMatchObject({ total: 312, answeredAt: time, storeTime: Date.UTC(2026, 10, 22, 7, 59, 58) })
  expect(page.documents).toHaveLength(2)
  const query = new URL(asked[0] ?? '', url).searchParams
  expect(Object.fromEntries(query)).toMatchObject({ modified_after: '2026-11-22T07:59:59', offset: '99' })
  handle = answer(200, [])
  expect(await api().list(store(), 'orders', {})).toMatchObject({ documents: [], total: undefined })
})

test('what is no list is no answer, with when the store wants to be asked again', async () => {
  handle = answer(200, { id: 1 })
  await expect(api().list(store(), 'products', {})).rejects.toThrow('the answer is no list')
  handle = answer(429, '<html>', { 'retry-after': '7' })
  await expect(api().list(store(), 'products', {})).rejects.toMatchObject({ name: 'NoAnswer', afterMs: 7_000 })
})
