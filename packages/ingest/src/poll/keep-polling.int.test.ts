import { randomUUID } from 'node:crypto'
import type {} from '@varai/dev-stack/vitest'
import { createLeaseStore } from '@varai/runtime/leases'
import { type Db, MongoClient } from 'mongodb'
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest'
import type { StoreFacts } from '../pure/index.ts'
import { createKnownRecordStore, type PollFrom, type PollKind } from './index.ts'
import { type Document, pageOf, startPolling } from './test-polls.ts'

let client: MongoClient
let db: Db
beforeAll(async () => {
  client = await MongoClient.connect(inject('stack').mongo.url)
  db = client.db(`polls-${randomUUID()}`)
})
const running: { stop: () => Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.stop()))
})
afterAll(async () => {
  await db.dropDatabase()
  await client.close()
})

const begin = Date.UTC(2026, 0, 1)
const changes = Array.from({ length: 60 }, (_, n): Document => ({ id: `${n}`, at: begin + n * 1_000, note: `${n}` }))
const idsIn = (eventIds: readonly string[]) => eventIds.map((id) => id.split('|')[3])

/** Pages of five from the cursor on, as a platform that lists by time; each page waits for `turn`. */
function listing(name: string, turn: () => Promise<void> = async () => undefined) {
  const began: (PollFrom['cursor'] | undefined)[] = []
  const kind: PollKind<StoreFacts> = {
    name,
    async *read(_, { since = 0, cursor }) {
      began.push(cursor)
      const open = changes.filter(({ at }) => at >= since)
      for (let at = 0; at < open.length; at += 5) {
        await turn()
        yield pageOf(open.slice(at, at + 5))
      }
    },
  }
  return { kind, began }
}

function start(kind: PollKind<StoreFacts>, more: Partial<Parameters<typeof startPolling>[0]> = {}) {
  const started = startPolling({
    ...{ leases: createLeaseStore(db, 'polls'), kinds: [kind], everyMs: 3_600_000, overlapMs: 0, ...more },
  })
  running.push(started)
  return started
}
const stateOf = async (name: string) =>
  (
    await db
      .collection<{ _id: string; state?: object }>('polls')
      .findOne({ _id: `m1|woocommerce|https://one.example|${name}` })
  )?.state

test('two processes, one store: one of them reads, and the other knows when', async () => {
  const { kind, began } = listing('two')
  const both = [start(kind, { leaseMs: 500 }), start(kind, { leaseMs: 500 })]
  await expect.poll(() => stateOf('two')).toHaveProperty('lastSuccessAt')
  const told = both.flatMap(({ eventIds }) => idsIn(eventIds()))
  expect(told.toSorted()).toEqual(changes.map(({ id }) => id).toSorted())
  expect(began).toHaveLength(1)
  const texts = () => Promise.all(both.map(async ({ metrics }) => (await metrics.render()).text))
  await expect
    .poll(async () => (await texts()).every((text) => text.includes('poll_last_success_timestamp_seconds{')))
    .toBe(true)
})

test('a process dies between Kafka and the cursor: the next one tells that page again, and loses nothing', async () => {
  const leases = createLeaseStore(db, 'polls')
  let saved = 0
  const never = new Promise<never>(() => undefined)
  const dying = start(listing('killed').kind, {
    leases: {
      ...leases,
      // Kafka has the events of the third page, and from then on nobody hears of this process any more.
      hold(lease, ms, state) {
        saved += state === undefined ? 0 : 1
        return saved < 3 ? leases.hold(lease, ms, state) : never
      },
    },
    leaseMs: 600,
  })
  await expect.poll(() => dying.eventIds().length).toBe(15)
  expect(await stateOf('killed')).toMatchObject({ cursor: { id: '9' } })
  // It takes no breath any more, so its lease runs out.
  running.length = 0
  const next = start(listing('killed').kind, { leaseMs: 600 })
  await expect.poll(() => stateOf('killed')).toHaveProperty('lastSuccessAt')
  const told = idsIn(next.eventIds())
  expect(new Set([...idsIn(dying.eventIds()), ...told])).toEqual(new Set(changes.map(({ id }) => id)))
  // Of the page that was told twice both have the same ids.
  expect(next.eventIds().filter((id) => dying.eventIds().includes(id))).toHaveLength(5)
})

test('one that was believed dead and wakes up moves no cursor', async () => {
  const asleep = Promise.withResolvers<void>()
  const turns = [Promise.resolve(), Promise.resolve(), asleep.promise]
  const old = start(listing('woken', async () => turns.shift()).kind, {
    // As if the process stood still: it does not hold what it has.
    ...{ leaseMs: 300, leases: withoutBreath() },
  })
  await expect.poll(() => old.eventIds().length).toBe(10)
  const next = start(listing('woken').kind, { leaseMs: 300 })
  await expect.poll(() => stateOf('woken')).toHaveProperty('lastSuccessAt')
  const state = await stateOf('woken')
  asleep.resolve()
  await expect.poll(() => old.lines.some((line) => line.includes('poll.lost'))).toBe(true)
  expect(await stateOf('woken')).toEqual(state)
  expect(next.eventIds().length).toBeGreaterThanOrEqual(50)
})

function withoutBreath() {
  const leases = createLeaseStore(db, 'polls')
  return {
    ...leases,
    hold: (...[lease, ms, state]: Parameters<typeof leases.hold>) =>
      state === undefined ? Promise.resolve(true) : leases.hold(lease, ms, state),
  }
}

test('what is known of a store is found in chunks, by its ids: the living of this store alone', async () => {
  const store = { merchantId: 'm1', platform: 'woocommerce', storeId: 'https://one.example' } as const
  const record = (storeId: string, platformId: string, deleted = false) => ({
    ...{ _id: `m1|woocommerce|${storeId}|${platformId}`, platformId, deleted },
  })
  await db
    .collection<{ _id: string }>('orders')
    .insertMany([
      ...Array.from({ length: 130 }, (_, n) => record(store.storeId, `${n}`)),
      ...[record(store.storeId, '999', true), record(`${store.storeId}/blog`, '7'), record('https://two.example', '8')],
    ])
  const known = createKnownRecordStore(db)
  const first = await known.live('orders', store, undefined)
  const second = await known.live('orders', store, first.at(-1))
  expect([first.length, second.length]).toEqual([100, 30])
  expect(new Set([...first, ...second])).toEqual(new Set(Array.from({ length: 130 }, (_, n) => `${n}`)))
  expect(await known.live('orders', store, second.at(-1))).toEqual([])
})
