import { describe, expect, test } from 'vitest'
import { orderStated, sampleTime } from '../../test-orders.ts'
import { interacted, recommended, sessionStated } from '../../test-sessions.ts'
import { foldOrder } from '../facts/order-fact.ts'
import { statedOrder } from '../facts/order-statement.ts'
import { foldSession, type SessionFact } from '../facts/session-fact.ts'
import { type SessionEvent, statedSession } from '../facts/session-statement.ts'
import { attribute } from './attribute.ts'
import { explainAttribution } from './explain.ts'

const day = 24 * 3_600_000
const windows = { touchMs: 7 * day, sessionMs: 30 * day }
const boughtAt = sampleTime + 40 * day

const order = (fields: Parameters<typeof orderStated>[0]) => {
  const read = statedOrder(
    orderStated({ source: 'html', storeId: 'acme-shop', createdAt: boughtAt, currency: 'EUR', total: '10', ...fields }),
  )
  if (!read.ok) throw new Error(read.reason)
  return foldOrder(undefined, [read.statement])
}

/** A session of the store, by what is told of it, so many days before the order. */
function session(entityId: string, daysBefore: number, told: Told = {}): SessionFact {
  const of = { entityId, platformAt: boughtAt - daysBefore * day, ...told.of }
  const shown = { recommendationId: 'rec-1', algorithm: 'fit 1', items: [{ id: 'rec-1-1', productId: 'p-1' }] }
  const events: SessionEvent[] = [
    { record: 'AiSessionStated', value: sessionStated({ ...of, ...told.stated }) },
    ...(told.recommends === true
      ? [{ record: 'RecommendationsGenerated' as const, value: recommended({ ...of, ...shown }) }]
      : []),
    ...(told.touchedDaysBefore === undefined
      ? []
      : [
          {
            record: 'Interaction' as const,
            value: interacted({ ...of, platformAt: boughtAt - told.touchedDaysBefore * day, productId: 'p-1' }),
          },
        ]),
  ]
  const read = events.map(statedSession).flatMap((one) => (one.ok === true ? [one.statement] : []))
  return foldSession(undefined, read)
}
type Told = {
  of?: Partial<Parameters<typeof sessionStated>[0]>
  stated?: Parameters<typeof sessionStated>[0]
  recommends?: true
  touchedDaysBefore?: number
}
const mine = { customerId: 'c-1' }
const items = [{ productId: 'p-1', quantity: 1 }]

describe('the first ground that holds', () => {
  test.each<[string, Parameters<typeof orderStated>[0], SessionFact[], unknown]>([
    ['nothing', mine, [], null],
    ['nothing of a guest', {}, [session('s-1', 1, { stated: mine })], null],
    [
      'a session id, also when nothing is known of the session',
      { aiSessionId: 's-1' },
      [],
      { basis: 'session-id', session: null, sessionId: 's-1', at: null },
    ],
    [
      'a session id before everything else, whatever its age',
      { ...mine, aiSessionId: 's-old' },
      [session('s-old', 300), session('s-1', 1, { stated: { ...mine, orderId: '1001' } })],
      { basis: 'session-id', session: 'acme|html|acme-shop|s-old' },
    ],
    [
      'of two stores that have a session of that name, that of the order',
      { aiSessionId: 's-1' },
      [session('s-1', 1, { of: { storeId: 'a-shop' } }), session('s-1', 2)],
      { session: 'acme|html|acme-shop|s-1' },
    ],
    [
      'recommendation ids',
      { recommendationIds: ['rec-1-1'] },
      [session('s-1', 2, { recommends: true }), session('s-2', 1)],
      {
        basis: 'recommendation-id',
        session: 'acme|html|acme-shop|s-1',
        recommendations: [{ algorithm: 'fit 1', because: 'carried' }],
      },
    ],
    [
      'recommendation ids that nobody knows',
      { recommendationIds: ['rec-9'] },
      [session('s-1', 2, { recommends: true })],
      { basis: 'recommendation-id', session: null, recommendations: [{ id: 'rec-9', algorithm: null }] },
    ],
    [
      'what a session tells',
      mine,
      [session('s-1', 90, { stated: { orderId: '1001' } }), session('s-2', 1, { stated: mine })],
      { basis: 'told-by-session', session: 'acme|html|acme-shop|s-1' },
    ],
    [
      'the last touch, before a later session',
      { ...mine, items },
      [
        session('s-1', 9, { stated: mine, touchedDaysBefore: 6.9, recommends: true }),
        session('s-2', 1, { stated: mine }),
      ],
      { basis: 'touch', session: 'acme|html|acme-shop|s-1', recommendations: [{ id: 'rec-1', because: 'touched' }] },
    ],
    [
      'no touch that is too long ago, but a session',
      { ...mine, items },
      [session('s-1', 9, { stated: mine, touchedDaysBefore: 7.1, recommends: true })],
      { basis: 'session', session: 'acme|html|acme-shop|s-1' },
    ],
    ['no session that is too long ago', mine, [session('s-1', 30.1, { stated: mine })], null],
    ['no session that came after', mine, [session('s-1', -0.1, { stated: mine })], null],
    ["no other customer's session", mine, [session('s-1', 1, { stated: { customerId: 'c-2' } })], null],
    ['nothing for an order that does not count', { aiSessionId: 's-1', test: true }, [session('s-1', 1)], null],
  ])('%s', (_, fields, sessions, expected) => {
    const found = attribute(order(fields), sessions, windows)
    if (expected === null) expect(found).toBeNull()
    else expect(found).toMatchObject(expected as object)
    expect(attribute(order(fields), sessions.toReversed(), windows)).toEqual(found)
  })
})

test('a cancelled order stays attributed', () => {
  expect(attribute(order({ aiSessionId: 's-1', cancelledAt: boughtAt }), [], windows)).not.toBeNull()
})

test('every ground has a sentence', () => {
  const [touched] = explainAttribution(
    attribute(order({ ...mine, items }), [session('s-1', 2, { stated: mine, touchedDaysBefore: 1 })], windows),
  )
  expect(touched).toMatch(/^Led to by acme\|html\|acme-shop\|s-1: it is the last session in which the customer touched/)
  expect(explainAttribution(null)).toHaveLength(1)
})
