import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Service, startService } from '@varai/dev-stack'
import type {} from '@varai/dev-stack/vitest'
import {
  createCodec,
  createKafka,
  createPublisher,
  ensureTopics,
  type PublishedRecord,
  readDeadLetters,
  resetGroup,
  tail,
  topicsInfo,
} from '@varai/kafka'
import { createLog } from '@varai/runtime'
import { changesTopic, eventKey, laneGroup, lanes, laneTopic } from '@varai/schemas'
import { startServiceProcess } from '@varai/testkit'
import { Redis } from 'ioredis'
import { type Document, MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { applierOver } from '../test/apply.ts'
import { storesOf } from '../test/database.ts'
import { contentOf } from '../test/documents.ts'
import {
  analysed,
  consented,
  customer,
  decoded,
  deletion,
  hours,
  interaction,
  type LaneEvent,
  noon,
  order,
  product,
  recommended,
  session,
} from '../test/events.ts'
import { createMemoryStores } from '../test/memory-stores.ts'
import { imageOfRecord } from './pure/change/record-change.ts'
import { kinds, kindsIn } from './pure/kinds.ts'
import { textOf } from './pure/plain.ts'
import { createRecordStore } from './record-store.ts'

const stack = inject('stack')
const name = `sync-core-e2e-${process.pid}`
const masterKey = randomBytes(32)
const env = {
  KAFKA_BROKERS: stack.kafka.brokers.join(','),
  SCHEMA_REGISTRY_URL: stack.registry.url,
  MONGO_URL: stack.mongo.url,
  MONGO_DATABASE: name,
  REDIS_URL: stack.redis.url,
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
const start = async (as: string, lane?: string) => {
  const own = lane === undefined ? {} : { LANES: lane }
  const service = await startService({ name: as, entry: main, env: { ...process.env, ...env, ...own }, stateDir })
  services.push(service)
  return service
}

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'sync-core-e2e-'))
  await ensureTopics(kafka, { partitions: 3 })
  await publisher.connect([
    ...(['OrderStated', 'CustomerStated', 'ProductStated', 'EntityDeleted', 'AiSessionStated'] as const),
    ...(['FaceAnalysed', 'RecommendationsGenerated', 'Interaction', 'ConsentStated'] as const),
  ])
})
afterAll(async () => {
  await Promise.all(services.map((service) => service.stop()))
  await publisher.close()
  await db.dropDatabase()
  await mongo.close()
  await rm(stateDir, { recursive: true, force: true })
})

const nested = { lines: [], transactions: [], adjustments: [] }
/** What the assistant says of a customer; nobody's time is over, so that no clean-up has anything to do. */
function assistantOf(head: Parameters<typeof session>[0] & { readonly entityId: string }, at: number): LaneEvent[] {
  const customerId = head.entityId
  const of = { ...head, entityId: `s-${at}`, consentLevel: 'enhanced' }
  const consent = { ...head, entityId: `ref-${at}`, customerId, level: at % 2 === 0 ? 'basic' : 'research' }
  return [
    session({ ...of, platformAt: noon + at, startedAt: noon, eventName: 'ai_session_started' }),
    analysed({ ...of, platformAt: noon + at + 1, analysis: { faceShape: at % 2 === 0 ? 'oval' : 'round' } }),
    recommended({ ...of, platformAt: noon + at + 2, recommendationId: 'r', items: [{ sku: 'VS-1' }] }),
    interaction({ ...of, platformAt: noon + at + 3, interactionId: 'i', interactionType: 'product_viewed' }),
    session({ ...of, platformAt: noon + at + 4, completedAt: noon + hours(1), customerId }),
    consented({ ...consent, platformAt: noon + at + 5 }),
  ]
}

/**
 * The lives of 60 customers, orders and products, three statements each and a deletion now and then. Up to three of the
 * customers share an address, each at another store.
 */
const events: LaneEvent[] = Array.from({ length: 60 }, (_, at) => {
  const head = {
    entityId: `${at + 1}`,
    storeId: ['north', 'south', 'west'][at % 3] ?? '',
    merchantId: at % 5 === 0 ? 'rival' : 'optik',
  }
  const life = [0, 1, 2].flatMap((nth) => {
    const said = { ...head, platformAt: noon + hours(nth * 5 + at), createdAt: noon - at }
    return [
      customer({ ...said, email: `person-${(at + nth * nth * 7) % 20}@x.at`, firstName: `name ${at % 3} ${nth}` }),
      order({
        ...said,
        total: `${at}.${nth}5`,
        currency: 'EUR',
        status: nth === 0 ? 'pending' : 'paid',
        eventName: nth === 0 ? 'order_created' : 'order_updated',
      }),
      order({ ...said, platformAt: said.platformAt + 1, refunds: [{ id: `${nth}`, total: '1.5', ...nested }] }),
      product({
        ...said,
        title: `frame ${nth}`,
        variants: [{ id: `v${nth}`, price: '9', options: [] }],
        complete: { variants: nth === 2 },
      }),
    ]
  })
  const gone =
    at % 7 === 0
      ? ['customer', 'order', 'product'].map((of) => deletion(of, { ...head, platformAt: noon + hours(at + 7) }))
      : []
  return [...life, ...gone, ...(at % 3 === 0 ? assistantOf(head, at) : [])]
}).flat()

/** Every event twice, all in disorder, spread over the lanes by chance as well. */
const deliveries = [...events, ...events]
  .map((event, at) => ({ event, at: (at * 7919) % 6151, lane: lanes[(at * 13) % 3] ?? 'medium' }))
  .sort((one, other) => one.at - other.at)

async function publishAll(): Promise<void> {
  await Promise.all(
    deliveries.map(({ event, lane }) => {
      // the union pairs each record with its value; TypeScript loses sight of the pair where it is taken apart
      const { record, value } = event as unknown as PublishedRecord<'CustomerStated'>
      return publisher.publish({ topic: laneTopic(lane), key: eventKey(event.value), record, value })
    }),
  )
}

const groups = [...lanes.map((lane) => laneGroup('sync-core', lane)), 'sync-core.replay']
const lag = async () => {
  const info = await topicsInfo(kafka)
  const lags = info.flatMap((topic) => topic.groups.filter(({ group }) => groups.includes(group)))
  return lags.length === 0 ? undefined : lags.reduce((sum, { lag: records }) => sum + records, 0)
}
const caughtUp = () => vi.waitFor(async () => expect(await lag()).toBe(0), { timeout: 90_000, interval: 200 })

const collections = ['orders', 'customers', 'products', 'users', 'ai_sessions', 'recommendations', 'consents']
const dump = async () =>
  Object.fromEntries(
    await Promise.all(
      collections.map(async (collection) => [
        collection,
        await db
          .collection<Document & { _id: string }>(collection)
          // what a killed process did not tell is told sooner or later
          .find({}, { projection: { pending: 0 } })
          .sort({ _id: 1 })
          .toArray(),
      ]),
    ),
  )

/** What the database says, apart from what depends on how it came about. */
async function said() {
  const store = createRecordStore(db)
  const records = await Promise.all(
    kinds.map(async (kind) => {
      const ids = await db.collection<{ _id: string }>(kind.collection).distinct('_id')
      return [...(await store.loadMany(kind, ids)).values()].map(
        (record) => [`${kind.collection} ${record.id}`, contentOf(record)] as const,
      )
    }),
  )
  const users = await db.collection<Document & { _id: string }>('users').find().toArray()
  return {
    records: Object.fromEntries(records.flat()),
    users: Object.fromEntries(
      users.map(({ _id, projection }) => [_id, { digest: projection.digest, reach: projection.reach }]),
    ),
  }
}

/** Every change that was told, by its id: what a consumer that keeps the highest version ends with, and all ids. */
async function toldChanges() {
  const [newest, ids] = [new Map<string, { version: number; after: string | null }>(), new Set<string>()]
  for await (const { decoded: change } of tail({
    kafka,
    codec,
    topics: [changesTopic],
    from: 'earliest',
    untilEnd: true,
  })) {
    if (!change.ok || change.record !== 'DocumentChanged') throw new Error('not a change')
    const { changeId, collection, documentId, version, after } = change.value
    ids.add(changeId)
    const name = `${collection} ${documentId}`
    if (version > (newest.get(name)?.version ?? 0)) newest.set(name, { version, after })
  }
  return { newest, ids }
}

/** The same, as the database has it. */
async function documentImages() {
  const stores = storesOf(db)
  const of = async (collection: 'users' | 'catalog') => {
    const ids = await db.collection<{ _id: string }>(collection).distinct('_id')
    const held = await stores[collection].reaching(ids)
    return held.map(({ id, version, image }) => [`${collection} ${id}`, { version, after: textOf(image()) }] as const)
  }
  const orders = kindsIn(['orders'])
  const ids = await db.collection<{ _id: string }>('orders').distinct('_id')
  const records = await Promise.all(
    orders.map(async (kind) => [...(await stores.records.loadMany(kind, ids)).values()]),
  )
  const ofOrders = records.flat().map((record) => {
    const image = imageOfRecord(record)
    const after = image === undefined ? null : textOf(image)
    return [`orders ${record.id}`, { version: record.change?.version ?? 0, after }] as const
  })
  return new Map([...(await of('users')), ...(await of('catalog')), ...ofOrders])
}

const untold = async () =>
  (
    await Promise.all(
      ['users', 'catalog'].map((name) => db.collection(name).countDocuments({ pending: { $exists: true } })),
    )
  ).reduce((sum, count) => sum + count)

async function expected() {
  const memory = createMemoryStores()
  await applierOver(memory.storesFor(async () => undefined))(events.map(decoded))
  return {
    records: Object.fromEntries([...memory.records].map(([id, record]) => [id, contentOf(record)])),
    users: Object.fromEntries([...memory.users.values()].map(({ id, digest, reach }) => [id, { digest, reach }])),
  }
}

test('a process per lane and one for all, killed again and again: the documents are the truth, a second reading changes nothing', async () => {
  const premature = startServiceProcess(main, { ...env, PORT: '0' })
  await premature.logged('migrations.missing')
  const { url } = await premature.logged('http.listening')
  const readiness = await fetch(`${url}/readyz`)
  expect(readiness.status).toBe(503)
  expect(await readiness.json()).toMatchObject({ failing: { migrations: 'the database is not migrated yet' } })
  expect(await premature.stop()).toBe(0)

  const migration = startServiceProcess(join(import.meta.dirname, 'migrate.ts'), env)
  await migration.logged('migrate.done')
  expect(await migration.ended()).toBe(0)

  const [all, high] = await Promise.all([start('all'), start('high', 'high')])
  const published = publishAll()
  for (const life of [1, 2, 3]) {
    await vi.waitFor(
      async () => expect(await db.collection('customers').countDocuments()).toBeGreaterThanOrEqual(life * 12),
      {
        timeout: 60_000,
        interval: 20,
      },
    )
    const mortal = life === 2 ? high : all
    await mortal.kill()
    await mortal.restart()
  }
  await published
  await caughtUp()
  expect(await said()).toEqual(await expected())
  const sessions = await db.collection<{ _id: string; version: number }>('ai_sessions').find().toArray()
  expect(sessions).toHaveLength(20)
  const redis = new Redis(stack.redis.url, { keyPrefix: `${name}.ai_session:` })
  for (const { _id, version } of sessions) expect(await redis.get(_id)).toContain(`{"version":${version},`)
  redis.disconnect()
  for await (const { reason } of readDeadLetters({ kafka, untilEnd: true })) expect(reason).toBe('none was expected')

  const ended = await Promise.all([all.stop(), high.stop()])
  expect(ended.map(({ code }) => code)).toEqual([0, 0])

  const before = await dump()
  const told = await toldChanges()
  const untoldBefore = await untold()
  for (const lane of lanes) await resetGroup(kafka, laneGroup('sync-core', lane), [laneTopic(lane)], 'earliest')
  expect(await lag()).toBe(deliveries.length)
  const again = await start('again')
  await caughtUp()
  expect(await dump()).toEqual(before)
  // what the killed ones left behind is told after a while
  await expect.poll(untold, { timeout: 90_000, interval: 500 }).toBe(0)
  expect((await again.stop()).code).toBe(0)
  const toldAgain = await toldChanges()
  expect(toldAgain.newest).toEqual(await documentImages())
  expect([...told.ids].filter((id) => !toldAgain.ids.has(id))).toEqual([])
  expect(toldAgain.ids.size - told.ids.size).toBeLessThanOrEqual(untoldBefore)
})
