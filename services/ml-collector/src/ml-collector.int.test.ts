import { randomBytes } from 'node:crypto'
import type {} from '@varai/dev-stack/vitest'
import { createRowStore, createTrainingQueue, type TrainingRow, workQueue } from '@varai/ml-data'
import { createNames } from '@varai/ml-data/pure'
import { createLog, createMetrics } from '@varai/runtime'
import { pause } from '@varai/runtime/guarded-writes'
import { createLeaseStore } from '@varai/runtime/leases'
import { waitUntil } from '@varai/testkit'
import { Redis } from 'ioredis'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest'
import { analysed, analysis, consented, decoded, minutes, noon, requested, session } from '../test/events.ts'
import { createCollectFacts } from './collect-facts.ts'
import { createCollectRequests } from './collect-requests.ts'
import { createCollectorMetrics } from './collector-metrics.ts'
import { createFactStore, indexFacts } from './fact-store.ts'
import { createFeedQueue } from './feed-queue.ts'
import { createKeepRows } from './keep-rows.ts'
import { createReleaseRows } from './release-rows.ts'

const stack = inject('stack')
const name = `ml_collector_test_${process.pid}`
const log = createLog({ service: name, level: 'silent' })
const key = randomBytes(32)
const k = 3

let client: MongoClient
let redis: Redis
let tests = 0
beforeAll(async () => {
  client = await MongoClient.connect(stack.mongo.url)
})
beforeEach(async () => {
  tests += 1
  redis?.disconnect()
  redis = new Redis(stack.redis.url, { keyPrefix: `${name}.${tests}.` })
  await client.db(name).dropDatabase()
  await indexFacts(client.db(name))
})
afterAll(async () => {
  await client?.db(name).dropDatabase()
  await client?.close()
  redis?.disconnect()
})

/** The collector without Kafka: what the lanes would bring is handed to it. */
function open(most = 1_000) {
  const db = client.db(name)
  const names = createNames(key)
  const facts = createFactStore(db)
  const queue = createTrainingQueue(redis)
  const rows = createRowStore(db, queue.remove, k)
  const leases = createLeaseStore(db, 'jobs')
  const metrics = createMetrics('ml-collector')
  const became = createCollectorMetrics(metrics, db, queue)
  const keepRows = createKeepRows({ facts, rows, names, now: () => new Date(), metrics: became })
  const confirmed: object[] = []
  const collect = createCollectRequests({
    ...{ facts, rows, names, keepRows, now: () => noon },
    handle: createCollectFacts({ facts, names, keepRows, pause }),
    confirm: async (confirmation) => void confirmed.push(confirmation),
  })
  let nudge: () => void = () => undefined
  const release = createReleaseRows({
    ...{ rows, leases, k, settleMs: 0, everyMs: 0, log, periodKey: async () => key },
    onReleased(count, of) {
      became.released(count, of)
      nudge()
    },
  })
  const keepFeeding = createFeedQueue({ db, queue, leases, most, againAfterMs: 60_000, log })
  const published = () => db.collection<TrainingRow>('ml_training_data').find().sort({ _id: 1 }).toArray()
  const stop = new AbortController()
  return {
    ...{ db, queue, confirmed, published },
    say: (events: Parameters<typeof decoded>[0][]) => collect(events.map(decoded)),
    release: () => release(stop.signal),
    /** Figures as they are scraped, by name and labels. */
    async scrape() {
      const lines = (await metrics.render()).text.matchAll(/^varai_ml_collector_(\S+?)(?:{(.*?)})? (\S+)$/gm)
      return new Map(
        [...lines].map(([, what, labels = '', value]) => [
          `${what} ${labels.replace(/,?service="[^"]*"/, '')}`.trim(),
          Number(value),
        ]),
      )
    },
    async feeding(work: () => Promise<void>, pauses = { shortest: 5, longest: 20 }) {
      const feed = new AbortController()
      const { done, ...feeding } = keepFeeding(feed.signal, pauses)
      nudge = feeding.nudge
      await work().finally(() => feed.abort())
      await done
    },
  }
}

const people = (count: number, consentLevel: string, from = 0) =>
  Array.from({ length: count }, (_, nth) => {
    const who = { customerId: `c${from + nth}`, consentLevel }
    return [session(`s${from + nth}`, { ...who, eventName: 'ai_session_started' }), analysed(`s${from + nth}`, who)]
  }).flat()

test('rows wait until k people are there, and then say the same; one more waits for others again', async () => {
  const { say, release, published } = open()
  await say(people(2, 'enhanced'))
  await release()
  expect(await published()).toEqual([])
  await say(people(1, 'enhanced', 2))
  await release()
  const rows = await published()
  expect(rows).toHaveLength(3)
  expect(rows[0]).toMatchObject({
    ...{ dataType: 'face_analysis', platform: 'html', region: 'NA', consentLevel: 'enhanced', anonymized: true },
    timestamp: new Date('2026-03-09T00:00:00Z'),
    data: { faceShape: 'oval', outcome: 'none', pupillaryDistanceFrom: 62, pupillaryDistanceTo: 64 },
  })
  expect(new Set(rows.map(({ data }) => JSON.stringify(data))).size).toBe(1)
  expect(new Set(rows.map(({ pseudonym }) => pseudonym)).size).toBe(3)
  expect(JSON.stringify(rows)).not.toMatch(/atelier|"c\d|"s\d/)
  await say(people(1, 'enhanced', 3))
  await release()
  expect(await published()).toEqual(rows)
})

test('what comes twice, in another order, or in two processes at once is the same', async () => {
  const events = people(12, 'research')
  const { say, release, published } = open()
  await Promise.all([say(events), open().say(events.toReversed()), say(events.slice(5))])
  await release()
  await say(events)
  await release()
  expect(await published()).toHaveLength(12)
})

test('who withdraws is taken out of everything, and the queue; those left who are too few wait again', async () => {
  const { say, release, published, queue, db, feeding } = open()
  await say(people(k, 'research'))
  await release()
  await feeding(async () => void (await waitUntil(async () => (await queue.size()) === k)))
  await say([consented('basic', { customerId: 'c1', platformAt: noon + minutes(9), eventId: 'choice' })])
  expect(await published()).toEqual([])
  expect(await queue.size()).toBe(0)
  expect(await db.collection('ml_rows').countDocuments()).toBe(k - 1)
  const [listed] = await db.collection('ml_withdrawals').find().toArray()
  expect(listed).toMatchObject({
    _id: `consent|${createNames(key).event('choice')}`,
    rows: [{ dataType: 'face_analysis', consentLevel: 'research' }],
  })
  await say(people(1, 'research', 9))
  await release()
  expect(await published()).toHaveLength(k)
})

test('who allows less says less, with others who do', async () => {
  const { say, release, published } = open()
  await say([...people(k, 'research'), ...people(k, 'enhanced', 10)])
  await release()
  await say([consented('enhanced', { customerId: 'c0', platformAt: noon + minutes(9) })])
  await release()
  expect((await published()).map(({ consentLevel }) => consentLevel)).toEqual(Array(k).fill('enhanced'))
})

test('an erasure takes out what there is and what comes late, and is confirmed; again it finds nothing', async () => {
  const { say, release, published, confirmed, db } = open()
  await say(people(k + 1, 'research'))
  await release()
  const request = requested({ customerId: 'c1' })
  await say([request])
  expect(await published()).toHaveLength(k)
  await say([...people(k + 1, 'research'), request])
  await release()
  expect(await db.collection('ml_rows').countDocuments()).toBe(k)
  expect(confirmed).toMatchObject([
    { requestId: 'request-1', service: 'ml-collector', outcome: 'done', counts: { rows: 1, exports: 0 } },
    { outcome: 'nothing-held', counts: { rows: 0 } },
  ])
  await say([requested({ kind: 'shop_redact', requestId: 'request-2' })])
  expect(await db.collection('ml_rows').countDocuments()).toBe(0)
  expect(confirmed.at(-1)).toMatchObject({ outcome: 'done', counts: { rows: k } })
})

test('a full queue makes the collector wait; emptied, it is filled again; each row is acknowledged in the end', async () => {
  const { say, release, queue, db, feeding } = open(5)
  await say(people(20, 'basic'))
  await release()
  const done = () => db.collection('ml_training_data').countDocuments({ 'handOver.state': 'done' })
  const got: string[] = []
  await feeding(async () => {
    await waitUntil(async () => (await queue.size()) === 5)
    // A worker dies with a row in its hands, then Redis forgets everything.
    await queue.take(1)
    await redis.del('ml_training_queue', 'ml_training_queue:taken', 'ml_training_queue:epoch')
    const stopping = new AbortController()
    const working = workQueue(queue, async (row) => void got.push(row), { stopping: stopping.signal })
    await waitUntil(async () => (await done()) === 20)
    stopping.abort()
    await working
  })
  expect(new Set(got).size).toBe(20)
  expect(got.every((row) => JSON.parse(row).data.faceShape === analysis.faceShape.toLowerCase())).toBe(true)
})

test('what is released lies in the queue at once, however rarely it is looked', async () => {
  const { say, release, queue, feeding, db } = open()
  const nothing = { shortest: 3_600_000, longest: 3_600_000 }
  await feeding(async () => {
    await waitUntil(
      async () => (await db.collection('jobs').countDocuments({ _id: { $eq: 'ml-feed' as never } })) === 1,
    )
    await say(people(k, 'basic'))
    await release()
    await waitUntil(async () => (await queue.size()) === k)
  }, nothing)
})

test('a row that no worker acknowledges in time goes to another', async () => {
  const { queue } = open()
  expect(await queue.push([JSON.stringify({ id: 'w_1' })], 10)).toBe(1)
  const first = await queue.take(0)
  expect(await queue.take(0)).toBeUndefined()
  expect(await queue.redeliver()).toBe(1)
  expect(await queue.take(60_000)).toBe(first)
  await queue.acknowledge(first ?? '')
  await queue.acknowledge(first ?? '')
  expect([await queue.done(10), await queue.size()]).toEqual([['w_1'], 0])
})

test('metrics tell what became of rows, what is held back and since when, what lies in the queue', async () => {
  const began = Date.now() / 1_000
  const { say, release, feeding, scrape, queue } = open()
  await say([...people(k, 'research'), ...people(1, 'basic', 50)])
  await release()
  await feeding(async () => void (await waitUntil(async () => (await queue.size()) === k)))
  await say([consented('basic', { customerId: 'c1', platformAt: noon + minutes(9) })])
  const figures = await scrape()
  const of = (change: string) => figures.get(`row_changes_total type="face_analysis",change="${change}"`)
  expect(['made', 'released', 'withdrawn', 'gone'].map(of)).toEqual([k + 1, k, 1, undefined])
  expect(figures.get('rows type="face_analysis",state="waiting"')).toBe(k)
  expect(figures.get('rows type="face_analysis",state="released"')).toBe(0)
  expect(figures.get('queue_rows')).toBe(0)
  expect(figures.get('hand_over state="queued"')).toBe(0)
  expect(figures.get('oldest_waiting_timestamp_seconds')).toBeGreaterThanOrEqual(began - 1)
  expect(figures.get('release_last_success_timestamp_seconds')).toBeGreaterThanOrEqual(began - 1)
  expect(figures.get('last_export_timestamp_seconds')).toBe(0)
  redis.disconnect()
  const without = await scrape()
  expect([without.has('queue_rows'), without.get('rows type="face_analysis",state="waiting"')]).toEqual([false, k])
})
