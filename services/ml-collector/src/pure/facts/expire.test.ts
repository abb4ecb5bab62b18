import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import {
  analysed,
  clicked,
  consented,
  event,
  minutes,
  noon,
  order,
  recommended,
  session,
} from '../../../test/events.ts'
import { factsOf, names } from '../../../test/rows.ts'
import { rowsOf } from '../rows/rows-of.ts'
import { createWorld } from '../rows/world.ts'
import { choosesBasic, expire, willExpire } from './expire.ts'
import type { Fact } from './fact.ts'

const at = (count: number) => ({ platformAt: noon + minutes(count) })
const life = (consentLevel: string) => [
  session('s1', { consentLevel, eventName: 'ai_session_started', startedAt: noon, customerId: 'c1', region: 'DE-BE' }),
  analysed('s1', { consentLevel, ...at(1) }),
  event('ProductStated', { entityId: 'p-1', frameShape: 'Round' }),
  recommended('s1', { consentLevel, ...at(2) }),
  clicked('s1', { consentLevel, ...at(3) }),
  clicked('s1', { consentLevel, interactionType: 'virtual_try_on_started', ...at(4) }),
  session('s1', {
    ...{ consentLevel, startedAt: noon, completedAt: noon + minutes(5), ...at(5) },
    conversation: [{ role: 'shopper', text: 'a round frame please', at: null }],
  }),
  session('s1', { consentLevel, conversionResult: 'purchased', eventName: 'ai_session_started', ...at(6) }),
  order('o1', { aiSessionId: 's1', recommendationIds: ['rec-1'], customerId: 'c1', email: 'a@example.com', ...at(9) }),
]
const rowsIn = (facts: readonly Fact[]) => {
  const world = createWorld(facts)
  return facts.flatMap((fact) => rowsOf(fact, world, names).rows)
}
const kept = (fact: Fact | undefined) =>
  Object.fromEntries(Object.entries(fact?.values ?? {}).map(([name, { value }]) => [name, value]))
const [sessionFact, recommendation] = ['session', 'recommendation'].map((kind) =>
  factsOf(life('basic')).find((fact) => fact.kind === kind),
) as [Fact, Fact]

describe('what is left of a session at basic', () => {
  test('face shape and outcome, whose it was, what was allowed; nothing measured, timed, said or shown', () => {
    expect(kept(expire(sessionFact, 'basic'))).toEqual({
      ...{ level: 'basic', region: 'DE', owner: expect.stringMatching(/^a_/), face: { faceShape: 'oval' } },
      ...{ click: true, try_on: true, ended: true, purchased: true },
    })
    expect(expire(sessionFact, 'basic').names).toEqual([expect.stringMatching(/^n_/)])
    expect(kept(expire(recommendation, 'basic'))).toEqual({
      items: 0,
      click: true,
      try_on: true,
    })
    expect(expire(recommendation, 'basic').depends.filter((name) => name.startsWith('p_'))).toEqual([])
  })

  test('of who withdrew not even that', () => {
    expect(Object.keys(kept(expire(sessionFact, 'gone'))).sort()).toEqual(['level', 'owner', 'region'])
    expect(rowsIn(factsOf(life('basic')).map((fact) => expire(fact, 'gone'))).map(({ dataType }) => dataType)).toEqual([
      'order',
    ])
  })

  test('orders, accounts and products stay as they are, and what has expired does not change again', () => {
    for (const fact of factsOf(life('basic'))) {
      const once = expire(fact, 'basic')
      expect(expire(once, 'basic')).toBe(once)
      if (fact.kind !== 'session' && fact.kind !== 'recommendation') expect(once).toBe(fact)
    }
  })

  test.each([
    ['at basic', life('basic'), true],
    ['without a level', [analysed('s1')], true],
    [
      'with an analysis at basic',
      [
        analysed('s1', {
          analysis: { faceShape: 'oval', measurements: { faceWidth: 1 }, consentLevel: 'basic' },
          consentLevel: 'research',
        }),
      ],
      true,
    ],
    ['at enhanced', life('enhanced'), false],
    ['at basic, of which nothing is known', [clicked('s1', { recommendationId: null })], false],
  ])('whether a session expires: %s', (_, events, expected) => {
    const facts = factsOf(events)
    expect(facts.filter(({ kind }) => kind === 'session').map(willExpire)).toEqual([expected])
    expect(facts.map((fact) => willExpire(expire(fact, 'basic')))).toEqual(facts.map(() => false))
  })

  test('whoever chooses basic is looked up, in an account, by an address or in a session', () => {
    const facts = factsOf([
      consented('basic', { customerId: 'c1', email: 'a@example.com' }),
      consented('research', { customerId: 'c2' }),
      consented('basic', { sessionId: 's9' }),
    ])
    expect(
      facts
        .filter(choosesBasic)
        .map(({ kind }) => kind)
        .sort(),
    ).toEqual(['account', 'address', 'session'])
  })
})

const arrived = fc.shuffledSubarray([...life('basic'), ...life('basic')])
property.prop([arrived])('rows at basic are the same before and after, whatever was told', (events) => {
  const facts = factsOf(events)
  expect(rowsIn(facts.map((fact) => expire(fact, 'basic')))).toEqual(rowsIn(facts))
})
property.prop([arrived, arrived])(
  'what is told late of it changes no more than it would have before',
  (early, late) => {
    const expired = factsOf(early).map((fact) => expire(fact, 'basic'))
    const after = factsOf(late, expired).map((fact) => expire(fact, 'basic'))
    const whole = factsOf([...early, ...late]).map((fact) => expire(fact, 'basic'))
    expect(rowsIn(after)).toEqual(rowsIn(whole))
  },
)
