import { fc } from '@fast-check/vitest'
import type {} from '@varai/dev-stack/vitest'
import type { DecodedRecord } from '@varai/kafka'
import { createLog, createMetrics } from '@varai/runtime'
import { createLeaseStore } from '@varai/runtime/leases'
import { type Db, MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { createAggregation } from './aggregate/aggregation.ts'
import { collections, factCollections } from './collections.ts'
import { createCountEvents } from './count-events.ts'
import { createIndexes } from './indexes.ts'
import { attribute, bases } from './pure/attribution/attribute.ts'
import { countOrder } from './pure/count/count-order.ts'
import { countSession } from './pure/count/count-session.ts'
import { type Figures, sumByRow } from './pure/count/row.ts'
import { foldOrder } from './pure/facts/order-fact.ts'
import { deletedOrder, statedOrder } from './pure/facts/order-statement.ts'
import { foldProduct, frameOf, statedProduct } from './pure/facts/product-fact.ts'
import { foldSession } from './pure/facts/session-fact.ts'
import { statedSession } from './pure/facts/session-statement.ts'
import { figuresIn } from './stored-figures.ts'
import { orderDeleted, orderStated, sampleTime } from './test-orders.ts'
import { faceAnalysed, interacted, productStated, recommended, sessionStated } from './test-sessions.ts'

const kinds = ['session', 'analysis', 'recommendation', 'touch', 'product', 'order', 'deletion'] as const

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

const log = createLog({ service: 'test', level: 'silent' })

function startProcess(db: Db) {
  const leases = createLeaseStore(db, 'jobs')
  const aggregation = createAggregation(db, {
    ...{ log, leases, metrics: createMetrics('test'), windows: { touch: 1 / 48, session: 30 } },
  })
  const countEvents = createCountEvents({ ...aggregation, eraseAsked: async () => {}, changed: () => {} })
  const countAll = async () => {
    while ((await aggregation.countWaiting()) !== 'nothing waits');
  }
  return { ...aggregation, countEvents, countAll }
}

const at = { topic: 'varai.events.high', partition: 0, offset: '0', key: null, headers: {}, timestamp: 0, attempt: 0 }
const order = (fields: Parameters<typeof orderStated>[0]): DecodedRecord => ({
  ...at,
  record: 'OrderStated',
  value: orderStated({ createdAt: sampleTime, currency: 'EUR', total: '10', ...fields }),
})

/** Figures that are not nothing, of rows that have any. */
const plain = (rows: Iterable<readonly [string, Figures]>) =>
  Object.fromEntries(
    [...rows]
      .map(
        ([row, figures]) => [row, Object.entries(figures).filter(([, value]) => value !== 0 && value !== '0')] as const,
      )
      .filter(([, figures]) => figures.length > 0)
      .map(([row, figures]) => [row, Object.fromEntries(figures)]),
  )

const shown = async (db: Db) => {
  const rows = await db.collection(collections.rows).find().sort({ _id: 1 }).toArray()
  return plain(rows.map((row) => [String(row._id), figuresIn(row)] as const))
}

test('exact to the last digit of what an amount can hold, also for many of them', () =>
  withDatabase(async (db) => {
    const { countEvents, countAll } = startProcess(db)
    const totals = ['0.1', '0.2', '0.000001', '99999999999999.999999', '99999999999999.999999', '-3.000001']
    await countEvents(totals.map((total, index) => order({ entityId: String(index), eventId: `e${index}`, total })))
    await countAll()
    expect(Object.values(await shown(db))).toMatchObject([{ orders: 6, grossTotal: '199999999999997.299998' }])
  }))

describe('two processes that count at once, events in any order and repeated', () => {
  const minute = 60_000
  const stores = [
    { source: 'html', storeId: 'acme-shop' },
    { source: 'shopify', storeId: 'acme.myshopify.com' },
  ]
  const happening = fc.record({
    store: fc.constantFrom(...stores),
    session: fc.integer({ min: 1, max: 15 }),
    order: fc.integer({ min: 1, max: 30 }),
    product: fc.integer({ min: 1, max: 6 }),
    person: fc.constantFrom('c-1', 'c-2', 'c-3', null),
    recommendation: fc.constantFrom('rec-1', 'rec-2', 'rec-3'),
    algorithm: fc.constantFrom('fit 1', 'fit 2'),
    moment: fc.integer({ min: 0, max: 600 }),
    total: fc.integer({ min: 0, max: 99_999 }),
    some: fc.boolean(),
    other: fc.boolean(),
    kind: fc.constantFrom(...kinds),
  })
  const [happenings = []] = fc.sample(fc.array(happening, { minLength: 420, maxLength: 420 }), { numRuns: 1, seed: 11 })

  function eventOf(one: (typeof happenings)[0], id: number): DecodedRecord {
    const { kind, some, other, person, product } = one
    const told = { ...one.store, eventId: `e${id}`, platformAt: sampleTime + one.moment * minute }
    const ofSession = { ...told, entityId: `s-${one.session}` }
    const productId = `p-${product}`
    switch (kind) {
      case 'session': {
        const times = { startedAt: sampleTime, completedAt: other ? sampleTime + one.total : null }
        const result = { conversionResult: some ? 'purchased' : 'none', orderId: some && other ? `${one.order}` : null }
        const value = sessionStated({ ...ofSession, ...times, ...result, customerId: person })
        return { ...at, record: 'AiSessionStated', value }
      }
      case 'analysis':
        return { ...at, record: 'FaceAnalysed', value: faceAnalysed({ ...ofSession, customerId: person }) }
      case 'recommendation': {
        const { recommendation: recommendationId, algorithm } = one
        const items = [{ id: `${recommendationId}-1`, productId }]
        const value = recommended({ ...ofSession, recommendationId, algorithm, items })
        return { ...at, record: 'RecommendationsGenerated', value }
      }
      case 'touch': {
        const touch = {
          interactionId: `i-${id}`,
          interactionType: some ? 'recommendation_clicked' : 'virtual_try_on_started',
        }
        const of = other ? { recommendationId: one.recommendation } : { productId }
        return { ...at, record: 'Interaction', value: interacted({ ...ofSession, ...touch, ...of }) }
      }
      case 'product': {
        const frame = { frameShape: some ? 'Round' : 'square', frameColor: other ? 'gold' : null }
        const value = productStated({ ...told, entityId: productId, ...frame })
        return { ...at, record: 'ProductStated', value }
      }
      case 'order': {
        const carried = {
          aiSessionId: one.order % 5 === 0 ? `s-${one.session}` : null,
          recommendationIds: one.order % 5 < 2 ? [one.recommendation] : null,
        }
        const items = [{ productId, quantity: 1 + (one.total % 3), price: `${one.total}.01` }]
        const value = orderStated({
          ...{
            ...told,
            ...carried,
            items,
            customerId: person,
            entityId: `${one.order}`,
            currency: other ? 'EUR' : 'USD',
          },
          ...{ createdAt: sampleTime + (one.order % 13) * 60 * minute, total: `${one.total}.01` },
          ...{
            cancelledAt: one.total % 7 === 0 ? sampleTime : null,
            cleared: one.total % 7 === 0 ? [] : ['cancelledAt'],
          },
          ...(one.total % 5 === 0 && { refunds: [{ id: `r${one.moment}`, total: '3.5', createdAt: sampleTime }] }),
        })
        return { ...at, record: 'OrderStated', value }
      }
      case 'deletion': {
        const value = orderDeleted({ ...told, entityId: `${one.order}` })
        return { ...at, record: 'EntityDeleted', value }
      }
      default:
        return kind satisfies never
    }
  }
  const events = happenings.map(eventOf)

  /** All of it at once, without a database. */
  function truth() {
    const folded = <S extends { of: { id: string } }, F>(all: S[], fold: (held: undefined, of: S[]) => F) =>
      [...Map.groupBy(all, ({ of }) => of.id).values()].map((group) => fold(undefined, group))
    const read = <S>(one: { ok: true; statement: S } | { ok: false; reason: string } | { ok: 'silent' }) =>
      one.ok === true ? [one.statement] : []
    const sessions = folded(
      events.flatMap((one) =>
        one.record === 'AiSessionStated' ||
        one.record === 'FaceAnalysed' ||
        one.record === 'RecommendationsGenerated' ||
        one.record === 'Interaction'
          ? read(statedSession(one))
          : [],
      ),
      foldSession,
    )
    const orders = folded(
      events.flatMap((one) =>
        one.record === 'OrderStated'
          ? read(statedOrder(one.value))
          : one.record === 'EntityDeleted'
            ? read(deletedOrder(one.value))
            : [],
      ),
      foldOrder,
    )
    const products = folded(
      events.flatMap((one) => (one.record === 'ProductStated' ? read(statedProduct(one.value)) : [])),
      foldProduct,
    )
    const frames = new Map(products.map((product) => [product.id, frameOf(product)]))
    const windows = { touchMs: 30 * minute, sessionMs: 30 * 24 * 60 * minute }
    const attributions = orders.map((order) =>
      attribute(
        order,
        sessions.filter((one) => one.merchantId === order.merchantId),
        windows,
      ),
    )
    const led = (id: string) =>
      attributions
        .filter((one) => one !== null)
        .filter(({ session }) => session === id)
        .map(({ recommendations, products }) => ({
          algorithms: recommendations.flatMap(({ algorithm }) => algorithm ?? []),
          products,
        }))
    const added = [
      ...sessions.flatMap((session) => countSession(session, led(session.id), frames)),
      ...orders.flatMap((order, index) => countOrder(order, attributions[index] ?? null, frames)),
    ]
    return { rows: plain(sumByRow(added)), attributions: attributions.filter((one) => one !== null) }
  }

  test('the rows are the truth; all once more changes no fact and no figure', () =>
    withDatabase(async (db) => {
      const processes = [startProcess(db), startProcess(db)]
      const arrivals = [...events, ...events.filter((_, index) => index % 2 === 0)]
      const shuffled = arrivals.map((event, index) => ({ event, key: (index * 7919) % arrivals.length }))
      const deliveries = shuffled.toSorted((one, other) => one.key - other.key).map(({ event }) => event)
      const batches = Array.from({ length: 21 }, (_, index) => deliveries.slice(index * 30, index * 30 + 30))
      await Promise.all(
        [0, 1, 2, 3].map(async (worker) => {
          for (const batch of batches.filter((_, index) => index % 4 === worker)) {
            await processes[worker % 2]?.countEvents(batch)
            if (worker < 2) await processes[worker]?.countWaiting()
          }
        }),
      )
      await Promise.all(processes.map(({ countAll }) => countAll()))
      const { rows, attributions } = truth()
      expect(new Set(attributions.map(({ basis }) => basis)).size).toBe(bases.length)
      expect(await shown(db)).toEqual(rows)

      const dump = () =>
        Promise.all(
          [...factCollections, collections.rows].map((name) => db.collection(name).find().sort({ _id: 1 }).toArray()),
        )
      const before = await dump()
      const { countEvents, countAll } = startProcess(db)
      await countEvents(deliveries)
      await countAll()
      expect(await dump()).toEqual(before)
    }))
})

test('hours that are asked for are made again: a row that shows anything else is set right', () =>
  withDatabase(async (db) => {
    const { countEvents, countAll, makeAgain, requests } = startProcess(db)
    const orders = ['1', '2', '3'].map((entityId) => order({ entityId, eventId: `e${entityId}` }))
    await countEvents([...orders, order({ entityId: '4', eventId: 'e4', createdAt: sampleTime + 3_600_000 })])
    await countAll()
    const right = await shown(db)
    const rows = db.collection<{ _id: string }>(collections.rows)
    await rows.updateMany({ hour: '2026-05-01-12' }, { $set: { orders: 7 } })
    await rows.deleteOne({ hour: '2026-05-01-13' })
    expect(await shown(db)).not.toEqual(right)
    await requests.ask({ id: 'asked', from: '2026-05-01-10', to: '2026-05-01-15', reason: 'operator' })
    while (await makeAgain());
    expect(await shown(db)).toEqual(right)
    const asked = db.collection<{ _id: string }>(collections.requests)
    expect(await asked.findOne({ _id: 'asked' })).toMatchObject({ rows: 2, repaired: 2, doneAt: expect.any(Date) })
    await requests.ask({ id: 'again', from: '2026-05-01-10', to: '2026-05-01-15', reason: 'operator' })
    while (await makeAgain());
    expect(await asked.findOne({ _id: 'again' })).toMatchObject({ rows: 2, repaired: 0 })
    expect(await requests.lastDoneAt()).toBeInstanceOf(Date)
  }))
