import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { contentOf, foldInBatches } from '../../../test/documents.ts'
import {
  analysed,
  consented,
  deletion,
  interaction,
  minutes,
  noon,
  recommended,
  session,
  statements,
} from '../../../test/events.ts'
import { admit, type Event } from '../admit.ts'
import { foldRecord } from '../fold/fold-record.ts'
import type { RecordState } from '../record.ts'
import { aiSession, consent, recommendation, recommendationKey } from './ai-kinds.ts'

const said = (events: readonly Event[], collection = aiSession.collection) =>
  events.flatMap(statements).filter(({ kind }) => kind.collection === collection)
const fold = (...events: Event[]): RecordState => foldInBatches([said(events)])
const document = (...events: Event[]) => contentOf(fold(...events))

const id = { entityId: 's-1', sessionId: 's-1', source: 'html', storeId: 'ateliers' }
const started = session({
  ...{ ...id, eventName: 'ai_session_started', platformAt: noon, consentLevel: 'basic' },
  ...{ startedAt: noon, locale: 'de-AT', metadata: { device: 'mobile' } },
})
const oval = { faceShape: 'oval', measurements: { pupillaryDistance: 62.5 }, confidence: 0.9, timestamp: noon }
const analysis = analysed({ ...id, platformAt: noon + minutes(1), consentLevel: 'enhanced', analysis: oval })
const recommendations = recommended({
  ...{ ...id, platformAt: noon + minutes(2), recommendationId: 'r-1', algorithm: 'fit 3', confidence: 0.8 },
  ...{ items: [{ productId: '7', position: 1 }], context: { faceShape: 'oval' } },
})
const viewed = interaction({
  ...{ ...id, platformAt: noon + minutes(3), interactionId: 'i-1', interactionType: 'product_viewed', productId: '7' },
})
const tried = interaction({
  ...{ ...id, platformAt: noon + minutes(4), interactionId: 'i-2', interactionType: 'virtual_try_on_started' },
  ...{ productId: '7', durationMs: 1_200, properties: { camera: 'front' } },
})
const completed = session({
  ...{ ...id, platformAt: noon + minutes(5), completedAt: noon + minutes(5), outcome: 'recommended' },
  ...{ conversionResult: 'purchased', customerId: 'c-17', orderId: '1001' },
  conversation: [{ role: 'shopper', text: 'round, please', at: noon }],
})
const whole = [started, analysis, recommendations, viewed, tried, completed]

test('a session, from its beginning to its end', () => {
  expect(document(...whole)).toMatchObject({
    ...{ _id: 'optik|html|ateliers|s-1', sessionId: 's-1', platform: 'html', storeId: 'ateliers', deleted: false },
    ...{ userId: 'c-17', userKey: 'optik|html|ateliers|c-17', consentLevel: 'enhanced', locale: 'de-AT' },
    ...{ startedAt: new Date(noon), completedAt: new Date(noon + minutes(5)), duration: 300 },
    ...{ outcome: 'recommended', conversionResult: 'purchased', createdAt: new Date(noon) },
    updatedAt: new Date(noon + minutes(5)),
    faceAnalysisData: { ...oval, timestamp: new Date(noon) },
    conversationHistory: [{ role: 'shopper', text: 'round, please', at: new Date(noon) }],
    interactions: [
      { interactionId: 'i-1', type: 'product_viewed', at: new Date(noon + minutes(3)), productId: '7' },
      { interactionId: 'i-2', type: 'virtual_try_on_started', properties: [{ name: 'camera', value: 'front' }] },
    ],
    recommendations: [{ id: 'r-1', at: new Date(noon + minutes(2)), items: [{ productId: '7', position: 1 }] }],
    metadata: [{ name: 'device', value: 'mobile' }],
  })
})

property.prop([fc.shuffledSubarray([...whole, ...whole], { minLength: 6 }), fc.integer({ min: 1, max: 4 })])(
  'every order, with repetitions: a completion before its start, an analysis of a session that nobody heard of',
  (some, size) => {
    const all = said([...some, ...whole])
    const batches = all.flatMap((_, at) => (at % size === 0 ? [all.slice(at, at + size)] : []))
    expect(contentOf(foldInBatches(batches))).toEqual(document(...whole))
  },
)

describe('what only a part is known of', () => {
  test('an analysis alone is a session', () => {
    expect(document(analysis)).toMatchObject({
      ...{ sessionId: 's-1', createdAt: new Date(noon + minutes(1)), duration: null, interactions: [] },
    })
  })
  test('times count before a stated duration, which counts where one is missing or they cannot be', () => {
    const ends = (facts: Parameters<typeof session>[0]) => document(session({ ...id, ...facts }))['duration']
    expect(ends({ completedAt: noon, durationSeconds: 42 })).toBe(42)
    expect(ends({ startedAt: noon, completedAt: noon + 1_500, durationSeconds: 42 })).toBe(1.5)
    expect(ends({ startedAt: noon + 1, completedAt: noon, durationSeconds: 42 })).toBe(42)
    expect(ends({ startedAt: noon })).toBeNull()
  })
  test('a later event that knows no region and no details takes none away', () => {
    const known = session({ ...id, region: 'EU', metadata: { device: 'mobile' } })
    const later = session({ ...id, platformAt: noon + 1, outcome: 'left' })
    expect(document(known, later)).toMatchObject({ region: 'EU', metadata: [{ name: 'device', value: 'mobile' }] })
  })
  test('what is said to be empty is', () => {
    const emptied = session({ ...id, platformAt: noon + minutes(9), cleared: ['faceAnalysis', 'customerId'] })
    const shown = document(...whole, emptied)
    expect(shown).toMatchObject({ faceAnalysisData: null, userId: null })
    expect(shown).not.toHaveProperty('userKey')
    expect(shown['named']).toEqual([{ id: 'optik|html|ateliers|c-17' }])
  })
})

test('of very many interactions the newest 500 are kept, in any order', () => {
  const many = Array.from({ length: 700 }, (_, at) =>
    interaction({ ...id, platformAt: noon + at, interactionId: `${at}`, interactionType: 'product_viewed' }),
  )
  const forth = contentOf(foldInBatches(many.map((event) => said([event]))))
  expect(contentOf(foldInBatches([said(many.toReversed())]))).toEqual(forth)
  expect(contentOf(foldInBatches(many.toReversed().map((event) => said([event]))))).toEqual(forth)
  expect(forth['interactions']).toHaveLength(500)
  expect(forth).toMatchObject({ interactions: { 0: { interactionId: '200' } }, createdAt: new Date(noon) })
})

describe('recommendations', () => {
  test('are a record of their own', () => {
    const [one] = said([recommendations], recommendation.collection)
    expect(one).toMatchObject({ recordId: 'optik|html|ateliers|s-1:r-1' })
    expect(contentOf(foldRecord(undefined, one === undefined ? [] : [one]).record)).toMatchObject({
      ...{ sessionId: 's-1', recommendationId: 'r-1', algorithm: 'fit 3', confidence: 0.8 },
      ...{ createdAt: new Date(noon + minutes(2)), recommendations: [{ productId: '7', position: 1 }] },
      context: [{ name: 'faceShape', value: 'oval' }],
    })
  })
  test('of two sessions are never one', () => {
    const keys = [recommendationKey('a:b', 'c'), recommendationKey('a', 'b:c'), recommendationKey('a%3Ab', 'c')]
    expect(new Set(keys).size).toBe(3)
  })
})

describe('consent', () => {
  const consents = (...events: Event[]) => contentOf(foldInBatches([said(events, consent.collection)]))
  const gives = (level: string | null, at: number, rest: Parameters<typeof consented>[0] = {}) =>
    consented({ ...id, entityId: 'session:s-1', platformAt: at, level, ...rest })

  test('the newest level wins, whatever comes first; a statement without one leaves it', () => {
    const [yes, no] = [gives('research', noon), gives('basic', noon + 1)]
    const silent = gives(null, noon + 2, { purposes: { marketing: true } })
    for (const order of [
      [yes, no, silent],
      [silent, no, yes],
    ]) {
      expect(consents(...order)).toMatchObject({ level: 'basic', purposes: [{ name: 'marketing', value: true }] })
    }
  })
  test('it says whom it concerns', () => {
    const of = { entityId: 'ref', customerId: 'c-17', email: ' Ann@X.at' }
    expect(consents(gives('basic', noon, of))).toMatchObject({
      consentKeys: ['optik|ann@x.at', 'optik|html|ateliers|c-17'],
    })
  })
  test('it counts for the session it was given in, from then on', () => {
    expect(document(started, analysis, gives('basic', noon + minutes(2)))).toMatchObject({ consentLevel: 'basic' })
    expect(document(started, gives('research', noon - 1))).toMatchObject({ consentLevel: 'basic' })
  })
})

describe('what must not be written', () => {
  const admitted = (event: Event) => {
    const admission = admit(event)
    return admission.kind === 'rejected' ? admission.reason : admission.kind
  }
  test.each([
    ['in the details of a session', session({ ...id, metadata: { landmarks: '[0.1]' } })],
    ['in a conversation', session({ ...id, conversation: [{ role: 'shopper', text: 'data:image/png;base64,AA' }] })],
    ['in an analysis', analysed({ ...id, analysis: { faceShape: 'oval, and 0.1 0.2' } })],
    ['in the analysis of a session', session({ ...id, faceAnalysis: { region: 'A'.repeat(20) } })],
    ['in an interaction', interaction({ ...id, interactionId: '1', properties: { face_embedding: '1' } })],
    ['in a context', recommended({ ...id, recommendationId: '1', context: { selfie: 'x' } })],
  ])('raw face data %s', (_, event) => {
    expect(admitted(event)).toBe('holds raw face data')
  })
  test('what is sanitised passes; ids that are none do not', () => {
    for (const event of whole) expect(admitted(event)).toBe('statements')
    expect(admitted(session({ ...id, customerId: 'a|b' }))).toMatch(/cannot be part of an id/)
    expect(admitted(session({ ...id, startedAt: 9e15 }))).toBe('startedAt is no time')
    expect(admitted(session({ ...id, entityType: 'consent' }))).toMatch(/does not state/)
  })
})

test('a session that was deleted is nobody’s', () => {
  const gone = deletion('ai_session', { ...id, platformAt: noon + minutes(9) })
  const shown = document(...whole, gone)
  expect(shown).toMatchObject({ deleted: true })
  expect(shown).not.toHaveProperty('userKey')
})
