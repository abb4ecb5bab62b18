import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '@varai/demo/system'
import { type Service, startService } from '@varai/dev-stack'
import type {} from '@varai/dev-stack/vitest'
import { createKafka, ensureTopics, readDeadLetters } from '@varai/kafka'
import { createLog } from '@varai/runtime'
import { compareWithTruth, createWooShop, deliver, startWooApi, type Truth, type WooFailure } from '@varai/simulator'
import { startServiceProcess } from '@varai/testkit'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'

const stack = inject('stack')
const name = `woo-polling-${process.pid}`
const consumer = { consumerKey: 'ck', consumerSecret: 'cs' }
const shopOf = (merchantId: string) =>
  createWooShop({
    ...{ seed: 'polling', merchantId, storeId: `https://${merchantId}.example`, secret: 'shh', currency: 'EUR' },
    orders: 150,
  })
const silent = shopOf('silent')
const partial = shopOf('partial')
const log = createLog({ service: name, level: 'silent' })
const kafka = createKafka({ brokers: stack.kafka.brokers, clientId: name, topicPrefix: `${name}.` }, log)
const mongo = new MongoClient(stack.mongo.url)

const failures: readonly WooFailure[] = [
  { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
  { kind: 'html', status: 200 },
  { kind: 'broken' },
  { kind: 'html', status: 503, headers: { 'retry-after': '1' } },
]

let folder: string
let ingest: Service
const closing: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'woo-polling-'))
  const failing = await startWooApi({
    ...{ shop: silent, consumer },
    fails: (request) => (request % 11 === 0 ? failures[(request / 11) % failures.length] : undefined),
  })
  const steady = await startWooApi({ shop: partial, consumer })
  closing.push(failing.close, steady.close)
  const env = {
    ...{ KAFKA_BROKERS: stack.kafka.brokers.join(','), SCHEMA_REGISTRY_URL: stack.registry.url },
    ...{ MONGO_URL: stack.mongo.url, MONGO_DATABASE: name, REDIS_URL: stack.redis.url },
    ...{ VARAI_TOPIC_PREFIX: `${name}.`, VARAI_MASTER_KEY: randomBytes(32).toString('base64') },
    ...{ VARAI_STORES: join(folder, 'stores.yaml'), VARAI_SPOOL: join(folder, 'spool') },
    ...{ VARAI_POLL_EVERY: '2', VARAI_POLL_OVERLAP: '60', VARAI_POLL_WHOLE_EVERY: '4' },
  }
  const store = ({ storeId }: { storeId: string }, url: string) => ({
    ...{ platform: 'woocommerce', id: storeId, currency: 'EUR', api: { url } },
    credentials: { consumerKey: { literal: 'ck' }, consumerSecret: { literal: 'cs' } },
    webhookSecrets: { current: { literal: 'shh' } },
  })
  const merchants = [
    { id: 'silent', stores: [store({ storeId: 'https://silent.example' }, failing.url)] },
    { id: 'partial', stores: [store({ storeId: 'https://partial.example' }, steady.url)] },
  ]
  // JSON is YAML.
  await writeFile(env.VARAI_STORES, JSON.stringify({ merchants }))
  await ensureTopics(kafka, { partitions: 2 })
  const file = (service: string, step: string) => join(root, 'services', service, 'src', `${step}.ts`)
  expect(await startServiceProcess(file('sync-core', 'migrate'), env).ended()).toBe(0)
  const start = async (service: string) => {
    const started = await startService({
      ...{ name: service, entry: file(service, 'main'), env: { ...process.env, ...env }, stateDir: folder },
    })
    closing.unshift(() => started.stop())
    return started
  }
  await start('sync-core')
  ingest = await start('ingest-woocommerce')
})
afterAll(async () => {
  for (const close of closing) await close()
  await mongo.db(name).dropDatabase()
  await mongo.close()
  await rm(folder, { recursive: true, force: true })
})

const patience = { timeout: 170_000, interval: 1_000 }

async function agreeing(truth: Truth): Promise<void> {
  const comparison = await compareWithTruth(mongo.db(name), truth)
  const { orders, products } = truth.records
  // Of what lies in the trash nobody says more than that; what was lost before is not told by a poll either.
  const isDead = (id: string) => orders.get(id)?.deleted === true || products.get(id)?.deleted === true
  const differences = comparison.differences.filter(({ id, field }) => field === 'deleted' || !isDead(id))
  expect({ ...comparison, differences }).toMatchObject({ differences: [], missing: [], unexpected: [] })
  expect(comparison.checked).toBeGreaterThan(150)
}

test('a shop none of whose webhooks arrives ends in its truth, though its host fails', async () => {
  await vi.waitFor(() => agreeing(silent.truth()), patience)
})

test('webhooks in any order, a third of them lost, and polling end in the same', async () => {
  const told = partial.deliveries.filter((_, at) => at % 3 !== 0)
  const url = `${ingest.url}/webhooks/woocommerce`
  const report = await deliver(told, { url, repeat: [1, 2], shuffle: 'total', seed: 'polling', retryOnFailure: false })
  expect(report.byStatus).toEqual({ 200: report.deliveries })
  await vi.waitFor(() => agreeing(partial.truth()), patience)
})

test('what is deleted for good, of which no webhook tells, goes by a sweep; of a variation the webhook names it alone', async () => {
  const [order] = silent.documents('orders').filter(({ status }) => status === 'completed')
  const [customer] = silent.documents('customers')
  const [product] = silent.documents('products').filter(({ status, type }) => status === 'publish' && type === 'simple')
  silent.erase('orders', order?.id ?? 0)
  silent.erase('customers', customer?.id ?? 0)
  silent.erase('products', product?.id ?? 0)
  const [variable] = silent
    .documents('products')
    .filter(({ status, type }) => status === 'publish' && type === 'variable')
  const [first, second] = silent.variations(variable?.id ?? 0) ?? []
  const named = silent.erase('products', first?.id ?? 0)
  const url = `${ingest.url}/webhooks/woocommerce`
  const report = await deliver(named === undefined ? [] : [named], { url, retryOnFailure: false })
  expect(report.byStatus).toEqual({ 200: 1 })
  await vi.waitFor(() => agreeing(silent.truth()), patience)
  expect(second).toBeDefined()
})

test('nothing of all this ended in the dead letters, and everything is there once', async () => {
  for await (const letter of readDeadLetters({ kafka, untilEnd: true })) expect.fail(letter.reason)
  const ready = await fetch(new URL('/readyz', ingest.url))
  expect(ready.status).toBe(200)
})
