import { fc, test as property } from '@fast-check/vitest'
import type { DecodedRecord } from '@varai/kafka'
import { typeOf } from '@varai/schemas'
import { describe, expect } from 'vitest'
import { createMemory, position, work } from '../aggregate/test-memory.ts'
import { orderStated, sampleTime } from '../test-orders.ts'
import { interacted, sessionStated } from '../test-sessions.ts'

const store = { source: 'html', storeId: 'acme-shop' }
let ids = 0

/** Who has which session and order, and which of these carry the id of the session. */
const happening = fc.record({
  kind: fc.constantFrom('session', 'touch', 'order', 'erasure'),
  of: fc.constantFrom(
    { person: 'mia', session: 's-1', order: '1', carries: true },
    { person: 'mia', session: 's-2', order: '2', carries: false },
    { person: 'bob', session: 's-3', order: '3', carries: false },
  ),
  knowsPerson: fc.boolean(),
  moment: fc.integer({ min: 0, max: 6 }),
})
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never

function eventOf({ kind, of, knowsPerson, moment }: Happening): DecodedRecord {
  const platformAt = sampleTime + moment
  const told = { ...store, eventId: `e${++ids}`, platformAt }
  const customerId = knowsPerson ? of.person : null
  switch (kind) {
    case 'session':
      return {
        ...{ ...position, record: 'AiSessionStated' },
        value: sessionStated({ ...told, entityId: of.session, customerId }),
      }
    case 'touch':
      return {
        ...{ ...position, record: 'Interaction' },
        value: interacted({ ...told, entityId: of.session, productId: 'p-1' }),
      }
    case 'order': {
      const carried = of.carries ? { aiSessionId: of.session } : {}
      const value = { ...told, ...carried, entityId: of.order, customerId: of.person, total: '10' }
      return { ...position, record: 'OrderStated', value: orderStated({ ...value, createdAt: platformAt }) }
    }
    default: {
      const type = typeOf('PrivacyRequested')
      const draft = {
        ...{ ...told, merchantId: 'acme', eventName: 'privacy_requested', eventType: 'create', entityType: 'privacy' },
        ...{ entityId: 'sub_1', priority: 'high', origin: 'webhook', at: platformAt, ingestedAt: platformAt },
        ...{ requestId: `r${ids}`, kind: 'customer_redact', customerId: of.person, legalDueAt: platformAt },
      }
      return { ...position, record: 'PrivacyRequested', value: type.fromBuffer(type.toBuffer(draft)) }
    }
  }
}

const batches = fc.array(fc.array(happening.map(eventOf), { minLength: 1, maxLength: 4 }), {
  minLength: 2,
  maxLength: 6,
})

/** What one process shows that takes one record after the other. */
async function alone(all: readonly DecodedRecord[]) {
  const memory = createMemory()
  await work(
    memory.startProcess(async () => {}),
    all.map((one) => [one]),
  )
  return memory.shown()
}

describe('two processes that take events and erasures at once, in any interleaving, one of them killed', () => {
  property.prop([fc.scheduler(), batches, fc.integer({ min: 1, max: 120 })], { numRuns: 150 })(
    'figures are those of one process that hears of it all in any order',
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
      expect(memory.shown()).toEqual(await alone(all.flat()))
      expect(memory.shown()).toEqual(await alone(all.flat().toReversed()))
    },
  )
})
