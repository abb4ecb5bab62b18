import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Service, startService } from '@varai/dev-stack'
import type {} from '@varai/dev-stack/vitest'
import { createCodec, createKafka, createPublisher, ensureTopics, resetGroup, tail, topicsInfo } from '@varai/kafka'
import { createLog } from '@varai/runtime'
import {
  addDecimals,
  eventKey,
  laneGroup,
  lanes,
  laneTopic,
  privacyConfirmationsTopic,
  privacyEvent,
  privacyTopic,
  replayGroup,
  replayTopic,
} from '@varai/schemas'
import { startServiceProcess } from '@varai/testkit'
import { createVault, localMasterKey } from '@varai/vault'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { z } from 'zod'
import { collections } from './collections.ts'
import { orderDraft, sampleTime } from './test-orders.ts'

const stack = inject('stack')
const name = `analytics-e2e-${process.pid}`
const masterKey = randomBytes(32)
const env = {
  KAFKA_BROKERS: stack.kafka.brokers.join(','),
  SCHEMA_REGISTRY_URL: stack.registry.url,
  MONGO_URL: stack.mongo.url,
  MONGO_DATABASE: name,
  VARAI_TOPIC_PREFIX: `${name}.`,
  VARAI_MASTER_KEY: masterKey.toString('base64'),
}
const log = createLog({ service: name, level: 'silent' })
const kafka = createKafka({ brokers: stack.kafka.brokers, clientId: name, topicPrefix: `${name}.` }, log)
const codec = createCodec({ registryUrl: stack.registry.url, log })
const publisher = createPublisher({ kafka, codec, log })
const mongo = new MongoClient(stack.mongo.url)
const db = mongo.db(name)
const main = join(import.meta.dirname, 'main.ts')

let stateDir: string
const services: Service[] = []
const start = async (as: string) => {
  const service = await startService({ name: as, entry: main, env: { ...process.env, ...env }, stateDir })
  services.push(service)
  return service
}

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'analytics-e2e-'))
  await ensureTopics(kafka, { partitions: 3 })
  await publisher.connect(['OrderStated', 'PrivacyRequested'])
})
afterAll(async () => {
  await Promise.all(services.map((service) => service.stop()))
  await publisher.close()
  await db.dropDatabase()
  await mongo.close()
  await rm(stateDir, { recursive: true, force: true })
})

/** Every order is created, then changed some times; each statement costs more than the one before it. */
const orders = Array.from({ length: 150 }, (_, order) => ({
  entityId: String(5_000 + order),
  createdAt: sampleTime + (order % 4) * 3_600_000,
  currency: order % 3 === 0 ? 'USD' : 'EUR',
}))
const statements = orders.flatMap((order, index) =>
  Array.from({ length: 4 }, (_, nth) => ({
    ...order,
    eventName: nth === 0 ? 'order_created' : 'order_updated',
    eventId: `shopify|acme.myshopify.com|${order.entityId}-${nth}|0`,
    platformAt: sampleTime + nth * 60_000,
    total: `${index}.${nth}1`,
    cancelledAt: nth === 3 && index % 10 === 0 ? sampleTime : null,
  })),
)
const topicOf = (eventName: string) => laneTopic(eventName === 'order_created' ? 'high' : 'medium')

async function publishAll(topic?: string): Promise<void> {
  const twice = [...statements, ...statements.toReversed()]
  await Promise.all(
    twice.map((fields) => {
      const value = orderDraft(fields)
      return publisher.publish({
        topic: topic ?? topicOf(fields.eventName),
        key: eventKey(value),
        record: 'OrderStated',
        value,
      })
    }),
  )
}

const answered = z.object({
  rows: z.array(
    z.object({
      period: z.string(),
      currency: z.string(),
      orders: z.number(),
      cancelled: z.number(),
      grossTotal: z.string(),
    }),
  ),
})

async function read(service: Service) {
  const answer = await fetch(`${service.url}/api/v1/orders?merchant=acme&from=2026-05-01&to=2026-05-02&by=`)
  const { rows } = answered.parse(await answer.json())
  return new Map(
    rows.map(({ period, currency, orders, cancelled, grossTotal }) => [
      `${period} ${currency}`,
      { orders, cancelled, grossTotal },
    ]),
  )
}

function truth() {
  const last = statements.filter((_, index) => index % 4 === 3)
  const hour = (ms: number) => new Date(ms).toISOString().slice(0, 13).replace('T', '-')
  const groups = Map.groupBy(last, (one) => `${hour(one.createdAt)} ${one.currency}`)
  return new Map(
    [...groups].map(([key, ones]) => [
      key,
      {
        orders: ones.length,
        cancelled: ones.filter((one) => one.cancelledAt !== null).length,
        grossTotal: addDecimals(...ones.map((one) => one.total)),
      },
    ]),
  )
}

const groups = [...lanes.map((name) => laneGroup('analytics', name)), replayGroup('analytics')]
const lag = async () => {
  const info = await topicsInfo(kafka)
  const lags = info.flatMap((topic) => topic.groups.filter(({ group }) => groups.includes(group)))
  return lags.length === 0 ? undefined : lags.reduce((sum, { lag: records }) => sum + records, 0)
}
/** Everything that was published is counted. */
const caughtUp = () =>
  vi.waitFor(
    async () => {
      expect(await lag()).toBe(0)
      expect(await db.collection(collections.orders).countDocuments({ waits: true })).toBe(0)
    },
    { timeout: 60_000, interval: 200 },
  )

test('two processes, one killed again and again: the hours are the truth; read again or replayed, nothing changes', async () => {
  const migration = startServiceProcess(join(import.meta.dirname, 'migrate.ts'), env)
  await migration.logged('migrate.done')
  expect(await migration.ended()).toBe(0)

  const [survivor, mortal] = await Promise.all([start('survivor'), start('mortal')])
  const published = publishAll()
  for (const life of [1, 2, 3]) {
    const wanted = life * 20
    await vi.waitFor(
      async () => expect(await db.collection(collections.orders).countDocuments()).toBeGreaterThanOrEqual(wanted),
      { timeout: 60_000, interval: 20 },
    )
    await mortal.kill()
    await mortal.restart()
  }
  await published
  await caughtUp()
  expect(await read(survivor)).toEqual(truth())

  const ended = await Promise.all([survivor.stop(), mortal.stop()])
  expect(ended.map(({ code }) => code)).toEqual([0, 0])

  const dump = () => db.collection(collections.orders).find().sort({ _id: 1 }).toArray()
  const before = await dump()
  for (const each of lanes) await resetGroup(kafka, laneGroup('analytics', each), [laneTopic(each)], 'earliest')
  expect(await lag()).toBeGreaterThan(0)
  const again = await start('again')
  await caughtUp()
  expect(await read(again)).toEqual(truth())
  expect(await dump()).toEqual(before)
  await publishAll(replayTopic('analytics'))
  await caughtUp()
  expect(await read(again)).toEqual(truth())
  expect(await dump()).toEqual(before)

  // too large to travel: what travels says neither when it was made nor what it cost
  const whole = orderDraft({ entityId: '9999', createdAt: sampleTime, currency: 'GBP', total: '7.5' })
  const place = { merchantId: whole.merchantId, platform: 'shopify', storeId: whole.storeId } as const
  const vault = createVault({ db, masterKey: localMasterKey(masterKey) })
  const payloadRef = await vault.setAside(place, codec.encodeSync('OrderStated', whole))
  const light = orderDraft({ entityId: '9999', payloadRef })
  await publisher.publish({ topic: laneTopic('medium'), key: eventKey(light), record: 'OrderStated', value: light })
  await caughtUp()
  const set = { '2026-05-01-12 GBP': { orders: 1, cancelled: 0, grossTotal: '7.5' } }
  const all = new Map([...truth(), ...Object.entries(set)])
  expect(await read(again)).toEqual(all)

  const subject = { ...privacyEvent, entityId: 'sub_1', subjectRef: 'sub_1' }
  const asked = { requestId: 'r-1', kind: 'customer_redact', orderIds: ['5000'], legalDueAt: sampleTime }
  await publisher.publish({
    ...{ topic: privacyTopic, key: 'sub_1', record: 'PrivacyRequested' },
    value: { ...orderDraft({ eventId: 'shopify|acme.myshopify.com|asked|0' }), ...subject, ...asked },
  })
  const confirmations = tail({ kafka, codec, topics: [privacyConfirmationsTopic], from: 'earliest' })
  const { value: confirmed } = await confirmations.next()
  expect(confirmed?.decoded).toMatchObject({ value: { requestId: 'r-1', service: 'analytics', counts: { orders: 1 } } })
  await confirmations.return(undefined)
  expect(await read(again)).toEqual(all)
  expect((await again.stop()).code).toBe(0)
})
