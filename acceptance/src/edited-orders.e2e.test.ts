import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '@varai/demo/system'
import { workedOff } from '@varai/demo/worked-off'
import { type Service, startService } from '@varai/dev-stack'
import type {} from '@varai/dev-stack/vitest'
import { createCodec, createKafka, ensureTopics, readDeadLetters, tail, topicsInfo } from '@varai/kafka'
import { createLog } from '@varai/runtime'
import { fetchTopic, laneTopic, recordId, retryTopic } from '@varai/schemas'
import {
  compareWithTruth,
  createShop,
  defaultTopics,
  deliver,
  signedRequest,
  startAdminApi,
  storesFile,
} from '@varai/simulator'
import { startServiceProcess } from '@varai/testkit'
import { parse, stringify } from 'lossless-json'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'

const stack = inject('stack')
const name = `edited-orders-${process.pid}`
const app = { clientId: 'varai', clientSecret: 'app-secret', refreshToken: 'shprt_installed' }
const shop = createShop({
  ...{ seed: 'edits', merchantId: 'm1', storeId: 'editing.myshopify.com', secret: 'shh', deliveries: 2_000 },
  topics: [...defaultTopics, 'orders/edited'],
})
const log = createLog({ service: name, level: 'silent' })
const kafka = createKafka({ brokers: stack.kafka.brokers, clientId: name, topicPrefix: `${name}.` }, log)
const codec = createCodec({ registryUrl: stack.registry.url, log })
const mongo = new MongoClient(stack.mongo.url)

let folder: string
let api: Awaited<ReturnType<typeof startAdminApi>>
const services: Service[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edited-orders-'))
  // The standing points are gone after a few orders: most questions have to wait for more.
  api = await startAdminApi({ shop, credentials: app, bucket: { maximum: 1_000, restoreRate: 400 } })
  const env = {
    ...{ KAFKA_BROKERS: stack.kafka.brokers.join(','), SCHEMA_REGISTRY_URL: stack.registry.url },
    ...{ MONGO_URL: stack.mongo.url, MONGO_DATABASE: name, REDIS_URL: stack.redis.url },
    ...{ VARAI_TOPIC_PREFIX: `${name}.`, VARAI_MASTER_KEY: randomBytes(32).toString('base64') },
    // Polls would find the orders as well, and take the points and the failures that are meant for the questions.
    ...{ VARAI_STORES: join(folder, 'stores.yaml'), VARAI_POLL: 'false' },
  }
  const { merchantId, storeId, currency, secret } = shop
  const entry = { merchantId, storeId, currency, secret, apiUrl: api.url, credentials: app }
  await writeFile(env.VARAI_STORES, storesFile([entry]))
  await ensureTopics(kafka, { partitions: 2 })
  const file = (service: string, step: string) => join(root, 'services', service, 'src', `${step}.ts`)
  for (const service of ['sync-core', 'ingest-shopify']) {
    expect(await startServiceProcess(file(service, 'migrate'), env).ended()).toBe(0)
  }
  for (const service of ['sync-core', 'ingest-shopify']) {
    const entryFile = file(service, 'main')
    services.push(
      await startService({ name: service, entry: entryFile, env: { ...process.env, ...env }, stateDir: folder }),
    )
  }
})
afterAll(async () => {
  await Promise.all(services.map((service) => service.stop()))
  await api?.close()
  await mongo.db(name).dropDatabase()
  await mongo.close()
  await rm(folder, { recursive: true, force: true })
})

/** Posts a state of an order as the shop does, under a delivery id of its own. */
async function state(order: object, triggeredAt: string): Promise<void> {
  const { secret, storeId: shopDomain } = shop
  const parts = { topic: 'orders/updated', shopDomain, secret, triggeredAt, webhookId: randomUUID() }
  const { headers, body } = signedRequest(stringify(order) ?? '', parts)
  const answer = await fetch(`${services[1]?.url}/webhooks/shopify`, {
    ...{ method: 'POST', headers, body: Buffer.from(body) },
  })
  expect(answer.status).toBe(200)
}

const happening = ({ headers }: { headers: Readonly<Record<string, string>> }) => headers['X-Shopify-Event-Id'] ?? ''

async function editsStated() {
  const orders = new Set<string>()
  for await (const { decoded } of tail({
    kafka,
    codec,
    topics: [laneTopic('medium')],
    from: 'earliest',
    untilEnd: true,
  })) {
    if (!decoded.ok || decoded.record !== 'OrderStated' || decoded.value.eventName !== 'order_edited') continue
    expect(decoded.value).toMatchObject({ origin: 'api', eventId: expect.stringMatching(/\|0\|fetched\|\d+\|0$/) })
    orders.add(decoded.value.entityId)
  }
  return orders
}

test('orders that were edited are read from a shop that throttles and fails, and equal the truth', async () => {
  const deliveries = [...shop.deliveries()]
  const edits = deliveries.filter(({ topic }) => topic === 'orders/edited')
  expect(edits.length).toBeGreaterThan(10)
  // What would tell of an edit as well is withheld: only the shop itself can say what became of the order.
  const edited = new Set(edits.map(happening))
  const told = deliveries.filter((each) => each.topic !== 'orders/updated' || !edited.has(happening(each)))
  expect(told.length).toBeLessThan(deliveries.length)

  api.failNextGrant({ kind: 'status', status: 503 })
  api.failNext({ kind: 'status', status: 503, retryAfter: '20' }, { kind: 'throttled' }, { kind: 'reset' })
  const [, ingest] = services
  const url = `${ingest?.url}/webhooks/shopify`
  const report = await deliver(told, { url, repeat: [1, 2], shuffle: 'total', seed: 'edits' })
  expect(report).toMatchObject({ ended: 'done', byStatus: { 200: report.deliveries } })

  const truth = shop.truth()
  const standing = new Set(
    [...truth.records.orders.values()].flatMap(({ id, deleted }) => (deleted ? [] : [id.split('|').at(-1)])),
  )
  const asked = edits.map(({ entity }) => entity.id).filter((id) => standing.has(id))
  await vi.waitFor(async () => expect([...(await editsStated())].sort()).toEqual([...new Set(asked)].sort()), {
    timeout: 120_000,
    interval: 500,
  })
  await workedOff(kafka, 'ingest-shopify', AbortSignal.timeout(60_000))
  await workedOff(kafka, 'sync-core', AbortSignal.timeout(60_000))

  const comparison = await compareWithTruth(mongo.db(name), truth)
  expect(comparison).toMatchObject({ differences: [], missing: [], unexpected: [] })
  expect(comparison.agreeing).toBe(comparison.checked)
  for await (const letter of readDeadLetters({ kafka, untilEnd: true })) expect.fail(letter.reason)
  const outcomes = api.requests.map(({ outcome }) => outcome)
  expect(outcomes).toEqual(expect.arrayContaining(['status', 'granted', 'throttled', 'reset', 'answered']))
  const retries = (await topicsInfo(kafka)).find((topic) => topic.name === retryTopic('ingest-shopify', 'fetch'))
  expect(retries?.partitions.some(({ latest }) => latest > 0n)).toBe(true)
})

test('of two states with one time the shop is asked which is so, once', async () => {
  const { merchantId, storeId } = shop
  const truth = shop.truth()
  const standing = new Set([...truth.records.orders].flatMap(([id, { deleted }]) => (deleted ? [] : [id])))
  const idOf = (entityId: string) => recordId({ merchantId, source: 'shopify', storeId, entityId })
  const last = [...shop.deliveries()].findLast(
    ({ topic, entity }) => topic === 'orders/updated' && standing.has(idOf(entity.id)),
  )
  const order = parse(String(last?.body)) as { id: unknown; updated_at: string }
  const [entityId, _id] = [String(order.id), idOf(String(order.id))]
  const orders = mongo.db(name).collection<{ _id: string; fold: { tie?: number } }>('orders')

  // by its later trigger the second one wins, and is not so
  const at = Date.parse(order.updated_at)
  await state({ ...order, financial_status: 'partially_paid' }, new Date(at + 300).toISOString())
  await state({ ...order, financial_status: 'authorized' }, new Date(at + 600).toISOString())
  const asked = async () => {
    const requests = []
    for await (const { decoded } of tail({
      ...{ kafka, codec, topics: [fetchTopic('shopify')], from: 'earliest', untilEnd: true },
    })) {
      if (!decoded.ok || decoded.record !== 'FetchRequested' || decoded.value.reason !== 'tie') continue
      if (decoded.value.entityId === entityId) requests.push(decoded.value.platformAt)
    }
    return requests
  }
  await vi.waitFor(async () => expect(await orders.findOne({ _id })).toMatchObject({ fold: { tie: at } }), {
    timeout: 120_000,
    interval: 500,
  })
  await vi.waitFor(async () => expect((await compareWithTruth(mongo.db(name), truth)).differences).toEqual([]), {
    timeout: 120_000,
    interval: 500,
  })
  await workedOff(kafka, 'ingest-shopify', AbortSignal.timeout(60_000))
  await workedOff(kafka, 'sync-core', AbortSignal.timeout(60_000))
  expect(await asked()).toEqual([at])
  expect((await compareWithTruth(mongo.db(name), truth)).differences).toEqual([])
  for await (const letter of readDeadLetters({ kafka, untilEnd: true })) expect.fail(letter.reason)
})
