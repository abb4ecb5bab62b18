import { fc, test as property } from '@fast-check/vitest'
import type { DecodedRecord } from '@varai/kafka'
import { describe, expect } from 'vitest'
import { createCountEvents } from '../count-events.ts'
import { attribute, beganAt } from '../pure/attribution/attribute.ts'
import { countOrder } from '../pure/count/count-order.ts'
import { countSession } from '../pure/count/count-session.ts'
import { type Figures, sumByRow } from '../pure/count/row.ts'
import { linksOfOrder, linksOfSession } from '../pure/facts/links.ts'
import { countsSince, foldOrder, type OrderFact } from '../pure/facts/order-fact.ts'
import { statedOrder } from '../pure/facts/order-statement.ts'
import { foldProduct, frameOf, type ProductFact, statedProduct } from '../pure/facts/product-fact.ts'
import { foldSession, type SessionFact } from '../pure/facts/session-fact.ts'
import { statedSession } from '../pure/facts/session-statement.ts'
import type { Step } from '../step.ts'
import { orderStated, sampleTime } from '../test-orders.ts'
import { interacted, productStated, recommended, sessionStated } from '../test-sessions.ts'
import { createCountWaiting } from './count-waiting.ts'
import type { JournalStore } from './journal-store.ts'
import type { RowStore } from './row-store.ts'
import { createSteps } from './steps.ts'
import { createFacts, type Stop } from './test-facts.ts'

function createMemory() {
  const sessions = createFacts<SessionFact>(linksOfSession, beganAt)
  const orders = createFacts<OrderFact>(linksOfOrder, countsSince)
  const products = createFacts<ProductFact>(
    () => [],
    () => undefined,
  )
  const rows = new Map<string, { seq: number; figures: Figures }>()
  let last: { seq: number; step: Step | undefined } = { seq: 0, step: undefined }

  const startProcess = (stop: Stop) => {
    const journal: JournalStore = {
      async last() {
        await stop()
        return { seq: last.seq, open: last.step }
      },
      async open(seq, step) {
        await stop()
        if (last.seq !== seq || last.step !== undefined) return false
        last = { seq: seq + 1, step }
        return true
      },
      async close(seq) {
        await stop()
        if (last.seq === seq) last = { seq, step: undefined }
      },
    }
    const rowStore: Pick<RowStore, 'load' | 'write'> = {
      async load(ids) {
        await stop()
        return new Map(ids.flatMap((id) => (rows.has(id) ? [[id, rows.get(id)?.figures ?? {}]] : [])))
      },
      async write(seq, states) {
        for (const { row, figures } of states) {
          await stop()
          if ((rows.get(row)?.seq ?? 0) < seq) rows.set(row, { seq, figures })
        }
      },
    }
    const stores = { sessions: sessions.open(stop), orders: orders.open(stop), products: products.open(stop) }
    const steps = createSteps({ journal, rows: rowStore, ...stores })
    const countWaiting = createCountWaiting({ steps, rows: rowStore, ...stores, windows, pageSize: 2 })
    const requests = { ask: async () => {} }
    return { countEvents: createCountEvents({ ...stores, requests, changed: () => {} }), countWaiting }
  }
  return {
    startProcess,
    waits: () => [sessions, orders, products].some(({ facts }) => [...facts.values()].some(({ waits }) => waits)),
    shown: () => plain([...rows].map(([row, { figures }]) => [row, figures])),
  }
}

const windows = { touchMs: 3, sessionMs: 5 }

const plain = (rows: Iterable<readonly [string, Figures]>) =>
  Object.fromEntries(
    [...rows]
      .map(([row, of]) => [row, Object.entries(of).filter(([, value]) => value !== 0 && value !== '0')] as const)
      .filter(([, of]) => of.length > 0)
      .map(([row, of]) => [row, Object.fromEntries(of)]),
  )

const position = {
  topic: 'varai.events.high',
  partition: 0,
  offset: '0',
  key: null,
  headers: {},
  timestamp: 0,
  attempt: 0,
}
const store = { source: 'html', storeId: 'acme-shop' }
let ids = 0
const events = fc
  .record({
    kind: fc.constantFrom('session', 'recommendation', 'touch', 'product', 'order'),
    session: fc.constantFrom('s-1', 's-2'),
    person: fc.constantFrom('c-1', 'c-2', null),
    moment: fc.integer({ min: 0, max: 6 }),
    product: fc.constantFrom('p-1', 'p-2'),
    other: fc.boolean(),
  })
  .map(({ kind, session, person, moment, product, other }): DecodedRecord => {
    const told = { ...store, eventId: `e${++ids}`, platformAt: sampleTime + moment, customerId: person }
    const of = { ...told, entityId: session }
    switch (kind) {
      case 'session':
        return { ...position, record: 'AiSessionStated', value: sessionStated({ ...of, orderId: other ? '1' : null }) }
      case 'recommendation': {
        const shown = { recommendationId: 'rec-1', algorithm: other ? 'a' : 'b', items: [{ productId: product }] }
        return { ...position, record: 'RecommendationsGenerated', value: recommended({ ...of, ...shown }) }
      }
      case 'touch':
        return { ...position, record: 'Interaction', value: interacted({ ...of, productId: product }) }
      case 'product': {
        const value = productStated({ ...told, entityId: product, frameShape: other ? 'round' : 'square' })
        return { ...position, record: 'ProductStated', value }
      }
      default: {
        const carried = other ? {} : { aiSessionId: session }
        const items = [{ productId: product, quantity: 1, price: `${moment}` }]
        const value = { ...told, ...carried, items, entityId: product === 'p-1' ? '1' : '2', total: `${moment}.5` }
        return { ...position, record: 'OrderStated', value: orderStated({ ...value, createdAt: sampleTime + moment }) }
      }
    }
  })

/** All of it at once, without any store. */
function truth(batches: readonly (readonly DecodedRecord[])[]) {
  const all = batches.flat()
  const folded = <S extends { of: { id: string } }, F>(
    read: readonly ({ ok: true; statement: S } | { ok: false | 'silent' })[],
    fold: (held: undefined, of: S[]) => F,
  ) => {
    const said = read.flatMap((one) => (one.ok === true ? [one.statement] : []))
    return [...Map.groupBy(said, ({ of }) => of.id).values()].map((group) => fold(undefined, group))
  }
  const sessions = folded(
    all.flatMap((one) =>
      one.record === 'AiSessionStated' || one.record === 'RecommendationsGenerated' || one.record === 'Interaction'
        ? [statedSession(one)]
        : [],
    ),
    foldSession,
  )
  const orders = folded(
    all.flatMap((one) => (one.record === 'OrderStated' ? [statedOrder(one.value)] : [])),
    foldOrder,
  )
  const products = folded(
    all.flatMap((one) => (one.record === 'ProductStated' ? [statedProduct(one.value)] : [])),
    foldProduct,
  )
  const frames = new Map(products.map((product) => [product.id, frameOf(product)]))
  const attributions = orders.map((order) => attribute(order, sessions, windows))
  const ledTo = (id: string) =>
    attributions
      .filter((one) => one !== null)
      .filter(({ session }) => session === id)
      .map(({ recommendations, products: sold }) => ({
        algorithms: recommendations.flatMap(({ algorithm }) => algorithm ?? []),
        products: sold,
      }))
  return plain(
    sumByRow([
      ...sessions.flatMap((session) => countSession(session, ledTo(session.id), frames)),
      ...orders.flatMap((order, index) => countOrder(order, attributions[index] ?? null, frames)),
    ]),
  )
}

const batches = fc.array(fc.array(events, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 5 })

/** What a process does with its batches, counting in between, until nothing waits. */
async function work(process: ReturnType<ReturnType<typeof createMemory>['startProcess']>, own: DecodedRecord[][]) {
  for (const batch of own) {
    await process.countEvents(batch)
    await process.countWaiting()
  }
  while ((await process.countWaiting()) !== 'nothing waits');
}

describe('two processes that take events and count at once, in any interleaving', () => {
  property.prop([fc.scheduler(), batches], { numRuns: 300 })(
    'every row is the sum over its facts',
    async (scheduler, all) => {
      const memory = createMemory()
      const stop = () => scheduler.schedule(Promise.resolve())
      const processes = [memory.startProcess(stop), memory.startProcess(stop)]
      const worked = processes.map((process, at) =>
        work(
          process,
          all.filter((_, index) => index % 2 === at),
        ),
      )
      await scheduler.waitFor(Promise.all(worked))
      expect(memory.waits()).toBe(false)
      expect(memory.shown()).toEqual(truth(all))
    },
  )

  property.prop([fc.scheduler(), batches, fc.integer({ min: 1, max: 60 })], { numRuns: 300 })(
    'also when one is killed between any two writes, and its events come again',
    async (scheduler, all, lives) => {
      const memory = createMemory()
      const stop = () => scheduler.schedule(Promise.resolve())
      let left = lives
      const mortal = memory.startProcess(async () => {
        await stop()
        if (--left < 0) throw new Error('killed')
      })
      const survivor = memory.startProcess(stop)
      const [first = [], ...others] = all
      const worked = async () => {
        await Promise.all([work(mortal, [first]).catch(() => undefined), work(survivor, others)])
        await work(survivor, [first])
      }
      await scheduler.waitFor(worked())
      expect(memory.waits()).toBe(false)
      expect(memory.shown()).toEqual(truth(all))
    },
  )
})
