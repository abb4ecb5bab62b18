import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { orderDeleted, sampleTime } from '../../test-orders.ts'
import { consented, faceAnalysed, interacted, recommended, sessionStated } from '../../test-sessions.ts'
import { countSession } from '../count/count-session.ts'
import { parseRowId } from '../count/row.ts'
import { type Kept, keepNewest } from './fact.ts'
import { foldSession, type SessionFact } from './session-fact.ts'
import { deletedSession, type SessionEvent, type SessionStatement, statedSession } from './session-statement.ts'

const minute = 60_000

function said(event: SessionEvent): SessionStatement {
  const read = statedSession(event)
  if (read.ok !== true) throw new Error('says nothing')
  return read.statement
}
const stated = (fields: Parameters<typeof sessionStated>[0]) =>
  said({ record: 'AiSessionStated', value: sessionStated(fields) })
const fold = (...statements: SessionStatement[]) => foldSession(undefined, statements)
const figures = (fact: SessionFact) => {
  const rows = countSession(fact, [], new Map())
  return Object.fromEntries(
    rows.map(({ row, add }) => {
      const { type, dimension, value } = parseRowId(row)
      return [[type, dimension, value].join(' ').trim(), add]
    }),
  )
}

describe('what a session adds', () => {
  test('it counts in the hour in which it was first spoken of, whatever is said later', () => {
    const late = stated({ platformAt: sampleTime + 90 * minute, completedAt: sampleTime + 80 * minute })
    const first = said({
      record: 'Interaction',
      value: interacted({ interactionType: 'product_viewed', platformAt: sampleTime }),
    })
    for (const fact of [fold(late, first), fold(first, late)])
      expect(countSession(fact, [], new Map()).map(({ row }) => parseRowId(row).hour)).toEqual([
        '2026-05-01-12',
        '2026-05-01-12',
      ])
  })

  test('its end, what it led to, and how long it took', () => {
    const times = { startedAt: sampleTime, completedAt: sampleTime + 90_500 }
    expect(figures(fold(stated({ ...times, conversionResult: 'purchased' })))).toMatchObject({
      'ai_sessions all': { totalSessions: 1, completedSessions: 1, conversions: 1, durations: 1, durationMs: 90_500 },
    })
    const { 'ai_sessions all': open } = figures(fold(stated({ conversionResult: 'abandoned' })))
    expect(open).toEqual({ totalSessions: 1, completedSessions: 0, conversions: 0 })
  })

  test.each([
    ['as it was stated, to the ms', { durationSeconds: 12.3456 }, 12_346],
    ['not what ends before it begins', { startedAt: sampleTime, completedAt: sampleTime - 1 }, undefined],
    ['not what no session takes', { durationSeconds: 1e12 }, undefined],
    ['not less than nothing', { durationSeconds: -1 }, undefined],
  ])('a duration: %s', (_, fields, durationMs) => {
    expect(figures(fold(stated(fields)))['ai_sessions all']?.['durationMs']).toBe(durationMs)
  })

  test('every stage once, however often it was reached', () => {
    const shown = { recommendationId: 'rec-1', algorithm: 'fit 1', items: [{ id: 'rec-1-1', productId: 'p-1' }] }
    const clicked = interacted({ interactionId: 'i-1', productId: 'p-1' })
    const again = interacted({ eventId: 'polled', interactionId: 'i-1', productId: 'p-1' })
    const tried = interacted({
      interactionId: 'i-2',
      interactionType: 'virtual_try_on_started',
      recommendationId: 'rec-1-1',
    })
    const fact = fold(
      said({ record: 'FaceAnalysed', value: faceAnalysed({}) }),
      said({ record: 'RecommendationsGenerated', value: recommended(shown) }),
      ...[clicked, again, tried].map((value) => said({ record: 'Interaction', value })),
    )
    expect(figures(fact)).toMatchObject({
      'funnel all': { sessions: 1, analysed: 1, recommended: 1, clicked: 1, triedOn: 1, ordered: 0 },
      'funnel algorithm fit 1': { sessions: 1, recommended: 1, clicked: 1, triedOn: 1 },
    })
    expect(fact.touches).toHaveLength(2)
  })

  test('by what is known of frames, and of orders that it led to', () => {
    const items = [
      { id: 'a', productId: 'p-1' },
      { id: 'b', productId: 'p-2' },
    ]
    const fact = fold(
      said({ record: 'RecommendationsGenerated', value: recommended({ items }) }),
      said({ record: 'Interaction', value: interacted({ productId: 'p-2' }) }),
    )
    const frames = new Map([
      ['acme|html|acme-shop|p-1', { frameShape: 'round' }],
      ['acme|html|acme-shop|p-2', { frameShape: 'round', lensType: 'sun' }],
    ])
    const ledTo = [{ algorithms: [], products: ['acme|html|acme-shop|p-2'] }]
    const rows = countSession(fact, ledTo, frames).slice(2)
    expect(rows.map(({ row, add }) => [parseRowId(row).value, add])).toEqual([
      ['round', { sessions: 1, recommended: 1, clicked: 1, ordered: 1 }],
      ['sun', { sessions: 1, recommended: 1, clicked: 1, ordered: 1 }],
    ])
  })

  test('a consent makes its session known, and one that is of nobody says nothing', () => {
    const read = statedSession({ record: 'ConsentStated', value: consented({ sessionId: 's-9', level: 'basic' }) })
    expect(read).toMatchObject({ ok: true, statement: { of: { id: 'acme|html|acme-shop|s-9' } } })
    expect(statedSession({ record: 'ConsentStated', value: consented({ level: 'basic' }) })).toEqual({ ok: 'silent' })
  })

  test('a deleted session counts no more', () => {
    const read = deletedSession(
      orderDeleted({
        ...{ entityType: 'ai_session', entityId: 's-1', source: 'html', storeId: 'acme-shop' },
        platformAt: sampleTime + 1,
      }),
    )
    expect(read.ok === true && countSession(fold(stated({}), read.statement), [], new Map())).toEqual([])
  })
})

const statements = fc
  .record({
    kind: fc.constantFrom('session', 'recommendation', 'touch', 'deletion'),
    moment: fc.integer({ min: 0, max: 4 }),
    event: fc.integer({ min: 0, max: 9 }),
    person: fc.constantFrom('c-1', 'c-2', null),
    some: fc.boolean(),
  })
  .map(({ kind, moment, event, person, some }): SessionStatement => {
    const told = { platformAt: sampleTime + moment, eventId: `e${event}`, customerId: person }
    if (kind === 'session') return stated({ ...told, completedAt: some ? sampleTime : null, durationSeconds: event })
    if (kind === 'recommendation') {
      const value = recommended({ ...told, recommendationId: some ? 'a' : 'b', algorithm: `${event}` })
      return said({ record: 'RecommendationsGenerated', value })
    }
    if (kind === 'touch') {
      const value = interacted({ ...told, interactionId: some ? 'a' : 'b', productId: `${event}` })
      return said({ record: 'Interaction', value })
    }
    const read = deletedSession(
      orderDeleted({ ...told, entityType: 'ai_session', entityId: 's-1', source: 'html', storeId: 'acme-shop' }),
    )
    if (read.ok !== true) throw new Error('says nothing')
    return read.statement
  })

property.prop([
  fc.array(statements, { minLength: 1, maxLength: 12 }).chain((all) =>
    fc.record({
      all: fc.constant(all),
      arrival: fc
        .array(fc.constantFrom(...all), { maxLength: 12 })
        .chain((repeats) => fc.shuffledSubarray([...all, ...repeats], { minLength: all.length + repeats.length })),
      cut: fc.integer({ min: 1, max: 5 }),
    }),
  ),
])('any order, any repetition, any batching ends in the same fact', ({ all, arrival, cut }) => {
  let held: SessionFact | undefined
  for (let from = 0; from < arrival.length; from += cut) held = foldSession(held, arrival.slice(from, from + cut))
  expect(held).toEqual(foldSession(undefined, all))
})

property.prop([
  fc
    .array(
      fc.tuple(
        fc.constantFrom('a', 'b', 'c', 'd', 'e'),
        fc.integer({ min: 0, max: 9 }),
        fc.integer({ min: 0, max: 2 }),
      ),
    )
    .chain((all) =>
      fc.record({
        all: fc.constant(all),
        arrival: fc.shuffledSubarray([...all, ...all], { minLength: 2 * all.length }),
      }),
    ),
])('of a list that has an end, the newest elements stay, whatever the order', ({ all, arrival }) => {
  const kept = (elements: typeof all) =>
    elements.reduce<readonly Kept<number>[]>(
      (held, [key, moment, value]) => keepNewest(held, { key, moment: `${moment}`, value }, 3),
      [],
    )
  expect(kept(arrival)).toEqual(kept(all))
})
