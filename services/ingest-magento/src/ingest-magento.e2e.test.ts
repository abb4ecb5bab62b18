import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type {} from '@varai/dev-stack/vitest'
import { createCodec, createKafka, ensureTopics, tail } from '@varai/kafka'
import { createLog } from '@varai/runtime'
import { lanes, laneTopic } from '@varai/schemas'
import { fixturesFolder, readFixture, type ServiceProcess, startServiceProcess, withFixtures } from '@varai/testkit'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, beforeEach, expect, inject, test, vi } from 'vitest'
import { adobeEvent, keyPathOf, startTestAdobe, type TestAdobe } from './test-adobe.ts'

const stack = inject('stack')
const name = `ingest-magento-e2e-${process.pid}`
const storeId = 'main store/de'
const masterKey = randomBytes(32)
const log = createLog({ service: name, level: 'silent' })
const kafka = createKafka({ brokers: stack.kafka.brokers, clientId: name, topicPrefix: `${name}.` }, log)
const codec = createCodec({ registryUrl: stack.registry.url, log })
const mongo = new MongoClient(stack.mongo.url)

let folder: string
let adobe: TestAdobe
let env: Record<string, string>
let service: ServiceProcess
let url: string

async function start(changes: Record<string, string> = {}): Promise<[ServiceProcess, string]> {
  const child = startServiceProcess(join(import.meta.dirname, 'main.ts'), { ...env, PORT: '0', ...changes })
  const { url: at } = await child.logged('webhooks.listening')
  return [child, String(at)]
}

/** As `start`, and it can reach Kafka. */
async function started(): Promise<[ServiceProcess, string]> {
  const [child, at] = await start()
  await vi.waitFor(async () => expect((await fetch(`${at}/readyz`)).status).toBe(200), 60_000)
  return [child, at]
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingest-magento-e2e-'))
  adobe = await startTestAdobe()
  env = {
    ...{ KAFKA_BROKERS: stack.kafka.brokers.join(','), SCHEMA_REGISTRY_URL: stack.registry.url },
    ...{ MONGO_URL: stack.mongo.url, MONGO_DATABASE: name, REDIS_URL: stack.redis.url },
    ...{ VARAI_TOPIC_PREFIX: `${name}.`, VARAI_MASTER_KEY: masterKey.toString('base64') },
    ...{ VARAI_STORES: join(folder, 'stores.yaml'), VARAI_ADOBE_KEYS_URL: adobe.url },
  }
  const store = (id: string, secret: string, clientId?: string) => ({
    ...{ platform: 'magento', id, currency: 'USD', api: { url: 'http://127.0.0.1:9' } },
    webhookSecrets: { current: { literal: secret }, previous: { literal: `${secret}-old` } },
    ...(clientId === undefined ? {} : { adobe: { clientId } }),
  })
  const stores = [
    store(storeId, 'main-secret', 'our-client'),
    store('other', 'other-secret', 'other-client'),
    store('open', 'o'),
  ]
  // JSON is YAML.
  await writeFile(env['VARAI_STORES'] ?? '', JSON.stringify({ merchants: [{ id: 'm1', stores }] }))
  await ensureTopics(kafka, { partitions: 2 })
  ;[service, url] = await started()
})
beforeEach(() => adobe.answer('keys'))
afterAll(async () => {
  await service?.stop()
  await adobe?.close()
  await mongo.db(name).dropDatabase()
  await mongo.close()
  await rm(folder, { recursive: true, force: true })
})

async function answerOf(path: string, init: RequestInit, at = url) {
  const response = await fetch(at + path, init)
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

const eventsPath = (store = storeId) => `/webhooks/magento/events/${encodeURIComponent(store)}`

/** Delivers as Adobe does. */
const deliver = (body: unknown, headers: Record<string, string> = {}, path = eventsPath(), at = url) => {
  const text = JSON.stringify(body)
  return answerOf(path, { method: 'POST', headers: adobe.headers(text, headers), body: text }, at)
}

type Parts = { topic?: string; id?: string; sentAt?: number; secret?: string }

/** Delivers as our module does. */
const post = (body: unknown, parts: Parts = {}, at = url) => {
  const { topic = 'order.saved', id = randomUUID(), secret = 'main-secret' } = parts
  const timestamp = Math.floor((parts.sentAt ?? Date.now()) / 1_000)
  const text = JSON.stringify(body)
  const signature = createHmac('sha256', secret).update(`${timestamp}.${id}.${topic}.${text}`).digest('hex')
  const headers = {
    ...{ 'content-type': 'application/json', 'x-varai-store': storeId, 'x-varai-topic': topic, 'x-varai-event-id': id },
    ...{ 'x-varai-timestamp': String(timestamp), 'x-varai-signature': `sha256=${signature}` },
  }
  return answerOf('/webhooks/magento/module', { method: 'POST', headers, body: text }, at)
}

/** The events that Kafka has of an entity, oldest first. */
async function eventsOf(entityId: string) {
  const found = []
  const topics = lanes.map(laneTopic)
  for await (const { decoded, key } of tail({ kafka, codec, topics, from: 'earliest', untilEnd: true })) {
    if (!decoded.ok) throw new Error(decoded.reason)
    if ('entityId' in decoded.value && decoded.value.entityId === entityId) found.push({ key, value: decoded.value })
  }
  return found
}
const namesOf = async (entityId: string) =>
  (await eventsOf(entityId)).map(({ value }) => ('eventName' in value ? value.eventName : '')).toSorted()

const order = (id: number, changes: Record<string, unknown> = {}) => ({
  ...{ entity_id: String(id), increment_id: `00000000${id}`, state: 'processing', status: 'processing' },
  ...{ created_at: '2026-11-01 08:00:00', updated_at: '2026-11-01 09:00:00', customer_is_guest: '1' },
  ...{ base_currency_code: 'USD', order_currency_code: 'USD', base_grand_total: '28.0000', grand_total: '28.0000' },
  ...{ total_due: '28.0000', base_total_due: '28.0000', ...changes },
})

test('Adobe tries out the address of a store that we have, and of no other', async () => {
  expect(await answerOf(`${eventsPath()}?challenge=abc`, {})).toEqual({ status: 200, body: { challenge: 'abc' } })
  expect(await answerOf(`${eventsPath('nobody')}?challenge=abc`, {})).toMatchObject({ status: 405 })
  expect(await answerOf('/webhooks/magento/module?challenge=abc', {})).not.toMatchObject({ status: 200 })
  expect(await answerOf(`${eventsPath()}?challenge=abc`, { method: 'POST', body: '{}' })).toMatchObject({ status: 401 })
})

test('one event: on its lanes when the answer is there, once however often it comes', async () => {
  const event = adobeEvent(order(1, { total_due: '0.0000', base_total_due: '0.0000' }), { event_id: 'e-1' })
  expect(await deliver(event)).toMatchObject({ status: 200, body: { deliveries: 1, duplicates: 0 } })
  expect(await deliver({ ...event, id: randomUUID() })).toMatchObject({ status: 200, body: { duplicates: 1 } })
  expect(await namesOf('1')).toEqual(['order_updated', 'payment_completed'])
  expect((await eventsOf('1'))[0]).toMatchObject({
    key: `m1|order|magento|${storeId}|1`,
    value: {
      ...{ merchantId: 'm1', source: 'magento', storeId, origin: 'webhook', total: '28', netTotal: null },
      ...{ platformAt: Date.UTC(2026, 10, 1, 9), triggeredAt: Date.parse(event.time) },
    },
  })
})

test('forged events: a path that leads elsewhere is never asked for', async () => {
  const before = adobe.asked.length
  const event = adobeEvent(order(5))
  for (const path of ['.evil.example/k.pem', '@evil.example/k.pem', '/prod/keys/../pub-key-1.pem']) {
    const paths = { 'x-adobe-public-key1-path': path, 'x-adobe-public-key2-path': path }
    expect(await deliver(event, paths), path).toMatchObject({ status: 401, body: { error: 'bad signature' } })
  }
  expect(adobe.asked.length).toBe(before)
  const made = { 'x-adobe-public-key1-path': keyPathOf('77'), 'x-adobe-public-key2-path': keyPathOf('78') }
  expect(await deliver(event, made)).toMatchObject({ status: 401 })
  expect(await deliver(event, {}, '/webhooks/magento/elsewhere')).toMatchObject({ status: 404 })
  expect(await deliver(event, {}, '/webhooks/magento/events/%E0%A4%A')).toMatchObject({ status: 400 })
  expect(await namesOf('5')).toEqual([])
})

test('what deserves another attempt is never answered with 4xx', async () => {
  expect(await deliver(adobeEvent(order(6)), {}, eventsPath('open'))).toMatchObject({ status: 503 })
  const [fresh, at] = await started()
  adobe.answer('error')
  const event = adobeEvent(order(6))
  expect(await deliver(event, {}, eventsPath(), at)).toMatchObject({ status: 503 })
  adobe.answer('keys')
  expect(await deliver(event, {}, eventsPath(), at)).toMatchObject({ status: 200 })
  expect(await fresh.stop()).toBe(0)
  expect(await namesOf('6')).toEqual(['order_updated'])
})

test('our module: a save on its lanes, again under the old secret a duplicate; the time of the save settles ties', async () => {
  const savedAt = Date.UTC(2026, 10, 1, 9, 0, 0, 250)
  const body = { ...order(8), saved_at: new Date(savedAt).toISOString() }
  const id = randomUUID()
  expect(await post(body, { id })).toMatchObject({ status: 200, body: { ok: true } })
  expect(await post(body, { id, secret: 'main-secret-old' })).toMatchObject({ status: 200, body: { duplicate: true } })
  const events = await eventsOf('8')
  expect(events).toHaveLength(1)
  expect(events[0]).toMatchObject({
    value: {
      eventId: `magento|${storeId}|${id}|0`,
      platformAt: Date.UTC(2026, 10, 1, 9),
      triggeredAt: savedAt,
      netTotal: '28',
    },
  })
  const gone = { id: 80, saved_at: new Date(savedAt).toISOString() }
  expect(await post(gone, { topic: 'customer.deleted' })).toMatchObject({ status: 200 })
  expect(await eventsOf('80')).toMatchObject([{ value: { platformAt: savedAt, terminal: true, confirmed: true } }])
})

test('deliveries of our module that were signed long ago, or ahead of time, are refused', async () => {
  const minute = 60_000
  expect(await post(order(9), { sentAt: Date.now() - 16 * minute })).toMatchObject({ status: 401 })
  expect(await post(order(9), { sentAt: Date.now() + 6 * minute })).toMatchObject({ status: 401 })
  expect(await namesOf('9')).toEqual([])
})

withFixtures(test)('every captured file has its outcome: no 5xx, and nothing is lost', async () => {
  const topics: [prefix: string, topic: string][] = [
    ['rest.customer', 'customer.saved'],
    ['rest.product', 'product.saved'],
    ['order', 'order.saved'],
  ]
  const outcomes: Record<string, string[]> = {}
  for (const file of await readdir(join(fixturesFolder() ?? '', 'magento'))) {
    const whole = JSON.parse(readFixture('magento', file).toString()) as {
      readonly [key: string]: unknown
      readonly result?: { readonly items: unknown[] }
      readonly items?: unknown[]
      readonly event?: object
    }
    const documents = whole.result?.items ?? (file.includes('search') ? whole.items : undefined) ?? [whole]
    const topic = topics.find(([prefix]) => file.startsWith(prefix))?.[1]
    outcomes[file] = []
    for (const document of documents) {
      const told = adobeEvent(document, {
        type: `com.adobe.commerce.observer.${file.includes('invoice') ? 'sales_order_invoice' : 'bulk'}_save_commit_after`,
      })
      const isEvent = file.startsWith('event.')
      const event = {
        ...told,
        ...(isEvent
          ? { type: 'com.adobe.commerce.observer.catalog_product_save_after', ...(whole.event ?? whole) }
          : {}),
      }
      const given =
        topic === undefined
          ? deliver({ ...event, recipient_client_id: 'our-client', recipientclientid: 'our-client' })
          : post(document, { topic })
      const { status, body } = await given
      expect(status, file).toBe(200)
      outcomes[file].push(body['kept'] === undefined || body['kept'] === 0 ? 'taken' : 'kept')
    }
  }
  expect(outcomes).toEqual({
    'event.catalog_product_save_after.json': ['taken'],
    // It names no id.
    'event.cloudevent.catalog_product_save_commit_after.json': ['kept'],
    'order_history.vsf.json': ['taken'],
    // Nothing of ours.
    'rest.bulk_status.json': ['kept'],
    'rest.customer.json': ['taken'],
    'rest.customers_search.json': expect.not.arrayContaining(['kept']),
    'rest.invoice.json': ['taken'],
    'rest.product.configurable.json': ['taken'],
    'rest.product.grouped.json': ['taken'],
  })
  expect(await namesOf('102')).toEqual(['order_created'])
  expect(await namesOf('2078')).toEqual(['product_created'])
})
