import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createShop } from './create-shop.ts'
import { deliver } from './deliver.ts'
import type { Delivery } from './shopify/delivery.ts'
import { signShopify } from './shopify/sign.ts'

type Received = { id: string; body: Buffer; signature: string; topic: string }

const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((closed) => server.close(closed))
  }
})

/** A server that answers each request as `answer` says, and keeps what it got. */
async function receive(answer: (count: number, received: Received, response: ServerResponse) => void, port = 0) {
  const received: Received[] = []
  const server = createServer((incoming: IncomingMessage, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const header = (name: string) => String(incoming.headers[name])
      const one = {
        id: header('x-shopify-webhook-id'),
        topic: header('x-shopify-topic'),
        signature: header('x-shopify-hmac-sha256'),
        body: Buffer.concat(chunks),
      }
      received.push(one)
      answer(received.filter(({ id }) => id === one.id).length, one, response)
    })
  })
  servers.push(server)
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening))
  const { port: at } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${at}/webhooks/shopify`, port: at, received, server }
}

const shop = createShop({ seed: 1, merchantId: 'm', storeId: 's.myshopify.com', secret: 'shh', deliveries: 60 })
const deliveries: Delivery[] = [...shop.deliveries()]
const idsOf = (sent: readonly Delivery[]) => sent.map(({ headers }) => headers['X-Shopify-Webhook-Id'] ?? '').sort()
const ok = (response: ServerResponse) => response.writeHead(200).end('ok')

test('every delivery arrives with its bytes and its signature, and the report tells how', async () => {
  const { url, received } = await receive((_, __, response) => ok(response))
  const report = await deliver(deliveries, { url, concurrency: 8 })
  expect(report).toMatchObject({ ended: 'done', deliveries: 60, accepted: 60, retries: 0, byStatus: { 200: 60 } })
  expect(report.latency.p50).toBeGreaterThan(0)
  expect(report.latency.p99).toBeGreaterThanOrEqual(report.latency.p50)
  expect(received.map(({ id }) => id).sort()).toEqual(idsOf(deliveries))
  for (const { body, signature } of received) expect(signShopify(body, 'shh')).toBe(signature)
})

test('a repetition is the same request again', async () => {
  const { url, received } = await receive((_, __, response) => ok(response))
  const report = await deliver(deliveries, { url, repeat: 3, shuffle: 'total' })
  expect(report.accepted).toBe(180)
  for (const [, copies] of Map.groupBy(received, ({ id }) => id)) {
    expect(copies).toHaveLength(3)
    expect(new Set(copies.map(({ body }) => body.toString('base64'))).size).toBe(1)
  }
})

test('what is refused, left without an answer or cut off comes again until it is accepted', async () => {
  const { url, received } = await receive((count, { id }, response) => {
    const kind = Number.parseInt(id.slice(0, 1), 16) % 3
    if (count > 2) ok(response)
    else if (kind === 0) response.writeHead(503, { 'Retry-After': '1' }).end()
    else if (kind === 1) response.destroy()
    // a third is never answered
  })
  const report = await deliver(deliveries, { url, concurrency: 60, timeout: 200 })
  expect(report).toMatchObject({ ended: 'done', accepted: 60 })
  expect(report.retries).toBeGreaterThanOrEqual(120)
  expect(report.byStatus['200']).toBe(60)
  expect(report.byStatus['503']).toBeGreaterThan(0)
  expect(Object.keys(report.byStatus).some((status) => /^[A-Z_]+$/.test(status))).toBe(true)
  expect(received.length).toBeGreaterThanOrEqual(180)
})

test('a receiver that is not there is asked until it is, at its new address', async () => {
  const first = await receive((_, __, response) => ok(response))
  let url = first.url
  await new Promise((closed) => first.server.close(closed))
  const reporting = deliver(deliveries.slice(0, 5), { url: () => url, concurrency: 5 })
  const second = await receive((_, __, response) => ok(response))
  url = second.url
  const report = await reporting
  expect(report).toMatchObject({ ended: 'done', accepted: 5 })
  expect(second.received).toHaveLength(5)
})

test('without retries a failure is only counted', async () => {
  const { url } = await receive((_, __, response) => response.writeHead(401).end())
  const report = await deliver(deliveries, { url, retryOnFailure: false })
  expect(report).toMatchObject({ ended: 'done', deliveries: 60, accepted: 0, retries: 0, byStatus: { 401: 60 } })
})

test('what a delivery wants to hear ends it, a refusal too; anything else is sent again', async () => {
  const { url, received } = await receive((count, { topic }, response) => {
    if (count === 1) response.writeHead(503).end()
    else response.writeHead(topic.startsWith('orders/') ? 401 : 200).end()
  })
  const wanted = ({ topic }: Delivery, status: number) => status === (topic.startsWith('orders/') ? 401 : 200)
  const report = await deliver(deliveries, { url, wanted })
  expect(report).toMatchObject({ ended: 'done', accepted: 60, retries: 60, byStatus: { 503: 60 } })
  expect(report.byStatus['401']).toBeGreaterThan(0)
  expect(received).toHaveLength(120)
})

describe('an end', () => {
  test('comes with the signal, whatever is under way', async () => {
    const stop = new AbortController()
    const { url } = await receive((_, __, response) => {
      ok(response)
      stop.abort()
    })
    const report = await deliver(deliveries, { url, concurrency: 1, signal: stop.signal })
    expect(report.ended).toBe('aborted')
    expect(report.deliveries).toBeLessThan(60)
  })

  test('comes when the time is up, also while waiting for a receiver that never accepts', async () => {
    const refusing = await receive((_, __, response) => response.writeHead(500).end())
    expect(await deliver(deliveries, { url: refusing.url, deadline: 150 })).toMatchObject({
      ended: 'deadline',
      accepted: 0,
    })
    const silent = await receive(() => undefined)
    expect(await deliver(deliveries, { url: silent.url, deadline: 150 })).toMatchObject({
      ended: 'deadline',
      accepted: 0,
      byStatus: { TimeoutError: 16 },
    })
  })
})

test('no more than the rate is started, and no more than the concurrency is in flight', async () => {
  let [now, most] = [0, 0]
  const { url } = await receive((_, __, response) => {
    now += 1
    most = Math.max(most, now)
    setImmediate(() => {
      now -= 1
      ok(response)
    })
  })
  const report = await deliver(deliveries.slice(0, 20), { url, concurrency: 3, rate: 100 })
  expect(report.accepted).toBe(20)
  expect(report.seconds).toBeGreaterThanOrEqual(0.18)
  expect(most).toBeLessThanOrEqual(3)
})
