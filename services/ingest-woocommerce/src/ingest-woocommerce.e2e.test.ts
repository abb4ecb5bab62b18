import { createHmac, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type {} from '@varai/dev-stack/vitest'
import { createCodec, createKafka, createPublisher, ensureTopics, readDeadLetters, tail } from '@varai/kafka'
import { createLog, urlOf } from '@varai/runtime'
import { fetchTopic, lanes, laneTopic } from '@varai/schemas'
import { fixturesFolder, readFixture, type ServiceProcess, startServiceProcess, withFixtures } from '@varai/testkit'
import { createVault, localMasterKey } from '@varai/vault'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, beforeEach, expect, inject, test, vi } from 'vitest'

const stack = inject('stack')
const name = `ingest-woocommerce-e2e-${process.pid}`
const storeId = 'https://shop.example/blog'
const masterKey = randomBytes(32)
const log = createLog({ service: name, level: 'silent' })
const kafka = createKafka({ brokers: stack.kafka.brokers, clientId: name, topicPrefix: `${name}.` }, log)
const codec = createCodec({ registryUrl: stack.registry.url, log })
const mongo = new MongoClient(stack.mongo.url)
const nowhere = { KAFKA_BROKERS: '127.0.0.1:9' }

let folder: string
let env: Record<string, string>
let service: Running
let shop: Server
/** What the shop's REST API answers, by path. */
let documents = new Map<string, { readonly status: number; readonly body: object }>()
let deliveries = 0

type Running = { readonly url: string; readonly child: ServiceProcess }

async function start(changes: Record<string, string> = {}): Promise<Running> {
  const child = startServiceProcess(join(import.meta.dirname, 'main.ts'), { ...env, PORT: '0', ...changes })
  const { url } = await child.logged('webhooks.listening')
  return { url: String(url), child }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingest-woocommerce-e2e-'))
  shop = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://shop')
    const found = documents.get(pathname.replace('/wp-json/wc/v3/', ''))
    response.writeHead(found?.status ?? 404).end(JSON.stringify(found?.body ?? { code: 'rest_no_route', message: '' }))
  })
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve))
  env = {
    ...{ KAFKA_BROKERS: stack.kafka.brokers.join(','), SCHEMA_REGISTRY_URL: stack.registry.url },
    ...{ MONGO_URL: stack.mongo.url, MONGO_DATABASE: name, REDIS_URL: stack.redis.url },
    ...{ VARAI_TOPIC_PREFIX: `${name}.`, VARAI_MASTER_KEY: masterKey.toString('base64') },
    ...{ VARAI_STORES: join(folder, 'stores.yaml'), VARAI_SPOOL: join(folder, 'spool') },
  }
  const store = {
    ...{
      platform: 'woocommerce',
      id: 'https://Shop.example/blog/',
      currency: 'EUR',
      api: { url: urlOf(shop.address()) },
    },
    credentials: { consumerKey: { literal: 'ck' }, consumerSecret: { literal: 'cs' } },
    webhookSecrets: { current: { literal: 'new&amp;improved' }, previous: { literal: 'old' } },
  }
  // JSON is YAML.
  await writeFile(env['VARAI_STORES'] ?? '', JSON.stringify({ merchants: [{ id: 'm1', stores: [store] }] }))
  await ensureTopics(kafka, { partitions: 2 })
  service = await start()
  // It takes deliveries before it reaches Kafka: the first ones may go by the disk.
  const direct = async () => (await post(orderText(9_000 + deliveries))).answer['spooled']
  await vi.waitFor(async () => expect(await direct()).toBeUndefined(), 30_000)
})
beforeEach(() => {
  documents = new Map()
})
afterAll(async () => {
  await service?.child.stop()
  shop?.close()
  await mongo.db(name).dropDatabase()
  await mongo.close()
  await rm(folder, { recursive: true, force: true })
})

type Parts = { topic?: string; secret?: string; deliveryId?: string; to?: string }

/** Posts a delivery as WooCommerce does. */
async function post(body: string | Buffer, parts: Parts = {}) {
  const { topic = 'order.updated', secret = 'new&improved' } = parts
  deliveries += 1
  const headers = {
    ...{ 'content-type': 'application/json', 'user-agent': 'WooCommerce/9.9.9 Hookshot (WordPress/6.8)' },
    ...{ 'x-wc-webhook-source': 'https://shop.example/blog/', 'x-wc-webhook-topic': topic, 'x-wc-webhook-id': '10' },
    'x-wc-webhook-signature': createHmac('sha256', secret).update(body).digest('base64'),
    'x-wc-webhook-delivery-id': parts.deliveryId ?? `d${deliveries}`,
  }
  const response = await fetch(parts.to ?? service.url, {
    method: 'POST',
    headers,
    body: new Uint8Array(Buffer.from(body)),
  })
  return { status: response.status, answer: (await response.json()) as Record<string, unknown> }
}

/** The events that Kafka has of an entity, oldest first. */
async function eventsOf(entityId: string) {
  const found = []
  const topics = lanes.map(laneTopic)
  for await (const { decoded, key } of tail({ kafka, codec, topics, from: 'earliest', untilEnd: true })) {
    if (!decoded.ok) throw new Error(decoded.reason)
    if ('entityId' in decoded.value && decoded.value.entityId === entityId) found.push({ key, ...decoded })
  }
  return found
}
const nothingSpooled = /^varai_ingest_woocommerce_spooled_deliveries(?:\{.*\})? 0$/m
const metricsOf = async (of: Running) => (await fetch(new URL('/metrics', of.url))).text()
const namesOf = async (entityId: string) =>
  (await eventsOf(entityId)).map(({ value }) => 'eventName' in value && value.eventName)

const order = (id: number, changes: Record<string, unknown> = {}) => ({
  ...{ id, status: 'processing', currency: 'EUR', total: '12.50', customer_id: 0, line_items: [] },
  ...{ date_created_gmt: '2026-11-01T08:00:00', date_modified_gmt: '2026-11-01T09:00:00', date_paid_gmt: null },
  ...changes,
})
const orderText = (...of: Parameters<typeof order>) => JSON.stringify(order(...of))

test('a paid order is on its lanes when the answer is there, once however often it comes', async () => {
  const body = orderText(1, { date_paid_gmt: '2026-11-01T08:30:00' })
  expect(await post(body)).toMatchObject({ status: 200, answer: { ok: true } })
  expect(await post(body, { secret: 'old' })).toMatchObject({ status: 200, answer: { duplicate: true } })
  const events = await eventsOf('1')
  expect(events.map(({ value }) => 'eventName' in value && value.eventName).toSorted()).toEqual([
    ...['order_updated', 'payment_completed'],
  ])
  expect(events[0]).toMatchObject({
    key: `m1|order|woocommerce|${storeId}|1`,
    value: {
      source: 'woocommerce',
      storeId,
      merchantId: 'm1',
      platformAt: Date.UTC(2026, 10, 1, 9),
      origin: 'webhook',
    },
  })
})

test('the ping is answered, and opens nothing', async () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const knock = async (body: string) => (await fetch(service.url, { method: 'POST', headers: form, body })).status
  expect(await knock('webhook_id=10')).toBe(200)
  expect(await knock('webhook_id=10&order=2')).toBe(400)
  expect(await namesOf('2')).toEqual([])
})

test('a completed order is fetched; the event says when the store answered', async () => {
  documents.set('orders/3', { status: 200, body: order(3, { status: 'completed' }) })
  const before = Date.now()
  const topic = 'action.woocommerce_order_status_completed'
  const body = JSON.stringify({ action: 'woocommerce_order_status_completed', arg: 3 })
  expect(await post(body, { topic })).toMatchObject({ status: 200, answer: { spooled: true } })
  await expect.poll(() => namesOf('3')).toEqual(['order_completed'])
  const [event] = await eventsOf('3')
  expect(event?.value).toMatchObject({ status: 'completed', origin: 'webhook' })
  expect(event !== undefined && 'triggeredAt' in event.value && Number(event.value.triggeredAt)).toBeGreaterThanOrEqual(
    before,
  )
})

test('two deletions that look alike with a restore between them: the last one counts', async () => {
  const trash = (at: string) => ({ status: 200, body: order(4, { status: 'trash', date_modified_gmt: at }) })
  documents.set('orders/4', trash('2026-11-01T10:00:00'))
  await post('{"id":4}', { topic: 'order.deleted', deliveryId: 'same' })
  await expect.poll(() => namesOf('4')).toEqual(['order_deleted'])
  const restored = order(4, { date_modified_gmt: '2026-11-01T11:00:00' })
  documents.set('orders/4', { status: 200, body: restored })
  await post(JSON.stringify(restored), { topic: 'order.restored' })
  documents.set('orders/4', trash('2026-11-01T12:00:00'))
  await post('{"id":4}', { topic: 'order.deleted', deliveryId: 'same' })
  await expect.poll(() => namesOf('4')).toEqual(['order_deleted', 'order_restored', 'order_deleted'])
  const events = await eventsOf('4')
  const times = events.map(({ value }) => 'platformAt' in value && value.platformAt)
  expect(times).toEqual([10, 11, 12].map((hour) => Date.UTC(2026, 10, 1, hour)))
  expect(events.at(-1)?.value).toMatchObject({ confirmed: true, terminal: false, reason: 'trashed' })
  expect(new Set(events.map(({ value }) => 'eventId' in value && value.eventId)).size).toBe(3)
})

test('asked what became of a deletion, twice for one and the same: each time what the store says then', async () => {
  const publisher = createPublisher({ kafka, codec, log })
  await publisher.connect(['FetchRequested'])
  const key = `m1|order|woocommerce|${storeId}|6`
  const ask = () =>
    publisher.publish({
      ...{ topic: fetchTopic('woocommerce'), key, record: 'FetchRequested' },
      value: {
        ...{ requestId: `${key}|unconfirmed-delete|1`, merchantId: 'm1', platform: 'woocommerce', storeId },
        ...{ entityType: 'order', entityId: '6', reason: 'unconfirmed-delete', requestedAt: Date.now() },
        ...{ causeEventId: `woocommerce|${storeId}|d|0`, platformAt: Date.UTC(2026, 10, 1, 10) },
      },
    })
  const at = (hour: number) => ({ date_modified_gmt: `2026-11-01T${hour}:00:00` })
  const names: string[] = []
  for (const [status, hour, event] of [
    ['trash', 10, 'order_deleted'],
    ['processing', 11, 'order_updated'],
    ['trash', 12, 'order_deleted'],
  ] as const) {
    documents.set('orders/6', { status: 200, body: order(6, { status, ...at(hour) }) })
    await ask()
    names.push(event)
    await expect.poll(() => namesOf('6'), { timeout: 40_000 }).toEqual(names)
  }
  documents.set('orders/6', {
    status: 404,
    body: { code: 'woocommerce_rest_shop_order_invalid_id', message: 'Invalid ID.', data: { status: 404 } },
  })
  await ask()
  await expect.poll(() => namesOf('6'), { timeout: 40_000 }).toEqual([...names, 'order_deleted'])
  const events = await eventsOf('6')
  expect(events.map(({ value }) => 'reason' in value && value.reason)).toEqual(['trashed', false, 'trashed', 'deleted'])
  expect(new Set(events.map(({ value }) => 'eventId' in value && value.eventId)).size).toBe(4)
  expect(events[0]?.value).toMatchObject({ origin: 'api', confirmed: true, platformAt: Date.UTC(2026, 10, 1, 10) })
  await publisher.close()
})

test('a WordPress error in place of an order is kept sealed, with its code', async () => {
  const body = '{"code":"woocommerce_rest_cannot_view","message":"Sorry","data":{"status":403}}'
  expect(await post(body)).toMatchObject({ status: 200, answer: { kept: 'dead-letters' } })
  const letters = []
  for await (const letter of readDeadLetters({ kafka, untilEnd: true })) letters.push(letter)
  const letter = letters.find(({ reason }) => reason.includes('woocommerce_rest_cannot_view'))
  const vault = createVault({ db: mongo.db(name), masterKey: localMasterKey(masterKey) })
  expect((await vault.openRaw(letter?.bytes ?? Buffer.alloc(0)))?.toString()).toBe(body)
})

test('Kafka away, the service killed under load and started again: nothing that was answered with 200 is lost', async () => {
  const other = await start({ ...nowhere, VARAI_SPOOL: join(folder, 'killed') })
  const ready = new URL('/readyz', other.url)
  expect((await fetch(ready)).status).toBe(200)
  const answered: number[] = []
  let killed = false
  let next = 1_000
  const senders = Array.from({ length: 8 }, async () => {
    while (!killed) {
      const id = next++
      const answer = await post(orderText(id), { to: other.url }).catch(() => undefined)
      if (answer?.status === 200) answered.push(id)
    }
  })
  await expect.poll(() => answered.length).toBeGreaterThan(150)
  await other.child.stop('SIGKILL')
  killed = true
  await Promise.all(senders)
  const again = await start({ VARAI_SPOOL: join(folder, 'killed') })
  await expect.poll(() => metricsOf(again), { timeout: 30_000 }).toMatch(nothingSpooled)
  const published = new Set<unknown>()
  const topics = lanes.map(laneTopic)
  for await (const { decoded } of tail({ kafka, codec, topics, from: 'earliest', untilEnd: true })) {
    if (decoded.ok && 'entityId' in decoded.value) published.add(decoded.value.entityId)
  }
  expect(answered.filter((id) => !published.has(String(id)))).toEqual([])
  expect(await again.child.stop()).toBe(0)
  expect((await readdir(join(folder, 'killed'))).filter((file) => file !== 'lock')).toEqual([])
})

withFixtures(test)('every captured file has its outcome: no 5xx, no 4xx', async () => {
  const topics: [prefix: string, topic: string][] = [
    ['order_refunds', 'order.updated'],
    ['order', 'order.updated'],
    ['customer', 'customer.updated'],
    ['product', 'product.updated'],
    ['webhook', 'order.updated'],
  ]
  for (const file of await readdir(join(fixturesFolder() ?? '', 'woocommerce'))) {
    const topic = topics.find(([prefix]) => file.startsWith(prefix))?.[1] ?? 'unknown'
    const whole = JSON.parse(readFixture('woocommerce', file).toString()) as { body?: unknown }
    const all = 'body' in whole ? [whole.body] : Array.isArray(whole) ? whole : [whole]
    for (const body of all) expect((await post(JSON.stringify(body), { topic })).status, file).toBe(200)
  }
  expect(await namesOf('727')).toContain('order_updated')
  expect(await namesOf('25')).toContain('customer_updated')
  expect(await namesOf('799')).toContain('product_updated')
})
