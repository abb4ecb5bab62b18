import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '@varai/demo/system'
import { type Service, startService } from '@varai/dev-stack'
import type {} from '@varai/dev-stack/vitest'
import { createKafka, ensureTopics, readDeadLetters } from '@varai/kafka'
import { createLog } from '@varai/runtime'
import {
  adobeDelivery,
  adobeEvents,
  compareWithTruth,
  createAdobeKeys,
  createMagentoShop,
  deliver,
  type MagentoFailure,
  mergeTruths,
  moduleDeliveries,
  startAdobeKeyServer,
  startMagentoApi,
} from '@varai/simulator'
import { startServiceProcess } from '@varai/testkit'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'

const stack = inject('stack')
const name = `magento-${process.pid}`
const access = { consumerKey: 'ck', consumerSecret: 'c s', accessToken: 'at', accessTokenSecret: 'a&s' }
const shopOf = (merchantId: string, orders: number) =>
  createMagentoShop({ seed: 'e2e', merchantId, storeId: `${merchantId}-shop`, currency: 'EUR', orders })
const polled = shopOf('polled', 60)
const told = shopOf('told', 40)
const adobe = shopOf('adobe', 20)
const keys = createAdobeKeys()
const log = createLog({ service: name, level: 'silent' })
const kafka = createKafka({ brokers: stack.kafka.brokers, clientId: name, topicPrefix: `${name}.` }, log)
const mongo = new MongoClient(stack.mongo.url)
/** The polled shop is half through its life when it is first asked, and lives on between any two answers. */
const living = polled.view({ entries: Math.floor(polled.journal.length / 2) })

const failures: readonly MagentoFailure[] = [
  { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
  { kind: 'html', status: 200 },
  { kind: 'broken' },
  { kind: 'status', status: 503 },
]

let folder: string
const closing: (() => Promise<void>)[] = []
let ingest: Service

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'magento-e2e-'))
  const api = await startMagentoApi({
    ...{ shop: living, access },
    onRequest: () => void living.advance(7),
    fails: (request) => (request % 9 === 0 ? failures[(request / 9) % failures.length] : undefined),
  })
  const late = await startMagentoApi({ shop: told.view(), access })
  const keyServer = await startAdobeKeyServer(keys)
  closing.push(api.close, late.close, keyServer.close)
  const env = {
    ...{ KAFKA_BROKERS: stack.kafka.brokers.join(','), SCHEMA_REGISTRY_URL: stack.registry.url },
    ...{ MONGO_URL: stack.mongo.url, MONGO_DATABASE: name, REDIS_URL: stack.redis.url },
    ...{ VARAI_TOPIC_PREFIX: `${name}.`, VARAI_MASTER_KEY: randomBytes(32).toString('base64') },
    ...{ VARAI_STORES: join(folder, 'stores.yaml'), VARAI_ADOBE_KEYS_URL: keyServer.url },
    ...{ VARAI_POLL_EVERY: '2', VARAI_POLL_OVERLAP: '60', VARAI_POLL_WHOLE_EVERY: '4' },
  }
  const literals = Object.fromEntries(Object.entries(access).map(([field, literal]) => [field, { literal }]))
  const store = (id: string, url: string, more: object) => ({
    ...{ platform: 'magento', id, storeCode: 'default', currency: 'EUR', api: { url }, ...more },
  })
  const merchants = [
    { id: 'polled', stores: [store(polled.storeId, api.url, { credentials: literals })] },
    {
      id: 'told',
      stores: [
        store(told.storeId, late.url, { credentials: literals, webhookSecrets: { current: { literal: 'shh' } } }),
      ],
    },
    { id: 'adobe', stores: [store(adobe.storeId, 'http://127.0.0.1:9', { adobe: { clientId: 'ours' } })] },
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
    closing.unshift(async () => void (await started.stop()))
    return started
  }
  await start('sync-core')
  ingest = await start('ingest-magento')
})
afterAll(async () => {
  for (const close of closing) await close()
  await mongo.db(name).dropDatabase()
  await mongo.close()
  await rm(folder, { recursive: true, force: true })
})

const patience = { timeout: 150_000, interval: 1_000 }

async function agreeing(truth: Parameters<typeof compareWithTruth>[1]): Promise<void> {
  const comparison = await compareWithTruth(mongo.db(name), truth)
  expect(comparison).toMatchObject({ differences: [], missing: [], unexpected: [] })
  expect(comparison.checked).toBeGreaterThan(50)
}

test('polling alone ends in the shop’s truth, with stock and deletions, though it fails and changes meanwhile', async () => {
  await vi.waitFor(() => agreeing(polled.truth()), patience)
  expect(living.advance(1)).toBe(false)
})

test('a module that was silent for a part, and tells the rest twice and out of order; polling finds what it kept', async () => {
  const deliveries = moduleDeliveries(told, { secret: 'shh', seed: 'e2e', silence: 0.3 })
  expect(deliveries.length).toBeLessThan(told.journal.length)
  const url = `${ingest.url}/webhooks/magento/module`
  const report = await deliver(deliveries, { url, repeat: [1, 2], shuffle: 'total', seed: 'e2e' })
  expect(report).toMatchObject({ ended: 'done', accepted: report.deliveries })
  await vi.waitFor(() => agreeing(told.truth()), patience)
})

test('Adobe’s events, alone and in batches, in any order: all are taken, and orders are what they say', async () => {
  const events = adobeEvents(adobe, { seed: 'e2e', clientId: 'ours' })
  const half = Math.floor(events.length / 2)
  const batches = Array.from({ length: Math.ceil((events.length - half) / 7) }, (_, at) =>
    events.slice(half + at * 7, half + (at + 1) * 7),
  )
  const posts = [...events.slice(0, half).map((event) => [event]), ...batches].map((each) => adobeDelivery(each, keys))
  const url = `${ingest.url}/webhooks/magento/events/${encodeURIComponent(adobe.storeId)}`
  const report = await deliver(posts, { url, repeat: [1, 2], shuffle: 'total', seed: 'e2e' })
  expect(report).toMatchObject({ ended: 'done', accepted: report.deliveries })
  const { orders } = adobe.truth().records
  const held = () =>
    mongo
      .db(name)
      .collection<{ _id: string; status: string; total: object }>('orders')
      .find({ storeId: adobe.storeId })
      .toArray()
  await vi.waitFor(async () => {
    const found = (await held()).map(({ _id, status, total }) => [_id, status, Number(total)])
    const wanted = [...orders.values()].map(({ id, fields }) => [id, fields['status'], Number(fields['total'])])
    expect(found.sort()).toEqual(wanted.sort())
  }, patience)
})

test('nothing of all this ended in the dead letters, and what agreed still agrees', async () => {
  for await (const letter of readDeadLetters({ kafka, untilEnd: true })) expect.fail(letter.reason)
  await agreeing(mergeTruths(polled.truth(), told.truth()))
})
