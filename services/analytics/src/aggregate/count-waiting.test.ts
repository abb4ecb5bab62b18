import { fc, test as property } from '@fast-check/vitest'
import type { DecodedRecord } from '@varai/kafka'
import { describe, expect } from 'vitest'
import { attribute } from '../pure/attribution/attribute.ts'
import { countOrder } from '../pure/count/count-order.ts'
import { countSession } from '../pure/count/count-session.ts'
import { sumByRow } from '../pure/count/row.ts'
import { foldOrder } from '../pure/facts/order-fact.ts'
import { statedOrder } from '../pure/facts/order-statement.ts'
import { foldProduct, frameOf, statedProduct } from '../pure/facts/product-fact.ts'
import { foldSession } from '../pure/facts/session-fact.ts'
import { statedSession } from '../pure/facts/session-statement.ts'
import { orderStated, sampleTime } from '../test-orders.ts'
import { interacted, productStated, recommended, sessionStated } from '../test-sessions.ts'
import { createMemory, plain, position, windows, work } from './test-memory.ts'

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
