import type { DecodedRecord } from '@varai/kafka'
import { type Draft, type EventRecordName, eventTable, privacyEvent, type RecordOf, typeOf } from '@varai/schemas'
import type { Event } from '../src/pure/facts/sayings.ts'

/** 2026-03-14, a Saturday, 12:00 UTC. */
export const noon = Date.UTC(2026, 2, 14, 12)
export const minutes = (count: number): number => count * 60_000

type LaneEvent = Extract<Event, { readonly record: EventRecordName }>
type Said<N extends EventRecordName> = Partial<Draft<RecordOf<N>>>

const names = {
  OrderStated: 'order_created',
  CustomerStated: 'customer_created',
  ProductStated: 'product_created',
  AiSessionStated: 'ai_session_completed',
  FaceAnalysed: 'face_analysis_completed',
  RecommendationsGenerated: 'recommendation_generated',
  Interaction: 'recommendation_clicked',
  ConsentStated: 'consent_changed',
} as const

let count = 0

/** An event of a record of the contract: what is not given has the contract's default, each event an id of its own. */
export function event<N extends keyof typeof names>(record: N, given: Said<N>): LaneEvent {
  const kind = eventTable[names[record]]
  return complete(record, {
    eventName: names[record],
    eventType: kind.eventType,
    entityType: kind.entityType,
    ...given,
  })
}

function complete(record: EventRecordName, given: object): LaneEvent {
  count += 1
  const own = { eventId: `html|atelier|event-${count}|0`, entityId: '1', source: 'html', priority: 'medium' }
  const place = { merchantId: 'm1', storeId: 'atelier', origin: 'api' }
  const times = { platformAt: noon, at: noon, ingestedAt: noon }
  const draft: unknown = { ...own, ...place, ...times, ...given }
  // The type that the name stands for.
  return { record, value: typeOf(record).fromBuffer(typeOf(record).toBuffer(draft)) } as LaneEvent
}

export const session = (entityId: string, given: Said<'AiSessionStated'> = {}) =>
  event('AiSessionStated', { entityId, ...given })

export const analysis = {
  faceShape: 'Oval',
  measurements: { pupillaryDistance: 62.3, faceWidth: 138, faceHeight: 187.5 },
  confidence: 0.9,
}
export const analysed = (entityId: string, given: Said<'FaceAnalysed'> = {}) =>
  event('FaceAnalysed', { entityId, analysis, ...given })

export const recommended = (entityId: string, given: Said<'RecommendationsGenerated'> = {}) =>
  event('RecommendationsGenerated', {
    ...{ entityId, recommendationId: 'rec-1', algorithm: 'face-fit 3.2', items: [{ productId: 'p-1', position: 1 }] },
    ...given,
  })

export const clicked = (entityId: string, given: Said<'Interaction'> = {}) =>
  event('Interaction', {
    ...{ entityId, interactionId: `i-${count}`, interactionType: 'recommendation_clicked', recommendationId: 'rec-1' },
    ...given,
  })

/** By a person's reference, as ingest names it. */
export const consented = (level: string, given: Said<'ConsentStated'>) =>
  event('ConsentStated', { entityId: `sub_${given.customerId ?? given.sessionId ?? 'x'}`, level, ...given })

export const order = (entityId: string, given: Said<'OrderStated'> = {}) =>
  event('OrderStated', { entityId, createdAt: noon, total: '189.00', currency: 'EUR', ...given })

export const customer = (entityId: string, email: string) => event('CustomerStated', { entityId, email })

export const deleted = (entityType: string, entityId: string, platformAt = noon + minutes(60)) =>
  complete('EntityDeleted', {
    eventName: `${entityType}_deleted`,
    eventType: 'delete',
    entityType,
    entityId,
    platformAt,
  })

export const requested = (given: Said<'PrivacyRequested'>) =>
  complete('PrivacyRequested', {
    ...{ ...privacyEvent, entityId: 'sub_1', subjectRef: 'sub_1', requestId: 'request-1', kind: 'customer_redact' },
    ...{ legalDueAt: noon, platformAt: noon + minutes(120), ...given },
  })

export const decoded = (event: LaneEvent): DecodedRecord =>
  // Where a record lay has no part in what is decided.
  ({
    ...event,
    topic: 't',
    partition: 0,
    offset: '0',
    key: null,
    headers: {},
    timestamp: 0,
    attempt: 0,
  }) as DecodedRecord
