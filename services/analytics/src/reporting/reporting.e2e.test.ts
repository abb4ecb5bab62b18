import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Service, startService } from '@varai/dev-stack'
import type {} from '@varai/dev-stack/vitest'
import { createCodec, createKafka, createPublisher, ensureTopics, resetGroup, topicsInfo } from '@varai/kafka'
import { createLog } from '@varai/runtime'
import { changesTopic, eventKey, laneGroup, laneTopic } from '@varai/schemas'
import { startServiceProcess } from '@varai/testkit'
import { type Decimal128, type Document, MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { z } from 'zod'

const stack = inject('stack')
const name = `reporting-e2e-${process.pid}`
const env = {
  KAFKA_BROKERS: stack.kafka.brokers.join(','),
  SCHEMA_REGISTRY_URL: stack.registry.url,
  MONGO_URL: stack.mongo.url,
  MONGO_DATABASE: name,
  VARAI_TOPIC_PREFIX: `${name}.`,
  VARAI_MASTER_KEY: randomBytes(32).toString('base64'),
}
const log = createLog({ service: name, level: 'silent' })
const kafka = createKafka({ brokers: stack.kafka.brokers, clientId: name, topicPrefix: `${name}.` }, log)
const publisher = createPublisher({ kafka, codec: createCodec({ registryUrl: stack.registry.url, log }), log })
const mongo = new MongoClient(stack.mongo.url)
const db = mongo.db(name)
const services = join(import.meta.dirname, '..', '..', '..')

let stateDir: string
const running: Service[] = []
const start = async (as: string, main: string, given: NodeJS.ProcessEnv = {}) => {
  const own = { name: as, entry: join(services, main), env: { ...process.env, ...env, ...given }, stateDir }
  const service = await startService(own)
  running.push(service)
  return service
}
const migrated = async (main: string) => {
  const migration = startServiceProcess(join(services, main), env)
  await migration.logged('migrate.done')
  expect(await migration.ended()).toBe(0)
}

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'reporting-e2e-'))
  await ensureTopics(kafka, { partitions: 3 })
  await publisher.connect(['OrderStated', 'EntityDeleted'])
})
afterAll(async () => {
  await Promise.all(running.map((service) => service.stop()))
  await publisher.close()
  await db.dropDatabase()
  await mongo.close()
  await rm(stateDir, { recursive: true, force: true })
})

/** An evening in Vienna, so that orders lie on two days there, on one in UTC. */
const evening = Date.UTC(2026, 2, 28, 20)
const minute = 60_000
const headOf = (order: number) => ({
  ...{ entityType: 'order', entityId: `${order}`, source: 'shopify', merchantId: 'optik', priority: 'medium' },
  ...{ storeId: order % 3 === 0 ? 'south' : 'north', ingestedAt: evening, origin: 'webhook' },
})
const publish = (record: 'OrderStated' | 'EntityDeleted', order: number, at: number, said: object) => {
  const eventId = `shopify|e2e|${order}-${at}|0`
  const times = { platformAt: evening + at, at: evening + at }
  const value = { ...headOf(order), eventId, eventName: 'order_updated', eventType: 'update', ...times, ...said }
  return publisher.publish({ topic: laneTopic('medium'), key: eventKey(value), record, value })
}
/** What is said of some orders, one thing after the other, in waves; some are cancelled, refunded or deleted. */
const wave = (orders: readonly number[], nth: number) =>
  Promise.all(
    orders.map((order) => {
      if (nth === 2 && order % 11 === 0) {
        return publish('EntityDeleted', order, nth, {
          eventName: 'order_deleted',
          eventType: 'delete',
          confirmed: true,
        })
      }
      const refund = { id: `${nth}`, total: '0.25', lines: [], transactions: [], adjustments: [] }
      return publish('OrderStated', order, nth, {
        ...{ createdAt: evening + (order % 120) * 2 * minute, currency: order % 7 === 0 ? 'JPY' : 'EUR' },
        ...{ total: `${order}.${nth}5`, totalTax: '1.5' },
        ...(nth === 1 && order % 5 === 0 ? { refunds: [refund] } : {}),
        ...(nth === 2 && order % 9 === 0 ? { cancelledAt: evening } : {}),
      })
    }),
  )

/** Cents of what the database says of orders, day by day, gone through one by one. */
async function bruteForce() {
  const days = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Vienna', dateStyle: 'short' })
  const centsOf = (amount: Decimal128 | undefined) => Math.round(Number(amount?.toString() ?? 0) * 100)
  const rows = new Map<string, { orders: number; gross: number; refunds: number; net: number; cancelled: number }>()
  for (const order of await db.collection<Document>('orders').find({ deleted: false }).toArray()) {
    const key = `${days.format(order['createdAt'])} ${order['storeId']} ${order['currency']}`
    const row = rows.get(key) ?? { orders: 0, gross: 0, refunds: 0, net: 0, cancelled: 0 }
    const back = order['refunds'].reduce((sum: number, { total }: { total: Decimal128 }) => sum + centsOf(total), 0)
    const isCancelled = order['cancelledAt'] !== undefined
    rows.set(key, {
      ...{ orders: row.orders + 1, gross: row.gross + centsOf(order['total']), refunds: row.refunds + back },
      net: row.net + (isCancelled ? 0 : centsOf(order['total']) - back),
      cancelled: row.cancelled + Number(isCancelled),
    })
  }
  return rows
}

/** The same, as the report says it; undefined while it cannot. */
async function reported(reporting: Service) {
  const from = '/reports/orders?from=2026-03-28&to=2026-03-30&timezone=Europe/Vienna'
  const answer = await fetch(`${reporting.url}${from}`).catch(() => undefined)
  if (answer?.status !== 200) return undefined
  const { rows } = report.parse(await answer.json())
  return new Map(rows.map(({ day, store, currency, ...row }) => [`${day} ${store} ${currency}`, row] as const))
}

const cents = z.string().transform((text) => Math.round(Number(text) * 100))
const report = z.object({
  rows: z.array(
    z.object({
      ...{ day: z.string(), store: z.string(), currency: z.string(), orders: z.number(), cancelled: z.number() },
      ...{ gross: cents, refunds: cents, net: cents },
    }),
  ),
})

/** Resolves when a group has worked a topic off. */
async function workedOff(of: string, by: string) {
  const lag = async () => {
    const lanes = (await topicsInfo(kafka)).filter(({ name: topic }) => topic === of)
    return lanes.flatMap(({ groups }) => groups.filter(({ group }) => group === by)).map((of) => of.lag)
  }
  await expect.poll(lag, soon).toEqual([0])
}

const soon = { timeout: 90_000, interval: 100 }
const count = (filter: object = {}) => db.collection('orders').countDocuments(filter)

test('orders from before, and whatever comes while both are killed: the report is what the database says', async () => {
  await Promise.all([migrated('sync-core/src/migrate.ts'), migrated('analytics/src/migrate.ts')])
  const old = Array.from({ length: 60 }, (_, at) => at)
  const fresh = Array.from({ length: 120 }, (_, at) => 30 + at)
  // as an older release did: nobody is told of orders
  const before = await start('before', 'sync-core/src/main.ts', { VARAI_TOLD_RECORDS: 'stores' })
  await wave(old, 0)
  await expect.poll(() => count(), soon).toBe(60)
  expect((await before.stop()).code).toBe(0)

  const core = await start('core', 'sync-core/src/main.ts')
  const reporting = await start('reporting', 'analytics/src/reporting/main.ts')
  await expect.poll(() => reported(reporting), soon).toEqual(await bruteForce())

  for (const nth of [1, 2]) {
    const published = wave(fresh, nth)
    // it has saved some, and told of hardly any
    await expect
      .poll(() => count({ 'lastChange.version': { $gte: nth + 1 } }), { ...soon, interval: 5 })
      .toBeGreaterThan(0)
    await Promise.all([core.kill(), reporting.kill()])
    await published
    await Promise.all([core.restart(), reporting.restart()])
    await workedOff(laneTopic('medium'), laneGroup('sync-core', 'medium'))
  }
  const truth = await bruteForce()
  await expect.poll(() => reported(reporting), soon).toEqual(truth)
  expect([...truth.keys()].filter((key) => key.startsWith('2026-03-29'))).not.toEqual([])

  // all changes again, from the first: the same report
  expect((await reporting.stop()).code).toBe(0)
  await resetGroup(kafka, 'reporting', [changesTopic], 'earliest')
  await reporting.restart()
  await workedOff(changesTopic, 'reporting')
  await expect.poll(() => reported(reporting), soon).toEqual(truth)
  expect((await Promise.all([core.stop(), reporting.stop()])).map(({ code }) => code)).toEqual([0, 0])
})
