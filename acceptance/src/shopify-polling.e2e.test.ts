import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '@varai/demo/system'
import { type Service, startService } from '@varai/dev-stack'
import type {} from '@varai/dev-stack/vitest'
import { createKafka, ensureTopics, readDeadLetters } from '@varai/kafka'
import { createLog } from '@varai/runtime'
import { compareWithTruth, createShop, deliver, startAdminApi, storesFile } from '@varai/simulator'
import { startServiceProcess } from '@varai/testkit'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'

const stack = inject('stack')
const name = `shopify-polling-${process.pid}`
const accessToken = 'shpat_static'
const shop = createShop({
  ...{ seed: 'polling', merchantId: 'm1', storeId: 'polled.myshopify.com', secret: 'shh', deliveries: 500 },
})
const log = createLog({ service: name, level: 'silent' })
const kafka = createKafka({ brokers: stack.kafka.brokers, clientId: name, topicPrefix: `${name}.` }, log)
const mongo = new MongoClient(stack.mongo.url)

let folder: string
let api: Awaited<ReturnType<typeof startAdminApi>>
const services: Service[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shopify-polling-'))
  api = await startAdminApi({ shop, credentials: { accessToken }, bucket: { maximum: 2_000, restoreRate: 4_000 } })
  const env = {
    ...{ KAFKA_BROKERS: stack.kafka.brokers.join(','), SCHEMA_REGISTRY_URL: stack.registry.url },
    ...{ MONGO_URL: stack.mongo.url, MONGO_DATABASE: name, REDIS_URL: stack.redis.url },
    ...{ VARAI_TOPIC_PREFIX: `${name}.`, VARAI_MASTER_KEY: randomBytes(32).toString('base64') },
    ...{ VARAI_POLL_EVERY: '2', VARAI_POLL_OVERLAP: '60', VARAI_POLL_WHOLE_EVERY: '4' },
    VARAI_STORES: join(folder, 'stores.yaml'),
  }
  const { merchantId, storeId, currency, secret } = shop
  const entry = { merchantId, storeId, currency, secret, apiUrl: api.url, credentials: { accessToken } }
  await writeFile(env.VARAI_STORES, storesFile([entry]))
  await ensureTopics(kafka, { partitions: 2 })
  const file = (service: string, step: string) => join(root, 'services', service, 'src', `${step}.ts`)
  const names = ['sync-core', 'ingest-shopify']
  for (const service of names) expect(await startServiceProcess(file(service, 'migrate'), env).ended()).toBe(0)
  api.failNext({ kind: 'status', status: 503, retryAfter: '1' }, { kind: 'throttled' }, { kind: 'reset' })
  for (const service of names) {
    const options = { name: service, entry: file(service, 'main'), env: { ...process.env, ...env }, stateDir: folder }
    services.push(await startService(options))
  }
})
afterAll(async () => {
  await Promise.all(services.map((service) => service.stop()))
  await api?.close()
  await mongo.db(name).dropDatabase()
  await mongo.close()
  await rm(folder, { recursive: true, force: true })
})

test('a third of the webhooks is lost, and most deletions: polls find the rest, and the documents equal the truth', async () => {
  const lived = [...shop.deliveries()]
  const isLost = (at: number) => at % 3 === 0
  const told = lived.filter(({ topic }, at) => !topic.endsWith('/delete') && !isLost(at))
  const known = new Set(told.map(({ entity }) => entity.id))
  // Of an order that is gone nobody tells again, since an app is shown none that is older than 60 days.
  const found = ({ topic, entity }: (typeof lived)[number]) => topic !== 'orders/delete' && known.has(entity.id)
  const deletions = lived.filter(({ topic }) => topic.endsWith('/delete'))
  expect(deletions.filter(found).length).toBeGreaterThan(2)
  const sent = [...told, ...deletions.filter((each) => !found(each))]

  const url = `${services[1]?.url}/webhooks/shopify`
  const report = await deliver(sent, { url, repeat: [1, 2], shuffle: 'total', seed: 'polling' })
  expect(report).toMatchObject({ ended: 'done', byStatus: { 200: report.deliveries } })

  const truth = shop.truth()
  const { orders, products, customers } = truth.records
  const isDead = (id: string) => [orders, products, customers].some((records) => records.get(id)?.deleted === true)
  const isConsent = (field: string) => /^(?:accepts|marketing)/.test(field)
  const isOfNoContact = (id: string, field: string) => {
    const contact = field === 'acceptsSmsMarketing' ? 'phone' : isConsent(field) ? 'email' : ''
    return customers.get(id)?.fields[contact] === null
  }
  await vi.waitFor(
    async () => {
      const comparison = await compareWithTruth(mongo.db(name), truth)
      // What was lost before a deletion nobody tells; nor what someone agreed to for an address that is gone. Who was
      // never asked is not subscribed.
      const differences = comparison.differences.filter(
        ({ id, field, expected, found }) =>
          field === 'deleted' ||
          !(isDead(id) || isOfNoContact(id, field) || (isConsent(field) && expected === null && found === false)),
      )
      expect({ ...comparison, differences }).toMatchObject({ differences: [], missing: [], unexpected: [] })
      expect(comparison.checked).toBeGreaterThan(100)
    },
    { timeout: 170_000, interval: 1_000 },
  )
  const outcomes = api.requests.map(({ outcome }) => outcome)
  expect(outcomes).toEqual(expect.arrayContaining(['status', 'throttled', 'reset', 'answered']))
  for await (const letter of readDeadLetters({ kafka, untilEnd: true })) expect.fail(letter.reason)
  expect((await fetch(new URL('/readyz', services[1]?.url))).status).toBe(200)
})
