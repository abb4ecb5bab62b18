import { fc, test as property } from '@fast-check/vitest'
import type { DecodedRecord } from '@varai/kafka'
import { addDecimals } from '@varai/schemas'
import { describe, expect, test } from 'vitest'
import { createCountHours } from './count-hours.ts'
import { createCountOrders } from './count-orders.ts'
import type { FactStore } from './fact-store.ts'
import { type HourlyCount, nothingCounted } from './pure/hourly-count.ts'
import { contributionOf, foldOrder, type OrderFact } from './pure/order-fact.ts'
import { statedOrder } from './pure/order-statement.ts'
import type { RollupStore } from './rollup-store.ts'
import { orderDeleted, orderStated, sampleTime } from './test-orders.ts'

/** The stores' promises, kept in memory. `step` runs before each answer: a test decides who goes on when. */
function createMemory() {
  const facts = new Map<string, OrderFact>()
  const rollups = new Map<string, { rev: number; count: HourlyCount }>()

  const factStore = (step: () => Promise<void>): FactStore => ({
    async loadMany(ids) {
      await step()
      const held = ids.map((id) => facts.get(id)).filter((fact) => fact !== undefined)
      return new Map(held.map((fact) => [fact.id, fact]))
    },
    async saveMany(changed) {
      await step()
      const free = changed.filter((fact) => (facts.get(fact.id)?.version ?? 0) === fact.version)
      for (const fact of free) facts.set(fact.id, { ...fact, version: fact.version + 1 })
      return free.length === changed.length
    },
    async sum(buckets) {
      await step()
      return new Map(buckets.map((bucket) => [bucket, sumOf(facts.values(), bucket)]))
    },
    async clearLeft(shown) {
      await step()
      for (const { id, version } of shown) {
        const held = facts.get(id)
        if (held?.version === version) facts.set(id, { ...held, left: [] })
      }
    },
  })
  const rollupStore = (step: () => Promise<void>): Omit<RollupStore, 'readHours'> => ({
    async revisions(buckets) {
      await step()
      return new Map(buckets.map((bucket) => [bucket, rollups.get(bucket)?.rev ?? 0]))
    },
    async writeMany(writes) {
      await step()
      const lost = writes.filter(({ bucket, rev }) => (rollups.get(bucket)?.rev ?? 0) !== rev)
      for (const { bucket, rev, count } of writes)
        if ((rollups.get(bucket)?.rev ?? 0) === rev) rollups.set(bucket, { rev: rev + 1, count })
      return lost.map(({ bucket }) => bucket)
    },
  })
  /** One process. */
  const startProcess = (step: () => Promise<void> = async () => {}) => {
    const store = factStore(step)
    const countHours = createCountHours({ facts: store, rollups: rollupStore(step) })
    return createCountOrders({ facts: store, countHours })
  }
  return {
    facts,
    rollups,
    startProcess,
    shown: () => nonEmpty(new Map([...rollups].map(([id, { count }]) => [id, count]))),
  }
}

function sumOf(facts: Iterable<OrderFact>, bucket: string): HourlyCount {
  return [...facts].map(contributionOf).reduce((sum: HourlyCount, one) => {
    if (one?.bucket !== bucket) return sum
    return {
      orders: sum.orders + 1,
      cancelled: sum.cancelled + Number(one.cancelled),
      grossTotal: addDecimals(sum.grossTotal, one.total ?? '0'),
      withoutTotal: sum.withoutTotal + Number(one.total === null),
    }
  }, nothingCounted)
}

const nonEmpty = (counts: Map<string, HourlyCount>) => new Map([...counts].filter(([, count]) => count.orders > 0))

/** What the roll-ups must show for these events, counted without any store. */
function truth(records: readonly DecodedRecord[]): Map<string, HourlyCount> {
  const statements = records.flatMap((one) => {
    const read = one.record === 'OrderStated' ? statedOrder(one.value) : undefined
    return read?.ok ? [read.statement] : []
  })
  const facts = [...Map.groupBy(statements, (one) => one.order.id).values()].map(
    (group) => foldOrder(undefined, group).fact,
  )
  const buckets = new Set(facts.flatMap((fact) => contributionOf(fact)?.bucket ?? []))
  return nonEmpty(new Map([...buckets].map((bucket) => [bucket, sumOf(facts, bucket)])))
}

let offset = 0
const at = { topic: 'varai.events.high', partition: 0, key: null, headers: {}, timestamp: sampleTime, attempt: 0 }
const record = (fields: Parameters<typeof orderStated>[0]): DecodedRecord => ({
  ...at,
  offset: String(++offset),
  record: 'OrderStated',
  value: orderStated({ createdAt: sampleTime, currency: 'EUR', total: '10', ...fields }),
})
const hour12 = 'orders|acme|shopify|acme.myshopify.com|2026-05-01-12|EUR'

describe('outcomes', () => {
  test('orders are done, other records skipped, what can never be counted rejected; each in its place', async () => {
    const deletion = (fields: object): DecodedRecord => ({
      ...at,
      offset: '1',
      record: 'EntityDeleted',
      value: orderDeleted(fields),
    })
    const memory = createMemory()
    const outcomes = await memory.startProcess()([
      deletion({ entityType: 'product' }),
      record({}),
      record({ createdAt: 8e15 }),
      deletion({ confirmed: false }),
      deletion({ childId: '7' }),
      deletion({ entityId: '1002' }),
    ])
    expect(outcomes.map((outcome) => outcome.kind)).toEqual([
      'skipped',
      'done',
      'rejected',
      'skipped',
      'skipped',
      'done',
    ])
    expect(memory.shown()).toEqual(new Map([[hour12, { orders: 1, cancelled: 0, grossTotal: '10', withoutTotal: 0 }]]))
  })

  test('a failing store rejects the batch, and the next try counts it', async () => {
    const memory = createMemory()
    let calls = 0
    const failing = memory.startProcess(async () => {
      if (++calls === 4) throw new Error('away')
    })
    await expect(failing([record({})])).rejects.toThrow('away')
    expect(memory.shown().size).toBe(0)
    await failing([record({})])
    expect(memory.shown().get(hour12)?.orders).toBe(1)
  })
})

test('a repeated batch changes no fact and no figure', async () => {
  const memory = createMemory()
  const batch = [record({}), record({ entityId: '1002', eventId: 'e2' })]
  await memory.startProcess()(batch)
  const before = structuredClone({ facts: memory.facts, shown: memory.shown() })
  await memory.startProcess()(batch)
  expect({ facts: memory.facts, shown: memory.shown() }).toEqual(before)
})

const events = fc
  .record({
    order: fc.constantFrom('1001', '1002', '1003'),
    moment: fc.integer({ min: 0, max: 5 }),
    created: fc.constantFrom(0, 3_600_000),
    currency: fc.constantFrom('EUR', 'USD'),
    total: fc.constantFrom('1', '2.5', '0.01'),
    test: fc.constantFrom(false, false, true),
  })
  .map(({ order, moment, created, currency, total, test }) =>
    record({
      entityId: order,
      eventId: `${order}-${moment}-${created}-${currency}-${total}-${test}`,
      platformAt: sampleTime + moment,
      createdAt: sampleTime + created,
      currency,
      total,
      test,
    }),
  )

describe('two processes at once, in any interleaving', () => {
  property.prop(
    [fc.scheduler(), fc.array(fc.array(events, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 5 })],
    { numRuns: 1_000 },
  )('the roll-ups show every fact', async (scheduler, batches) => {
    const memory = createMemory()
    const step = () => scheduler.schedule(Promise.resolve())
    const processes = [memory.startProcess(step), memory.startProcess(step)]
    const counted = Promise.all(batches.map((batch, index) => processes[index % 2]?.(batch)))
    await scheduler.waitFor(counted)
    expect(memory.shown()).toEqual(truth(batches.flat()))
    expect([...memory.facts.values()].flatMap((fact) => fact.left)).toEqual([])
  })

  property.prop(
    [
      fc.scheduler(),
      fc.array(fc.array(events, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 4 }),
      fc.integer({ min: 1, max: 8 }),
    ],
    { numRuns: 1_000 },
  )('also when one is killed between any two writes, and its events come again', async (scheduler, batches, lives) => {
    const memory = createMemory()
    const step = () => scheduler.schedule(Promise.resolve())
    let left = lives
    const mortal = memory.startProcess(async () => {
      await step()
      if (--left < 0) throw new Error('killed')
    })
    const survivor = memory.startProcess(step)
    const countAll = async () => {
      const [first = [], ...others] = batches
      const killed = mortal(first).catch(() => undefined)
      await Promise.all([killed, ...others.map((batch) => survivor(batch))])
      await survivor(first)
    }
    await scheduler.waitFor(countAll())
    expect(memory.shown()).toEqual(truth(batches.flat()))
  })
})
