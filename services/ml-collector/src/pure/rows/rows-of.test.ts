import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import {
  analysed,
  clicked,
  consented,
  customer,
  deleted,
  event,
  minutes,
  noon,
  order,
  recommended,
  session,
} from '../../../test/events.ts'
import { factsOf, names, rowsFrom } from '../../../test/rows.ts'
import { erase } from '../facts/fact.ts'
import { rowsOf } from './rows-of.ts'
import { createWorld } from './world.ts'

const at = (count: number) => ({ platformAt: noon + minutes(count) })
const said = (rows: ReturnType<typeof rowsFrom>) =>
  rows.map(({ dataType, level, period, categories, measures }) => ({ dataType, level, period, categories, measures }))

const life = (consentLevel: string) => [
  session('s1', { consentLevel, eventName: 'ai_session_started', startedAt: noon, customerId: 'c1', region: 'US-CA' }),
  analysed('s1', { consentLevel, ...at(1) }),
  event('ProductStated', { entityId: 'p-1', frameShape: 'Round' }),
  recommended('s1', { consentLevel, ...at(2) }),
  clicked('s1', { consentLevel, ...at(3) }),
  session('s1', {
    ...{ consentLevel, startedAt: noon, completedAt: noon + minutes(5), ...at(5) },
    conversation: [
      { role: 'shopper', text: 'I am [email], a round frame please' },
      { role: 'assistant', text: 'Of course' },
    ],
  }),
  order('o1', { aiSessionId: 's1', recommendationIds: ['rec-1'], customerId: 'c1', email: 'a@example.com', ...at(9) }),
]

describe('what each level lets into rows', () => {
  test('basic: the face shape and the outcome, nothing by which rows could be joined', () => {
    const only = { categories: { faceShape: 'oval', outcome: 'purchased' }, measures: {}, level: 'basic', period: null }
    expect(said(rowsFrom(life('basic')))).toEqual(
      ['ai_session', 'face_analysis', 'order', 'recommendation_outcome'].map((dataType) => ({ dataType, ...only })),
    )
  })

  test('enhanced: measures too, and what the event states; a pseudonym of the month of its week', () => {
    const face = { faceShape: 'oval', outcome: 'purchased' }
    const of = { level: 'enhanced', period: '2026-03' }
    expect(said(rowsFrom(life('enhanced')))).toEqual([
      { ...of, dataType: 'ai_session', categories: face, measures: { durationSeconds: 300, recommendations: 1 } },
      {
        ...{ ...of, dataType: 'face_analysis', categories: face },
        measures: { pupillaryDistance: 62.3, faceWidth: 138, faceHeight: 187.5 },
      },
      {
        ...{ ...of, dataType: 'order', measures: { total: 189 } },
        categories: { ...face, currency: 'EUR', recommended: true },
      },
      {
        ...{ ...of, dataType: 'recommendation_outcome', measures: { items: 1 } },
        categories: { ...face, algorithm: 'face-fit 3.2', frameShape: 'round' },
      },
    ])
  })

  test('research: features of the conversation too, never its words', () => {
    const rows = rowsFrom(life('research'))
    const [talk] = rows.filter(({ dataType }) => dataType === 'ai_session')
    expect(talk?.measures).toEqual({ durationSeconds: 300, recommendations: 1, turns: 2, shopperWords: 7 })
    expect(JSON.stringify(rows)).not.toMatch(/please|example|\[email\]/)
  })

  test('no row holds an id of the platform, an exact time or a finer place than a country', () => {
    const text = JSON.stringify(rowsFrom(life('research')))
    expect(text).not.toMatch(/"(s1|c1|o1|p-1|rec-1|m1|US-CA)"|atelier|example|lens|T\d\d:|177\d{10}/)
    expect(new Set(rowsFrom(life('research')).map(({ week }) => week))).toEqual(new Set(['2026-03-09']))
  })
})

describe('whose choice counts', () => {
  const levels = (events: Parameters<typeof rowsFrom>[0]) => [...new Set(rowsFrom(events).map(({ level }) => level))]

  test.each([
    ['who chose more, and nobody else less', [consented('research', { customerId: 'c1', ...at(20) })], ['enhanced']],
    [
      'less, later',
      [consented('research', { customerId: 'c1', ...at(20) }), consented('basic', { customerId: 'c1', ...at(21) })],
      [],
    ],
    [
      'less, earlier, and told later',
      [consented('basic', { customerId: 'c1', ...at(1) }), consented('enhanced', { customerId: 'c1', ...at(2) })],
      ['enhanced'],
    ],
    ['withdrawn in a session of theirs', [consented('basic', { sessionId: 's1', ...at(30) })], []],
    [
      'withdrawn in another session of theirs',
      [session('s2', { customerId: 'c1' }), consented('basic', { sessionId: 's2', ...at(30) })],
      [],
    ],
    [
      'withdrawn by an address',
      [customer('c1', 'A@example.com'), consented('basic', { email: 'a@example.com', ...at(30) })],
      [],
    ],
    [
      'by another account of that address',
      [
        customer('c1', 'x@example.com'),
        customer('c2', 'x@example.com'),
        consented('basic', { customerId: 'c2', ...at(30) }),
      ],
      [],
    ],
    ['by somebody else', [consented('basic', { customerId: 'c9', ...at(30) })], ['enhanced']],
    [
      'no research by its purpose',
      [consented('research', { customerId: 'c1', purposes: { research: false }, ...at(20) })],
      ['enhanced'],
    ],
  ])('%s', (_, choices, expected) => {
    expect(levels([...life('enhanced'), ...choices])).toEqual(expected)
  })

  test('who never allowed more than basic and says so has withdrawn nothing', () => {
    expect(levels([...life('basic'), consented('basic', { customerId: 'c1', ...at(20) })])).toEqual(['basic'])
  })

  test('an analysis that says less than its session decides', () => {
    const analysis = { faceShape: 'oval', consentLevel: 'basic' }
    expect(levels([session('s1', { consentLevel: 'research' }), analysed('s1', { analysis, ...at(1) })])).toEqual([
      'basic',
    ])
  })
})

test('what counts is the entity and its state: an order deleted, cancelled, of a test, and a session deleted', () => {
  const types = (events: Parameters<typeof rowsFrom>[0]) => rowsFrom(events).map(({ dataType }) => dataType)
  expect(types([order('o1'), deleted('order', 'o1')])).toEqual([])
  expect(types([order('o1', { test: true })])).toEqual([])
  expect(rowsFrom([order('o1', { cancelledAt: noon })])[0]?.categories['outcome']).toBe('cancelled')
  expect(types([session('s1'), analysed('s1'), deleted('ai_session', 's1')])).toEqual([])
})

const everything = [
  ...life('research'),
  customer('c1', 'a@example.com'),
  consented('enhanced', { customerId: 'c1', ...at(15) }),
  consented('research', { sessionId: 's1', ...at(12) }),
  clicked('s1', { interactionType: 'virtual_try_on_started', ...at(4) }),
  order('o1', { aiSessionId: 's1', cancelledAt: noon, ...at(40) }),
]
property.prop([fc.shuffledSubarray([...everything, ...everything], { minLength: everything.length * 2 })])(
  'any order and repetition comes to the same rows',
  (events) => {
    expect(rowsFrom(events)).toEqual(rowsFrom(everything))
  },
)

test('who was erased is in no row, also by what comes late; who comes again is, by what came since alone', () => {
  const account = names.account({ merchantId: 'm1', source: 'html', storeId: 'atelier' }, 'c1')
  const rowsAfter = (events: Parameters<typeof rowsFrom>[0]) => {
    const facts = factsOf([...events, customer('c1', 'a@example.com')]).map((fact) =>
      fact.id === account ? erase(fact, 'request-1', noon + minutes(60)) : fact,
    )
    const world = createWorld(facts)
    return facts.map((fact) => rowsOf(fact, world, names))
  }
  const gone = rowsAfter(life('research'))
  expect(gone.flatMap(({ rows }) => rows)).toEqual([])
  expect(new Set(gone.flatMap(({ goneBy }) => goneBy ?? []))).toEqual(new Set(['request-1']))
  const again = rowsAfter([...life('research'), session('s1', { consentLevel: 'basic', ...at(90) })])
  expect(said(again.flatMap(({ rows }) => rows))).toEqual([
    {
      dataType: 'ai_session',
      level: 'basic',
      period: null,
      measures: {},
      categories: { faceShape: null, outcome: 'none' },
    },
  ])
})

test('of each thing that was erased it is known by which request, so that what was shown of it can be listed', () => {
  const facts = factsOf(life('research')).map((fact) => erase(fact, 'request-1', noon + minutes(60)))
  const world = createWorld(facts)
  const entities = facts.filter(({ kind }) => ['session', 'recommendation', 'order'].includes(kind))
  const all = entities.map((fact) => rowsOf(fact, world, names))
  expect(all.map(({ rows, goneBy }) => [rows.length, goneBy])).toEqual(entities.map(() => [0, 'request-1']))
})
