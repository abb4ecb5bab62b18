import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { bodyOf, failures, only, stated, store } from '../../test-statements.ts'
import { entityOf } from '../entity-of.ts'
import { lookedUp, translate } from './translate.ts'

const session = {
  ...{ sessionId: 's-1', consentLevel: 'enhanced', recommendationIds: ['r-1'], customerId: '12' },
  ...{ startedAt: '2026-11-22T12:00:00.000Z', completedAt: '2026-11-22T12:05:00.250Z', durationSeconds: 300.25 },
  ...{ outcome: 'recommended', conversionResult: 'purchased', orderId: '727', locale: 'de-DE', region: 'EU' },
  faceAnalysis: { faceShape: 'oval', confidence: 0.93, consentLevel: 'enhanced' },
  conversation: [{ role: 'shopper', text: 'mail me: jane@x.org', at: '2026-11-22T12:00:02.000Z' }],
}
const sessionDelivery = (given: object = session) => ({
  ...{ id: 'f36fff1b-10f3-4ea6-9883-95b8ceeaa0b3', event: 'varai_ai_session_completed' },
  ...{ occurredAt: '2026-11-22T12:05:01.250Z', session: given },
})
const analysed = {
  ...{ sessionId: 's-1', consentLevel: 'enhanced', analysisId: 'a-1' },
  analysis: { faceShape: 'oval', measurements: { pupillaryDistance: 63.5 }, timestamp: '2026-11-22T12:01:00.000Z' },
}
const analysisDelivery = (given: object = analysed) => ({
  ...{ id: 'x', event: 'varai_face_analysis_completed', occurredAt: '2026-11-22T12:01:00.500Z', faceAnalysis: given },
})
const [sessionTopic, analysisTopic] = ['varai_ai_session.completed', 'varai_face_analysis.completed']
const sessionStated = (given?: object) => only('AiSessionStated', stated(sessionTopic, sessionDelivery(given)))
const analysisStated = (given?: object) => only('FaceAnalysed', stated(analysisTopic, analysisDelivery(given)))
const told = (topic: string, body: unknown) => failures(translate(bodyOf(body), { topic, store }))

test('a session that ended', () => {
  expect(sessionStated()).toMatchObject({
    ...{ eventName: 'ai_session_completed', entityId: 's-1', sessionId: 's-1', userId: '12' },
    ...{ consentLevel: 'enhanced', region: 'EU', platformAt: Date.UTC(2026, 10, 22, 12, 5, 1, 250) },
    facts: {
      ...{ customerId: '12', outcome: 'recommended', conversionResult: 'purchased', orderId: '727', locale: 'de-DE' },
      ...{ startedAt: Date.UTC(2026, 10, 22, 12), completedAt: Date.UTC(2026, 10, 22, 12, 5, 0, 250) },
      ...{ durationSeconds: 300.25, recommendationIds: ['r-1'] },
      faceAnalysis: { faceShape: 'oval', confidence: 0.93, consentLevel: 'enhanced' },
      conversation: [{ role: 'shopper', text: 'mail me: [email]', at: Date.UTC(2026, 10, 22, 12, 0, 2) }],
    },
  })
})

test('of a session of which little is known, little is stated', () => {
  const { facts, ...envelope } = sessionStated({ sessionId: 's-1', consentLevel: 'basic', recommendationIds: [] })
  expect(envelope).not.toHaveProperty('region')
  expect(Object.entries(facts).filter(([, value]) => value !== undefined)).toEqual([['recommendationIds', []]])
  expect(sessionStated({ ...session, consentLevel: 'everything' })).toMatchObject({ consentLevel: 'basic' })
})

test('an analysis', () => {
  expect(analysisStated()).toMatchObject({
    ...{ eventName: 'face_analysis_completed', entityId: 's-1', consentLevel: 'enhanced' },
    facts: {
      analysisId: 'a-1',
      analysis: {
        ...{ faceShape: 'oval', measurements: { pupillaryDistance: 63.5 } },
        timestamp: Date.UTC(2026, 10, 22, 12, 1),
      },
    },
  })
})

describe('what must not leave this process', () => {
  const raw = fc.constantFrom<unknown>(
    ...['CANARY'.repeat(40), 'data:image/png;base64,CANARY', '{"landmarks":["CANARY"]}'],
    ...[{ landmarks: ['CANARY'] }, ['CANARY', 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]],
  )
  const key = fc.constantFrom('landmarks', 'embedding', 'image', 'outcome', 'locale', 'orderId', 'notes')
  property.prop([key, raw])('raw face data, wherever a shop puts it', (name, value) => {
    const spoken = { ...session, [name]: value, conversation: [{ role: 'shopper', text: value, [name]: value }] }
    const withFace = { ...spoken, faceAnalysis: { ...session.faceAnalysis, [name]: value, faceShape: value } }
    const analysis = { ...analysed, [name]: value, analysis: { ...analysed.analysis, [name]: value, region: value } }
    expect(JSON.stringify([sessionStated(withFace), analysisStated(analysis)])).not.toContain('CANARY')
  })
})

test('what is missing is told, each part of it', () => {
  expect(told(sessionTopic, {})).toEqual(['session: is missing', 'occurredAt: is missing'])
  expect(told(sessionTopic, sessionDelivery({}))).toEqual(['session.sessionId: is missing'])
  expect(told(analysisTopic, analysisDelivery({ sessionId: 's-1' }))).toEqual(['faceAnalysis.analysis: is missing'])
  expect(told(analysisTopic, analysisDelivery({ ...analysed, analysis: 'oval' }))).toEqual([
    'faceAnalysis.analysis: expected an object',
  ])
})

test('deliveries about one session are one thing; nothing is looked up for them', () => {
  const rawBody = (value: object) => Buffer.from(JSON.stringify(value))
  expect(entityOf({ topic: sessionTopic, rawBody: rawBody(sessionDelivery()) })).toBe('ai_session s-1')
  expect(entityOf({ topic: analysisTopic, rawBody: rawBody(analysisDelivery()) })).toBe('ai_session s-1')
  expect([...lookedUp].filter((topic) => topic.startsWith('varai'))).toEqual([])
})

describe('the hooks themselves, wired to a webhook', () => {
  test.each(['', 'action.', 'action.woocommerce_', 'action.wc_'])('%svarai_…_completed', (way) => {
    const [sessionHook, analysisHook] = [`${way}varai_ai_session_completed`, `${way}varai_face_analysis_completed`]
    for (const body of [sessionDelivery(), { action: sessionHook, arg: sessionDelivery() }]) {
      expect(stated(sessionHook, body)).toEqual(stated(sessionTopic, sessionDelivery()))
      expect(entityOf({ topic: sessionHook, rawBody: Buffer.from(JSON.stringify(body)) })).toBe('ai_session s-1')
    }
    expect(stated(analysisHook, { action: analysisHook, arg: analysisDelivery() })).toEqual(
      stated(analysisTopic, analysisDelivery()),
    )
  })

  test('with the session or the analysis alone: told when it ended', () => {
    const [bare] = stated('action.varai_ai_session_completed', { action: 'x', arg: session })
    expect(bare).toMatchObject({ sessionId: 's-1', platformAt: Date.UTC(2026, 10, 22, 12, 5, 0, 250) })
    const arg = { ...analysed, timestamp: '2026-11-22T12:01:00.000Z' }
    const [analysis] = stated('action.varai_face_analysis_completed', { action: 'x', arg })
    expect(analysis).toMatchObject({ record: 'FaceAnalysed', platformAt: Date.UTC(2026, 10, 22, 12, 1) })
  })

  test('with the record’s number alone say why nothing is stated', () => {
    expect(told('action.varai_ai_session_completed', { action: 'x', arg: 7 })).toEqual(
      expect.arrayContaining(['session: is missing']),
    )
  })
})
