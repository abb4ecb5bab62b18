import type { Analysis, Deed, Shopper, Step } from './life.ts'
import { faceMarker, landmarksAsText, rawFace, spoken } from './raw-face.ts'

type Json = Readonly<Record<string, unknown>>

/**
 * A step as the API of custom stores hears it, with raw face data wherever a careless integration could put it.
 * Whatever a page says is told by its own clock.
 */
export function speak(shopper: Shopper, step: Step): Json {
  const ahead = step.door === 'page' ? shopper.clockAhead : 0
  const time = (at: number): string => new Date(at + ahead).toISOString()
  const { event, data } = say(shopper, step, time)
  const isBought = step.deed.what === 'bought'
  return {
    ...{ id: step.id, event, occurredAt: time(step.at), region: shopper.region, consentLevel: step.level },
    ...(isBought ? { entityId: orderIdOf(step.deed) } : { sessionId: shopper.sessionId, ...rawFace }),
    data: isBought ? data : { ...data, ...rawFace },
  }
}

function say(
  { customerId: known, sessionId }: Shopper,
  { deed, door }: Step,
  time: (at: number) => string,
): { event: string; data: Json } {
  // A page cannot say who somebody is.
  const who = known !== undefined && door === 'server' ? { customerId: known } : {}
  switch (deed.what) {
    case 'began': {
      const { locale, device } = deed
      const metadata = { device, extra: faceMarker, snippet: landmarksAsText }
      return { event: 'ai_session_started', data: { ...who, startedAt: time(deed.at), locale, metadata } }
    }
    case 'interacted': {
      const { type, ...interaction } = deed.interaction
      return { event: type, data: interaction }
    }
    case 'analysed': {
      const { analysisId, analysis } = deed
      return { event: 'face_analysis_completed', data: { ...who, analysisId, analysis: sayAnalysis(analysis, time) } }
    }
    case 'recommended': {
      const { what: _, ...recommendation } = deed
      return { event: 'recommendation_generated', data: { ...who, ...recommendation } }
    }
    case 'consented': {
      const { level, proof, marketing } = deed
      return { event: 'consent_changed', data: { ...who, level, proof, purposes: { marketing } } }
    }
    case 'completed': {
      return { event: 'ai_session_completed', data: { ...who, ...sayCompleted(deed, time) } }
    }
    case 'bought': {
      const { total, recommendationIds } = deed
      const order = { ...{ currency: 'EUR', total, status: 'pending' }, aiSessionId: sessionId, recommendationIds }
      return { event: 'order_created', data: { ...who, ...order } }
    }
    default:
      return deed satisfies never
  }
}

const orderIdOf = (deed: Deed): string => (deed.what === 'bought' ? deed.orderId : '')

/** An analysis as the camera's library makes it: what may be kept among all that may not. */
export const sayAnalysis = (analysis: Analysis, time: (at: number) => string): Json => ({
  ...rawFace,
  ...analysis,
  timestamp: time(analysis.timestamp),
  measurements: { ...analysis.measurements, ...rawFace },
})

type Completed = Extract<Deed, { what: 'completed' }>

/** What is said of a session that has ended.  */
export function sayCompleted(deed: Completed, time: (at: number) => string): Json {
  const { startedAt, endedAt, outcome, conversionResult, orderId, analysis, turns, recommendationIds } = deed
  return {
    ...{ startedAt: time(startedAt), completedAt: time(endedAt), outcome, conversionResult, recommendationIds },
    ...(orderId !== undefined && { orderId }),
    ...(analysis !== undefined && { faceAnalysis: sayAnalysis(analysis, time) }),
    conversation: turns.map(({ role, line, at }) => ({
      role,
      text: spoken[line]?.said ?? '',
      at: time(at),
      ...rawFace,
    })),
  }
}
