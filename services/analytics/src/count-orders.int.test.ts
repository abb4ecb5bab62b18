import { fc } from '@fast-check/vitest'
import type {} from '@varai/dev-stack/vitest'
import type { DecodedRecord } from '@varai/kafka'
import { addDecimals } from '@varai/schemas'
import { type Db, MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { createCountHours } from './count-hours.ts'
import { createCountOrders } from './count-orders.ts'
import { createFactStore, factCollection } from './fact-store.ts'
import { createIndexes } from './indexes.ts'
import { contributionOf, foldOrder } from './pure/order-fact.ts'
import { statedOrder } from './pure/order-statement.ts'
import { createRollupStore, type HourlyQuery } from './rollup-store.ts'
import { orderDeleted, orderStated, sampleTime } from './test-orders.ts'

const hourMs = 3_600_000
const everything: HourlyQuery = { merchantId: 'acme', from: '2026-05-01-00', to: '2026-06-01-00', limit: 1_000 }

let client: MongoClient
beforeAll(async () => {
  client = await MongoClient.connect(inject('stack').mongo.url)
})
afterAll(() => client?.close())

let databases = 0
/** A database of its own for each test, dropped afterwards. */
async function withDatabase(work: (db: Db) => Promise<void>): Promise<void> {
  const db = client.db(`analytics_test_${process.pid}_${++databases}`)
  try {
    await createIndexes(db)
    await work(db)
  } finally {
    await db.dropDatabase()
  }
}

function startProcess(db: Db) {
  const facts = createFactStore(db)
  const rollups = createRollupStore(db)
  return { countOrders: createCountOrders({ facts, countHours: createCountHours({ facts, rollups }) }), rollups }
}

const at = { topic: 'varai.events.high', partition: 0, offset: '0', key: null, headers: {}, timestamp: 0, attempt: 0 }
const record = (fields: Parameters<typeof orderStated>[0]): DecodedRecord => ({
  ...at,
  record: 'OrderStated',
  value: orderStated({ createdAt: sampleTime, currency: 'EUR', total: '10', ...fields }),
})

test('exact to the last digit of what an amount can hold, also for many of them', () =>
  withDatabase(async (db) => {
    const { countOrders, rollups } = startProcess(db)
    const totals = ['0.1', '0.2', '0.000001', '99999999999999.999999', '99999999999999.999999', '-3.000001']
    await countOrders(totals.map((total, index) => record({ entityId: String(index), eventId: `e${index}`, total })))
    expect(await rollups.readHours(everything)).toMatchObject([
      { hour: '2026-05-01-12', currency: 'EUR', orders: 6, grossTotal: '199999999999997.299998' },
    ])
  }))

test('another hour, another currency, a cancellation, a deletion: the hours they concern are right', () =>
  withDatabase(async (db) => {
    const { countOrders, rollups } = startProcess(db)
    const later = (minutes: number, eventId: string) => ({ platformAt: sampleTime + minutes * 60_000, eventId })
    const seen = async () =>
      (await rollups.readHours(everything)).map((row) => [
        row.hour,
        row.currency,
        row.orders,
        row.cancelled,
        row.grossTotal,
      ])

    await countOrders([record({}), record({ entityId: '1002', eventId: 'b', total: null })])
    expect(await seen()).toEqual([['2026-05-01-12', 'EUR', 2, 0, '10']])
    await countOrders([record({ ...later(1, 'c'), createdAt: sampleTime - hourMs })])
    expect(await seen()).toEqual([
      ['2026-05-01-11', 'EUR', 1, 0, '10'],
      ['2026-05-01-12', 'EUR', 1, 0, '0'],
    ])
    await countOrders([record({ ...later(2, 'd'), createdAt: null, currency: 'USD', cancelledAt: sampleTime })])
    expect(await seen()).toEqual([
      ['2026-05-01-11', 'USD', 1, 1, '10'],
      ['2026-05-01-12', 'EUR', 1, 0, '0'],
    ])
    await countOrders([{ ...at, record: 'EntityDeleted', value: orderDeleted({ entityId: '1002', ...later(3, 'e') }) }])
    expect(await seen()).toEqual([['2026-05-01-11', 'USD', 1, 1, '10']])
  }))

describe('two processes, events in any order and repeated', () => {
  const event = fc.record({
    order: fc.integer({ min: 1, max: 12 }),
    moment: fc.integer({ min: 0, max: 600 }),
    delay: fc.integer({ min: 0, max: 150 }),
    created: fc.constantFrom(0, 0, hourMs, 2 * hourMs),
    currency: fc.constantFrom('EUR', 'USD'),
    total: fc.integer({ min: 0, max: 99_999 }),
    cancelled: fc.boolean(),
    test: fc.boolean(),
  })
  const [events = []] = fc.sample(fc.array(event, { minLength: 600, maxLength: 600 }), { numRuns: 1, seed: 7 })
  const toRecord = (
    { order, moment, created, currency, total, cancelled, test: isTest }: (typeof events)[0],
    id: number,
  ) =>
    record({
      entityId: String(order),
      eventId: `e${id}`,
      platformAt: sampleTime + moment,
      createdAt: sampleTime + created,
      currency,
      total: `${total}.01`,
      cancelledAt: cancelled ? sampleTime : null,
      cleared: cancelled ? [] : ['cancelledAt'],
      test: isTest && order % 5 === 0,
    })
  const records = events.map(toRecord)
  // Roughly in the order of their making, so that nearly every batch changes what another one is changing too.
  const deliveries = events
    .flatMap(({ moment, delay }, index) =>
      [moment + delay, ...(index % 2 === 0 ? [moment + 2 * delay] : [])].map((arrival) => ({ arrival, index })),
    )
    .toSorted((a, b) => a.arrival - b.arrival)
    .map(({ index }) => records[index])
    .filter((one) => one !== undefined)

  /** Counted without a database. */
  function truth() {
    const statements = records.flatMap((one) => {
      const read = one.record === 'OrderStated' ? statedOrder(one.value) : undefined
      return read?.ok ? [read.statement] : []
    })
    const facts = [...Map.groupBy(statements, (one) => one.order.id).values()]
    const counted = facts.map((group) => contributionOf(foldOrder(undefined, group).fact)).filter((one) => one !== null)
    return Object.fromEntries(
      [...Map.groupBy(counted, (one) => one.bucket)].map(([bucket, ones]) => [
        bucket,
        {
          orders: ones.length,
          cancelled: ones.filter((one) => one.cancelled).length,
          grossTotal: addDecimals(...ones.map((one) => one.total ?? '0')),
        },
      ]),
    )
  }

  test('the roll-ups are the truth; all once more changes no fact and no figure', () =>
    withDatabase(async (db) => {
      const processes = [startProcess(db), startProcess(db)]
      const batches = Array.from({ length: 30 }, (_, index) => deliveries.slice(index * 30, index * 30 + 30))
      // Each process works on several partitions at once, as the consumer does.
      await Promise.all(
        [0, 1, 2, 3].map(async (worker) => {
          for (const batch of batches.filter((_, index) => index % 4 === worker))
            await processes[worker % 2]?.countOrders(batch)
        }),
      )
      const rows = await createRollupStore(db).readHours(everything)
      const shown = rows.map(({ platform, storeId, hour, currency, orders, cancelled, grossTotal }) => [
        ['orders', 'acme', platform, storeId, hour, currency].join('|'),
        { orders, cancelled, grossTotal },
      ])
      expect(Object.fromEntries(shown)).toEqual(truth())
      expect(await db.collection(factCollection).countDocuments({ 'left.0': { $exists: true } })).toBe(0)

      const dump = () => db.collection(factCollection).find().sort({ _id: 1 }).toArray()
      const before = await dump()
      const { countOrders, rollups } = startProcess(db)
      await countOrders(deliveries)
      expect(await dump()).toEqual(before)
      const again = await rollups.readHours(everything)
      expect(again.map(({ computedAt: _, ...row }) => row)).toEqual(rows.map(({ computedAt: _, ...row }) => row))
    }))
})

test('what a process saved before it died is counted when its events come again', () =>
  withDatabase(async (db) => {
    const dying = createCountOrders({
      facts: createFactStore(db),
      countHours: () => Promise.reject(new Error('killed')),
    })
    const { countOrders, rollups } = startProcess(db)
    await countOrders([record({})])
    const moved = record({ platformAt: sampleTime + 1, eventId: 'moved', createdAt: sampleTime + hourMs })
    await expect(dying([moved])).rejects.toThrow('killed')
    expect(await rollups.readHours(everything)).toMatchObject([{ hour: '2026-05-01-12', orders: 1 }])
    await countOrders([moved])
    expect(await rollups.readHours(everything)).toMatchObject([{ hour: '2026-05-01-13', orders: 1 }])
  }))

test('rows are read by merchant, hours, platform, store and currency, and page by page', () =>
  withDatabase(async (db) => {
    const { countOrders, rollups } = startProcess(db)
    await countOrders([
      record({}),
      record({ storeId: 'second.myshopify.com', eventId: 'b' }),
      record({ storeId: 'second.myshopify.com', entityId: '2', eventId: 'c', currency: 'USD' }),
      record({ entityId: '3', eventId: 'd', createdAt: sampleTime + hourMs }),
      record({ merchantId: 'other', storeId: 'other.myshopify.com', eventId: 'e' }),
    ])
    const seen = async (query: Partial<HourlyQuery>) =>
      (await rollups.readHours({ ...everything, ...query })).map((row) => `${row.hour} ${row.storeId} ${row.currency}`)
    const first = ['2026-05-01-12 acme.myshopify.com EUR']
    const second = ['2026-05-01-12 second.myshopify.com EUR', '2026-05-01-12 second.myshopify.com USD']
    const third = ['2026-05-01-13 acme.myshopify.com EUR']
    expect(await seen({})).toEqual([...first, ...second, ...third])
    expect(await seen({ to: '2026-05-01-13' })).toEqual([...first, ...second])
    expect(await seen({ from: '2026-05-01-13' })).toEqual(third)
    expect(await seen({ currency: 'USD' })).toEqual(second.slice(1))
    expect(await seen({ storeId: 'second.myshopify.com' })).toEqual(second)
    expect(await seen({ platform: 'magento' })).toEqual([])
    expect(await seen({ limit: 2 })).toEqual([...first, ...second.slice(0, 1)])
    const after = { hour: '2026-05-01-12', id: 'orders|acme|shopify|second.myshopify.com|2026-05-01-12|EUR' }
    expect(await seen({ after })).toEqual([...second.slice(1), ...third])
  }))

test('the migration can run again', () =>
  withDatabase(async (db) => {
    expect(await createIndexes(db)).toEqual(await createIndexes(db))
  }))
