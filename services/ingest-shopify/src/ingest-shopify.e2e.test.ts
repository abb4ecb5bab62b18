import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Service, startService } from '@varai/dev-stack'
import type {} from '@varai/dev-stack/vitest'
import { createCodec, createKafka, ensureTopics, readDeadLetters, tail } from '@varai/kafka'
import { createLog } from '@varai/runtime'
import { lanes, laneTopic, privacyTopic } from '@varai/schemas'
import { signedRequest, storesFile } from '@varai/simulator'
import { cableTo, type ServiceProcess, startServiceProcess, withFixtures } from '@varai/testkit'
import { createVault, localMasterKey } from '@varai/vault'
import { stringify } from 'lossless-json'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { order } from './test-payloads.ts'
import { fixture } from './test-statements.ts'

const stack = inject('stack')
const name = `ingest-shopify-e2e-${process.pid}`
const storeId = 'shop.myshopify.com'
const masterKey = randomBytes(32)
const log = createLog({ service: name, level: 'silent' })
const kafka = createKafka({ brokers: stack.kafka.brokers, clientId: name, topicPrefix: `${name}.` }, log)
const codec = createCodec({ registryUrl: stack.registry.url, log })
const mongo = new MongoClient(stack.mongo.url)
const vault = createVault({ db: mongo.db(name), masterKey: localMasterKey(masterKey) })
const main = join(import.meta.dirname, 'main.ts')

let folder: string
let service: Service
let env: Record<string, string>
const others: ServiceProcess[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingest-shopify-e2e-'))
  env = {
    ...{ KAFKA_BROKERS: stack.kafka.brokers.join(','), SCHEMA_REGISTRY_URL: stack.registry.url },
    ...{ MONGO_URL: stack.mongo.url, MONGO_DATABASE: name, REDIS_URL: stack.redis.url },
    ...{ VARAI_TOPIC_PREFIX: `${name}.`, VARAI_MASTER_KEY: masterKey.toString('base64') },
    VARAI_STORES: join(folder, 'stores.yaml'),
  }
  const store = { merchantId: 'm1', storeId, currency: 'EUR', secret: 'first' }
  await writeFile(env['VARAI_STORES'] ?? '', storesFile([store]))
  await ensureTopics(kafka, { partitions: 2 })
  service = await startService({ name, entry: main, env: { ...process.env, ...env }, stateDir: folder })
})
afterAll(async () => {
  await Promise.all([service?.stop(), ...others.map((other) => other.stop())])
  await mongo.db(name).dropDatabase()
  await mongo.close()
  await rm(folder, { recursive: true, force: true })
})

/** Another process of the service, where something of its environment is different. */
async function another(changes: Record<string, string>): Promise<{ url: string; child: ServiceProcess }> {
  const child = startServiceProcess(main, { ...env, PORT: '0', ...changes })
  others.push(child)
  const { url } = await child.logged('webhooks.listening')
  return { url: new URL(String(url)).origin, child }
}

type Parts = { topic?: string; id?: string; triggeredAt?: string; to?: string }

/** Posts a signed delivery as Shopify does. */
async function post(body: Buffer | string, parts: Parts = {}) {
  const { topic = 'orders/create', id = randomUUID(), to = service.url } = parts
  const triggered = parts.triggeredAt === undefined ? {} : { triggeredAt: parts.triggeredAt }
  const { headers, ...signed } = signedRequest(body, {
    ...{ topic, secret: 'first', shopDomain: storeId, webhookId: id, ...triggered },
  })
  const response = await fetch(`${to}/webhooks/shopify`, { method: 'POST', headers, body: new Uint8Array(signed.body) })
  const answer: unknown = await response.json()
  return { status: response.status, headers: Object.fromEntries(response.headers), answer, id }
}

/** The events that Kafka has of one delivery. */
async function eventsOf(id: string) {
  const found = []
  const topics = lanes.map(laneTopic)
  for await (const { decoded, topic, key } of tail({ kafka, codec, topics, from: 'earliest', untilEnd: true })) {
    if (!decoded.ok) throw new Error(decoded.reason)
    if ('deliveryId' in decoded.value && decoded.value.deliveryId === id) found.push({ topic, key, ...decoded })
  }
  return found
}

/** The requests that Kafka has of one delivery. */
async function requestsOf(id: string) {
  const found = []
  for await (const { decoded, key } of tail({
    kafka,
    codec,
    topics: [privacyTopic],
    from: 'earliest',
    untilEnd: true,
  })) {
    if (decoded.ok && 'deliveryId' in decoded.value && decoded.value.deliveryId === id) found.push({ key, ...decoded })
  }
  return found
}

async function lettersOf(id: string) {
  const found = []
  for await (const letter of readDeadLetters({ kafka, untilEnd: true })) {
    if (letter.headers['varai-delivery-id'] === id) found.push(letter)
  }
  return found
}

const orderText = (changes: Record<string, unknown> = {}) => stringify(order(changes)) ?? ''

describe('what only Shopify sends, on the real stack', () => {
  test('accepted: the events are on their lanes when the answer is there', async () => {
    const body =
      '{"id":820982911946154508,"updated_at":"2026-05-02T06:00:00Z","financial_status":"paid","total_price":"9.90"}'
    const { status, id } = await post(body, { topic: 'orders/updated', triggeredAt: '2026-05-02T06:00:01.123456789Z' })
    expect(status).toBe(200)
    const key = `m1|order|shopify|${storeId}|820982911946154508`
    const shared = { source: 'shopify', merchantId: 'm1', storeId, entityId: '820982911946154508', region: 'NA' }
    const times = {
      platformAt: Date.parse('2026-05-02T06:00:00Z'),
      triggeredAt: Date.parse('2026-05-02T06:00:01.123Z'),
    }
    expect((await eventsOf(id)).toSorted((one, other) => one.topic.localeCompare(other.topic))).toMatchObject([
      {
        ...{ topic: 'varai.events.high', key, record: 'OrderStated' },
        value: {
          ...shared,
          ...times,
          eventName: 'payment_completed',
          eventId: `shopify|${storeId}|820982911946154508|paid`,
        },
      },
      {
        ...{ topic: 'varai.events.medium', key, record: 'OrderStated' },
        value: { ...shared, ...times, eventName: 'order_updated', eventId: `shopify|${storeId}|${id}|0`, total: '9.9' },
      },
    ])
  })

  test('headers are known in any case, and optional ones may be absent', async () => {
    const { headers, body } = signedRequest('{"id":3}', {
      topic: 'products/delete',
      secret: 'first',
      shopDomain: storeId,
      webhookId: randomUUID(),
    })
    const upper = Object.fromEntries(Object.entries(headers).map(([key, value]) => [key.toUpperCase(), value]))
    const { 'X-SHOPIFY-API-VERSION': _, ...given } = upper
    const response = await fetch(`${service.url}/webhooks/shopify`, {
      method: 'POST',
      headers: given,
      body: new Uint8Array(body),
    })
    expect(response.status).toBe(200)
  })

  test('larger than 1 MiB: what it states goes through, what cannot be read is kept in parts', async () => {
    const spacious = `${' '.repeat(3_000_000)}{"id":4,"updated_at":"2026-05-02T06:00:00Z"}`
    const stated = await post(spacious)
    expect(stated).toMatchObject({ status: 200, answer: { ok: true } })
    expect(await eventsOf(stated.id)).toHaveLength(1)

    const long = `{"id":5,"body_html":"${'ö'.repeat(1_500_000)}"}`
    const kept = await post(long, { topic: 'products/update' })
    expect(kept).toMatchObject({ status: 200, answer: { kept: 'dead-letters', reasons: ['updated_at: is missing'] } })
    const letters = await lettersOf(kept.id)
    const byPart = letters.toSorted((one, other) =>
      (one.headers['varai-delivery-part'] ?? '').localeCompare(other.headers['varai-delivery-part'] ?? ''),
    )
    const parts = await Promise.all(
      byPart.map(async ({ bytes }) => (await vault.openRaw(bytes ?? Buffer.alloc(0))) ?? Buffer.alloc(0)),
    )
    expect(Buffer.concat(parts).equals(Buffer.from(long))).toBe(true)
  })

  test('an event larger than 1 MiB: its short values on the lane, the whole in the vault', async () => {
    const description = 'Überprüfung 👓 '.repeat(80_000)
    const body =
      stringify({ id: 11, title: 'Aviator', body_html: description, updated_at: '2026-05-02T06:00:00Z' }) ?? ''
    const { status, id } = await post(body, { topic: 'products/update' })
    expect(status).toBe(200)
    const [light, ...more] = await eventsOf(id)
    expect(more).toEqual([])
    expect(light).toMatchObject({
      record: 'ProductStated',
      value: { title: 'Aviator', entityId: '11', description: null },
    })
    const reference = light !== undefined && 'payloadRef' in light.value ? (light.value.payloadRef ?? '') : ''
    const payload = await vault.readBack({ merchantId: 'm1', platform: 'shopify', storeId }, reference)
    expect(await codec.decode(payload ?? null)).toMatchObject({
      record: 'ProductStated',
      value: { eventId: `shopify|${storeId}|${id}|0`, title: 'Aviator', description, payloadRef: null },
    })
    expect(await lettersOf(id)).toEqual([])
  })

  test('a request about personal data: in the ledger and on its topic when the answer is there', async () => {
    const asked = await post(
      '{"shop_id":1,"customer":{"id":191167,"email":"john@example.com","phone":null},"orders_to_redact":[299938]}',
      { topic: 'customers/redact', triggeredAt: '2026-05-02T06:00:00Z' },
    )
    expect(asked).toMatchObject({ status: 200, answer: { ok: true } })
    const requestId = `shopify|${storeId}|${asked.id}`
    const found = await requestsOf(asked.id)
    const due = '2026-06-01T06:00:00Z'
    expect(found).toMatchObject([
      {
        key: expect.stringMatching(/^sub_[\da-f]{32}$/),
        value: {
          ...{ requestId, kind: 'customer_redact', scope: 'record', customerId: '191167', email: 'john@example.com' },
          ...{ orderIds: ['299938'], legalDueAt: Date.parse(due), eventName: 'privacy_requested', storeId },
        },
      },
    ])
    const [entry] = await mongo
      .db(name)
      .collection<{ _id: string }>('privacy_requests')
      .find({ _id: requestId })
      .toArray()
    expect(entry).toMatchObject({
      subjectRef: found[0]?.key,
      legalDueAt: new Date(due),
      handedOverAt: expect.any(Date),
    })
    expect(JSON.stringify(entry)).not.toMatch(/john|191167/)
    expect(await eventsOf(asked.id)).toEqual([])

    const shop = await post('{"shop_id":1,"shop_domain":"shop.myshopify.com"}', { topic: 'shop/redact' })
    expect(await requestsOf(shop.id)).toMatchObject([{ value: { kind: 'shop_redact', customerId: null, email: null } }])
  })
})

describe('what is needed is away', () => {
  /** Another process whose line to one thing it needs is cut at first. */
  async function anotherBehindCable(target: string, envFor: (port: number) => Record<string, string>) {
    const { hostname, port } = new URL(target)
    const cable = await cableTo({ host: hostname, port: Number(port) })
    cable.be('cut')
    cables.push(cable)
    return { cable, ...(await another(envFor(cable.port))) }
  }
  const cables: Awaited<ReturnType<typeof cableTo>>[] = []
  afterAll(() => Promise.all(cables.map((cable) => cable.close())))

  const replaced = (url: string, port: number) => Object.assign(new URL(url), { host: `127.0.0.1:${port}` }).href

  test('the registry at the start: 503 with Retry-After and not ready; once it is there, the retry is taken', async () => {
    const { cable, url } = await anotherBehindCable(stack.registry.url, (port) => ({
      SCHEMA_REGISTRY_URL: replaced(stack.registry.url, port),
    }))
    const body = orderText({ id: 7, admin_graphql_api_id: undefined, financial_status: 'pending' })
    const refused = await post(body, { to: url })
    expect(refused).toMatchObject({ status: 503, headers: { 'retry-after': '5' } })
    expect((await fetch(`${url}/readyz`)).status).toBe(503)
    cable.be('open')
    await vi.waitFor(async () => expect((await fetch(`${url}/readyz`)).status).toBe(200), { timeout: 30_000 })
    expect(await post(body, { to: url, id: refused.id })).toMatchObject({ status: 200, answer: { ok: true } })
    expect(await eventsOf(refused.id)).toHaveLength(1)
  })

  test('the vault: what must be sealed is refused, all else goes through; once it is there, the retry is kept', async () => {
    const { cable, url } = await anotherBehindCable(stack.mongo.url, (port) => ({
      MONGO_URL: replaced(stack.mongo.url, port),
    }))
    await vi.waitFor(async () => expect((await fetch(`${url}/readyz`)).status).toBe(200), { timeout: 20_000 })
    expect(await post('{"id":8,"updated_at":"2026-05-02T06:00:00Z"}', { to: url })).toMatchObject({ status: 200 })
    const refused = await post('{', { to: url })
    expect(refused).toMatchObject({ status: 503, headers: { 'retry-after': '5' } })
    const redact = await post('{"shop_id":1}', { to: url, topic: 'shop/redact' })
    expect(redact).toMatchObject({ status: 503, headers: { 'retry-after': '5' } })
    cable.be('open')
    const retried = await vi.waitFor(
      async () => {
        const answer = await post('{', { to: url, id: refused.id })
        expect(answer.status).toBe(200)
        return answer
      },
      { timeout: 30_000 },
    )
    expect(retried).toMatchObject({ answer: { kept: 'dead-letters' } })
    expect(await lettersOf(refused.id)).toHaveLength(1)
  })

  const broker = stack.kafka.pid
  test.skipIf(broker === undefined)(
    'Kafka hangs: 503 before the platform gives up, and the retry is the same event',
    async () => {
      const body = orderText({ id: 10, admin_graphql_api_id: undefined, financial_status: 'pending' })
      process.kill(broker ?? 0, 'SIGSTOP')
      let refused: Awaited<ReturnType<typeof post>>
      try {
        refused = await post(body)
      } finally {
        process.kill(broker ?? 0, 'SIGCONT')
      }
      expect(refused).toMatchObject({ status: 503, headers: { 'retry-after': '5' } })
      expect(await post(body, { id: refused.id })).toMatchObject({ status: 200 })
      // A Redis that was too slow meanwhile leaves it to the ids.
      const ids = (await eventsOf(refused.id)).map(({ value }) => 'eventId' in value && value.eventId)
      expect(new Set(ids)).toEqual(new Set([`shopify|${storeId}|${refused.id}|0`]))
    },
  )
})

withFixtures(describe)('captured deliveries, signed and posted', () => {
  test.each([
    ['orders.create.json', 'order_created', '820982911946154508'],
    ['orders.updated.json', 'order_updated', '820982911946154508'],
    ['orders.cancelled.json', 'order_cancelled', '820982911946154508'],
    ['customers.create.json', 'customer_created', '706405506930370084'],
    ['customers.update.json', 'customer_updated', '706405506930370084'],
    ['customers.delete.json', 'customer_deleted', '706405506930370084'],
    ['products.create.json', 'product_created', '788032119674292922'],
    ['products.update.json', 'product_updated', '788032119674292922'],
    ['products.delete.json', 'product_deleted', '788032119674292900'],
    ['refunds.create.json', 'order_refunded', '820982911946154500'],
    ['inventory_levels.update.json', 'inventory_sync', '271878346596884015'],
    ['app.uninstalled.json', 'store_uninstalled', storeId],
  ])('%s → %s', async (file, eventName, entityId) => {
    const { headers, body } = fixture(file)
    const id = `${headers['x-shopify-webhook-id']}-${file}`
    const topic = headers['x-shopify-topic'] ?? ''
    const triggeredAt = headers['x-shopify-triggered-at'] ?? ''
    expect(await post(stringify(body) ?? '', { id, topic, triggeredAt })).toMatchObject({
      status: 200,
      answer: { ok: true },
    })
    expect(await eventsOf(id)).toMatchObject([{ value: { eventName, entityId, storeId } }])
  })

  test.each(['carts.update.json', 'checkouts.create.json'])('%s → dead letter', async (file) => {
    const { headers, body } = fixture(file)
    const kept = await post(stringify(body) ?? '', { topic: headers['x-shopify-topic'] ?? '' })
    expect(kept).toMatchObject({ status: 200, answer: { kept: 'dead-letters', reasons: ['unknown topic'] } })
    expect(await lettersOf(kept.id)).toHaveLength(1)
  })
})
