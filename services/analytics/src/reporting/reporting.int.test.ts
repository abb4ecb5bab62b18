import type {} from '@varai/dev-stack/vitest'
import type { DecodedRecord } from '@varai/kafka'
import { createLog } from '@varai/runtime'
import { createLeaseStore } from '@varai/runtime/leases'
import { type RecordOf, typeOf } from '@varai/schemas'
import { type Db, Decimal128, MongoClient } from 'mongodb'
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest'
import { createDayReport } from '../pure/report/day-report.ts'
import { createFollowOrders } from './follow-orders.ts'
import { createOrderStore } from './order-store.ts'
import { createProgressStore } from './progress-store.ts'
import { createReadOrdersOnce } from './read-orders-once.ts'
import { createReportIndexes, createReportStore } from './report-store.ts'
import { noon, orderFact } from './test-report.ts'

const database = `reporting_test_${process.pid}`
let client: MongoClient
let db: Db
beforeAll(async () => {
  client = await MongoClient.connect(inject('stack').mongo.url)
  db = client.db(database)
})
beforeEach(async () => {
  await db.dropDatabase()
  await createReportIndexes(db)
})
afterAll(async () => {
  await db?.dropDatabase()
  await client?.close()
})

const log = createLog({ service: 'test', level: 'silent' })
const going = new AbortController().signal
const day = 86_400_000
const idOf = (order: number | string) => `optik|shopify|north|${order}`

/** An order as sync-core keeps it. */
const stored = (order: number, version: number, total: string, given: object = {}) => ({
  ...{ _id: idOf(order), merchantId: 'optik', platform: 'shopify', storeId: 'north', version: version + 2 },
  ...{ deleted: false, lastChange: { version, kind: 'updated' }, fold: { log: [] }, email: 'ann@x.at' },
  ...{ createdAt: new Date(noon), currency: 'EUR', total: Decimal128.fromString(total), refunds: [], note: null },
  ...given,
})
const keep = (...orders: ReturnType<typeof stored>[]) =>
  Promise.all(
    orders.map(({ _id, ...rest }) =>
      db.collection<{ _id: string }>('orders').replaceOne({ _id }, rest, { upsert: true }),
    ),
  )

const type = typeOf('DocumentChanged')
const change = (order: number, version: number, given: Partial<RecordOf<'DocumentChanged'>>): DecodedRecord => {
  const named = { collection: 'orders', documentId: idOf(order), merchantId: 'optik', version, at: noon }
  const value = { changeId: `orders|${idOf(order)}|${version}`, kind: 'updated', afterIs: 'whole', ...named, ...given }
  return {
    ...{ topic: 'varai.changes', partition: 0, offset: '0', timestamp: 0, attempt: 0, headers: {}, key: idOf(order) },
    ...{ record: 'DocumentChanged', value: type.fromBuffer(type.toBuffer(value)) },
  }
}
const says = (total: string, given: object = {}) => ({
  after: JSON.stringify({ createdAt: noon, currency: 'EUR', total, refunds: [], ...given }),
})

/** One process of the consumer. */
function processOver(
  given: { readonly now?: () => number; readonly pageAfter?: ReturnType<typeof createOrderStore>['pageAfter'] } = {},
) {
  const { now = Date.now } = given
  const [facts, orders, progress] = [createReportStore(db), createOrderStore(db), createProgressStore(db)]
  const leases = createLeaseStore(db, 'jobs', now)
  const reading = createReadOrdersOnce({
    ...{ facts, progress, leases, log, now, pageSize: 3, lookEveryMs: 10 },
    orders: { pageAfter: given.pageAfter ?? orders.pageAfter },
  })
  const follow = createFollowOrders({ facts, orders, followed: () => progress.followed(now()), log })
  return { facts, reading, follow, orders }
}

async function rows(timeZone = 'UTC', filter: { merchant?: string; store?: string; currency?: string } = {}) {
  const [from, to] = ['2026-03-01', '2026-03-31']
  const report = createDayReport({ from, to, timeZone })
  for await (const bucket of createReportStore(db).buckets({ from, to, ...filter })) report.add(bucket)
  return report.rows()
}
const totals = async () => (await rows()).map(({ orders, gross }) => [orders, gross])

test('of each order the highest version counts, in whatever order, how often and by how many it is saved', async () => {
  const at = (order: number, version: number) => {
    const { amounts, ...fact } = orderFact({ id: idOf(order), version })
    return { ...fact, amounts: { ...amounts, gross: `${version}` } }
  }
  const all = Array.from({ length: 60 }, (_, nth) => at(nth % 6, 1 + ((nth * 7) % 10)))
  const writers = [0, 1, 2].map(async (which) => {
    const { facts } = processOver()
    for (let from = which * 3; from < all.length; from += 9)
      await facts.save([...all.slice(from, from + 9), ...all.slice(from, from + 2)])
  })
  await Promise.all(writers)
  for (let from = 0; from < all.length; from += 20) await processOver().facts.save(all.slice(from, from + 20))
  const versions = await db.collection('reporting_orders').find().sort({ _id: 1 }).toArray()
  const highest = Array.from({ length: 6 }, (_, order) =>
    Math.max(...all.filter(({ id }) => id === idOf(order)).map(({ version }) => version)),
  )
  expect(versions.map(({ version }) => version)).toEqual(highest)
  expect(await totals()).toEqual([[6, `${highest.reduce((sum, each) => sum + each)}.00`]])
  expect(await processOver().facts.save(all)).toBe(0)
})

test('sums are exact, apart by store, currency and day of the zone, and filtered', async () => {
  const fact = (id: string, given: Parameters<typeof orderFact>[0]) => orderFact({ ...given, id: idOf(id) })
  const gross = (text: string) => ({ ...orderFact().amounts, gross: text })
  await processOver().facts.save([
    fact('1', { amounts: gross('99999999999999.000001') }),
    fact('2', { amounts: gross('99999999999999.000002'), cancelled: true }),
    fact('3', { currency: 'JPY', amounts: gross('1500') }),
    fact('4', { storeId: 'south', placedAt: Date.UTC(2026, 2, 14, 23, 30), refunded: true }),
    fact('5', { placedAt: null }),
    fact('6', { counted: false }),
    fact('7', { merchantId: 'rival' }),
  ])
  const shown = (await rows('Europe/Vienna', { merchant: 'optik' })).map((row) => [
    ...[row.day, row.store, row.currency, row.orders, row.cancelled, row.refunded, row.gross, row.taxes],
  ])
  expect(shown).toEqual([
    ['2026-03-14', 'north', 'EUR', 2, 1, 0, '199999999999998.000003', null],
    ['2026-03-14', 'north', 'JPY', 1, 0, 0, '1500', null],
    ['2026-03-15', 'south', 'EUR', 1, 0, 1, '10.00', null],
  ])
  expect(await rows('UTC', { store: 'south', currency: 'JPY' })).toEqual([])
  expect(await processOver().facts.undated({ merchant: 'optik' })).toBe(1)
})

test('changes and what lies in the database are one, whichever comes first', async () => {
  await keep(
    stored(1, 5, '50'),
    stored(2, 2, '20'),
    stored(3, 7, '7', { deleted: true }),
    stored(4, 1, '4', { test: true }),
  )
  const { reading, follow } = processOver()
  await reading.prepare(going)
  // an older state of 1, a newer one of 2, and one of 3 from when it was there
  const outcomes = await follow([change(1, 4, says('40')), change(2, 3, says('30')), change(3, 6, says('6'))])
  expect(outcomes.map(({ kind }) => kind)).toEqual(['done', 'done', 'done'])
  expect(reading.isOver).toBe(false)
  await reading.read(going)
  expect(await totals()).toEqual([[2, '80.00']])
  await follow([change(1, 6, { kind: 'deleted', afterIs: 'gone' }), change(3, 8, says('8'))])
  expect(await totals()).toEqual([[2, '38.00']])
  expect(JSON.stringify(await db.collection('reporting_orders').find().toArray())).not.toContain('@')
})

test('what is none of its business is skipped; what is no order is rejected; what was too large is read where it lies', async () => {
  await keep(stored(1, 3, '30'))
  const { follow } = processOver()
  const outcomes = await follow([
    change(1, 1, { collection: 'users', ...says('1') }),
    change(1, 2, { afterIs: 'superseded' }),
    change(2, 1, { after: '{' }),
    change(2, 1, says('many')),
    change(1, 2, { afterIs: 'too_large' }),
  ])
  expect(outcomes.map(({ kind }) => kind)).toEqual(['skipped', 'skipped', 'rejected', 'rejected', 'done'])
  expect(await totals()).toEqual([[1, '30.00']])
})

test('the first reading goes on where a killed process left it, one process at a time', async () => {
  await keep(...Array.from({ length: 10 }, (_, order) => stored(order, 1, '1')))
  let now = Date.now()
  const pages: string[] = []
  const dying = processOver({
    now: () => now,
    pageAfter: async (id, limit) => {
      if (pages.length === 2) return new Promise<never>(() => undefined)
      pages.push(id)
      return createOrderStore(db).pageAfter(id, limit)
    },
  })
  await dying.reading.prepare(going)
  void dying.reading.read(going)
  await expect.poll(() => db.collection('reporting_orders').countDocuments(), { timeout: 30_000 }).toBe(6)
  await expect
    .poll(() => db.collection<{ _id: string }>('jobs').findOne({ _id: 'reporting.orders' }), { timeout: 30_000 })
    .toMatchObject({ state: { behind: idOf(5) } })

  now += 31_000
  const others = [processOver({ now: () => now }), processOver({ now: () => now })]
  await Promise.all(others.map(({ reading }) => reading.prepare(going)))
  await Promise.all(others.map(({ reading }) => reading.read(going)))
  expect(others.map(({ reading }) => reading.isOver)).toEqual([true, true])
  expect(await totals()).toEqual([[10, '10.00']])
  expect(pages).toEqual(['', idOf(2)])
})

test('who followed no changes for longer than Kafka is sure to keep them reads all again; who did does not', async () => {
  await keep(stored(1, 1, '1'))
  let now = noon
  const started = async () => {
    const own = processOver({ now: () => now })
    await own.reading.prepare(going)
    return own
  }
  const first = await started()
  await first.reading.read(going)
  await first.follow([change(2, 1, says('2'))])

  await keep(stored(1, 2, '10'))
  now += 24 * day
  await (await started()).reading.read(going)
  expect(await totals()).toEqual([[2, '3.00']])

  now += 2 * day
  const late = await started()
  // following again hides nothing, nor does a process that comes and goes
  await late.follow([change(2, 2, says('20'))])
  await (await started()).reading.read(going)
  expect(await totals()).toEqual([[2, '30.00']])
})
