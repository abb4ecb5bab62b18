import { randomBytes } from 'node:crypto'
import type {} from '@varai/dev-stack/vitest'
import { type DecodedRecord, done } from '@varai/kafka'
import { createLog, createMetrics } from '@varai/runtime'
import { createLeaseStore } from '@varai/runtime/leases'
import { type Draft, type PrivacyConfirmed, type PrivacyRequested, typeOf } from '@varai/schemas'
import { type Db, MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { createAggregation } from '../aggregate/aggregation.ts'
import { collections } from '../collections.ts'
import { createCountEvents } from '../count-events.ts'
import { createIndexes } from '../indexes.ts'
import { createNames } from '../pure/facts/names.ts'
import { figuresIn } from '../stored-figures.ts'
import { orderStated, sampleTime } from '../test-orders.ts'
import { interacted, productStated, recommended, sessionStated } from '../test-sessions.ts'
import { createAnswerRequests } from './answer-requests.ts'
import { createEraseAsked } from './erase-asked.ts'
import { createErasureStore } from './erasure-store.ts'

let client: MongoClient
beforeAll(async () => {
  client = await MongoClient.connect(inject('stack').mongo.url)
})
afterAll(() => client?.close())

let databases = 0
async function withDatabase(work: (db: Db) => Promise<void>): Promise<void> {
  const db = client.db(`analytics_erasure_${process.pid}_${++databases}`)
  try {
    await createIndexes(db)
    await work(db)
  } finally {
    await db.dropDatabase()
  }
}

const log = createLog({ service: 'test', level: 'silent' })
const key = randomBytes(32)

/** The service without Kafka. `fails`: whether saving orders fails now, as when the database goes away. */
function start(db: Db, fails = () => false) {
  const aggregation = createAggregation(db, {
    ...{ log, leases: createLeaseStore(db, 'jobs'), metrics: createMetrics('test') },
    windows: { touch: 7, session: 30 },
  })
  const names = createNames(key)
  const erasures = createErasureStore(db)
  const orders: typeof aggregation.orders = {
    ...aggregation.orders,
    save: (changed) => (fails() ? Promise.reject(new Error('away')) : aggregation.orders.save(changed)),
  }
  const eraseAsked = createEraseAsked({ ...aggregation, orders, erasures, names })
  const confirmed: Draft<PrivacyConfirmed>[] = []
  const handle = createAnswerRequests({
    ...{ ...aggregation, erasures, names, eraseAsked, now: () => sampleTime },
    handle: createCountEvents({ ...aggregation, eraseAsked, changed: () => {} }),
    confirm: async (confirmation) => void confirmed.push(confirmation),
  })
  const count = async () => {
    while ((await aggregation.countWaiting()) !== 'nothing waits');
  }
  return { handle, count, confirmed }
}

const minute = 60_000
const store = { source: 'html', storeId: 'acme-shop' }
const at = { topic: 't', partition: 0, offset: '0', key: null, headers: {}, timestamp: 0, attempt: 0 }
let ids = 0
const told = (entityId: string, after: number) => ({
  ...{ ...store, entityId, eventId: `e${++ids}`, platformAt: sampleTime + after * minute },
})

/** What a customer does: looks, is shown something, clicks, and buys it; the cart carries nothing. */
function visit(customer: string, session: string, order: string, began = 0): DecodedRecord[] {
  const customerId = customer
  const shown = { recommendationId: `rec-${session}`, algorithm: 'fit', items: [{ id: null, productId: 'p-1' }] }
  const bought = { currency: 'EUR', total: '100', items: [{ productId: 'p-1', quantity: 1, price: '100' }] }
  const made = { eventName: 'order_created' as const, createdAt: sampleTime + (began + 9) * minute }
  return [
    { ...at, record: 'AiSessionStated', value: sessionStated({ ...told(session, began), customerId }) },
    { ...at, record: 'RecommendationsGenerated', value: recommended({ ...told(session, began + 1), ...shown }) },
    { ...at, record: 'Interaction', value: interacted({ ...told(session, began + 2), productId: 'p-1' }) },
    { ...at, record: 'OrderStated', value: orderStated({ ...told(order, began + 9), ...made, ...bought, customerId }) },
  ]
}

const frame: DecodedRecord = {
  ...{ ...at, record: 'ProductStated' as const },
  value: productStated({ ...told('p-1', 0), frameShape: 'round' }),
}

function asked(of: Partial<PrivacyRequested>, after = 60): DecodedRecord {
  const platformAt = sampleTime + after * minute
  const draft = {
    ...{ ...store, merchantId: 'acme', eventId: `e${++ids}`, eventName: 'customer_redact', eventType: 'delete' },
    ...{ entityType: 'privacy', entityId: 'sub_1', subjectRef: 'sub_1', requestId: 'request-1', priority: 'high' },
    ...{ origin: 'webhook', platformAt, at: platformAt, ingestedAt: platformAt, legalDueAt: platformAt },
    ...{ kind: 'customer_redact', scope: 'record', ...of },
  }
  const type = typeOf('PrivacyRequested')
  return { ...at, record: 'PrivacyRequested', value: type.fromBuffer(type.toBuffer(draft as never)) }
}

const allCollections = [...Object.values(collections)]
const dump = async (db: Db) =>
  JSON.stringify(await Promise.all(allCollections.map((name) => db.collection(name).find().sort({ _id: 1 }).toArray())))

async function figures(db: Db) {
  const rows = await db.collection(collections.rows).find().sort({ _id: 1 }).toArray()
  return rows.flatMap((row) => {
    const some = Object.entries(figuresIn(row)).filter(([, value]) => value !== 0 && value !== '0')
    return some.length === 0 ? [] : [[String(row._id), Object.fromEntries(some)] as const]
  })
}
const sumOf = async (db: Db, type: string) =>
  (await figures(db)).filter(([row]) => row.startsWith(`${type}|`) && row.includes('|all||')).map(([, of]) => of)

test('an erased customer: orders stay in the books, nothing leads to anybody any more; of the others all stays', () =>
  withDatabase(async (db) => {
    const { handle, count, confirmed } = start(db)
    const guests = orderStated({ ...told('7', 9), createdAt: sampleTime, currency: 'EUR', total: '30' })
    const tells = sessionStated({ ...told('ais-mia', 9), customerId: 'mia-7', orderId: '7' })
    await handle([frame, ...visit('mia-7', 'ais-mia', '1'), ...visit('bob-8', 'ais-bob', '2')])
    await handle([
      { ...at, record: 'OrderStated', value: guests },
      { ...at, record: 'AiSessionStated', value: tells },
    ])
    await count()
    expect(await sumOf(db, 'attributed')).toMatchObject([{ orders: 3, netTotal: '230' }])
    expect(await handle([asked({ customerId: 'mia-7' })])).toEqual([done])
    expect(confirmed).toMatchObject([{ outcome: 'done', counts: { sessions: 1, orders: 1 } }])
    expect(await sumOf(db, 'orders')).toMatchObject([{ orders: 3, grossTotal: '230' }])
    expect(await sumOf(db, 'attributed')).toMatchObject([{ orders: 1, netTotal: '100' }])
    expect(await sumOf(db, 'funnel')).toMatchObject([{ sessions: 1, clicked: 1, ordered: 1 }])
    const left = await dump(db)
    expect(left).not.toMatch(/mia-7|rec-ais-mia/)
    expect(left).toMatch(/bob-8/)
    expect(left).toMatch(/Its customer was erased/)
    await handle([asked({ customerId: 'mia-7' })])
    expect(confirmed[1]).toMatchObject({ outcome: 'nothing-held' })
  }))

test('whatever the order in which events and the erasure come, and again: the same figures', () =>
  withDatabase(async (db) => {
    const mia = visit('mia-7', 'ais-mia', '1')
    const later = visit('mia-7', 'ais-new', '3', 120)
    const events = [frame, ...mia, ...visit('bob-8', 'ais-bob', '2'), ...later]
    const erasure = asked({ customerId: 'mia-7', orderIds: ['1', '9'] })
    const seen = new Set<string>()
    for (const cut of [0, 2, 3, 5, events.length]) {
      await db.dropDatabase()
      await createIndexes(db)
      const { handle, count } = start(db)
      const order = cut % 2 === 0 ? events : events.toReversed()
      for (const batch of [order.slice(0, cut), [erasure], order.slice(cut), order]) {
        await handle(batch)
        if (cut > 2) await count()
      }
      await count()
      seen.add(JSON.stringify(await figures(db)))
    }
    expect(seen.size).toBe(1)
    // who comes back afterwards is there again
    expect([...seen][0]).toContain('["ai_sessions|acme|html||2026-05-01-14|all||",{"totalSessions":1}]')
  }))

test('the session that an erased order names goes too, also when it is heard of late', () =>
  withDatabase(async (db) => {
    const { handle, count } = start(db)
    const guest = (entityId: string, aiSessionId: string): DecodedRecord => {
      const value = orderStated({ ...told(entityId, 9), createdAt: sampleTime, total: '10', aiSessionId })
      return { ...at, record: 'OrderStated', value }
    }
    await handle([guest('5', 'ais-mia'), guest('6', 'ais-ann'), ...visit('ann-6', 'ais-ann', '1').slice(0, 3)])
    await handle([asked({ orderIds: ['5', '6'] })])
    await handle(visit('mia-7', 'ais-mia', '1').slice(0, 3))
    await count()
    expect(await sumOf(db, 'funnel')).toEqual([])
    expect(await sumOf(db, 'attributed')).toEqual([])
    expect(await sumOf(db, 'orders')).toMatchObject([{ orders: 2 }])
    expect(await dump(db)).not.toMatch(/mia-7|ann-6/)
  }))

test('a store that goes: of all of its people nothing is left, its orders are counted', () =>
  withDatabase(async (db) => {
    const { handle, count, confirmed } = start(db)
    await handle([frame, ...visit('mia-7', 'ais-mia', '1'), ...visit('bob-8', 'ais-bob', '2')])
    const other = sessionStated({ ...told('ais-eve', 0), storeId: 'acme-shop-2', customerId: 'eve-9' })
    await handle([{ ...at, record: 'AiSessionStated', value: other }])
    await count()
    await handle([asked({ kind: 'shop_redact' })])
    expect(confirmed).toMatchObject([{ outcome: 'done', counts: { sessions: 2, orders: 2 } }])
    expect(await sumOf(db, 'orders')).toMatchObject([{ orders: 2 }])
    expect(await sumOf(db, 'funnel')).toMatchObject([{ sessions: 1 }])
    await handle(visit('ann-6', 'ais-late', '4'))
    await count()
    expect(await sumOf(db, 'orders')).toMatchObject([{ orders: 3 }])
    const left = await dump(db)
    expect(left).not.toMatch(/mia-7|bob-8|ann-6/)
    expect(left).toMatch(/eve-9/)
  }))

test('ended halfway, a request goes on where it was; data that is asked for is told by number', () =>
  withDatabase(async (db) => {
    let failing = true
    const { handle, count, confirmed } = start(db, () => failing)
    await start(db).handle([frame, ...visit('mia-7', 'ais-mia', '1')])
    await handle([asked({ customerId: 'mia-7', kind: 'data_request' })])
    expect(confirmed.splice(0)).toMatchObject([{ outcome: 'done', counts: { sessions: 1, orders: 1 } }])
    await expect(handle([asked({ customerId: 'mia-7' })])).rejects.toThrow('away')
    expect(confirmed).toEqual([])
    failing = false
    await handle([asked({ customerId: 'mia-7' })])
    await count()
    expect(confirmed).toMatchObject([{ outcome: 'done', counts: { orders: 1 } }])
    expect(await dump(db)).not.toMatch(/mia-7/)
    expect(await handle([asked({ customerId: 'a|b' }), asked({ kind: 'other' })])).toMatchObject([
      { kind: 'rejected' },
      { kind: 'rejected' },
    ])
  }))
