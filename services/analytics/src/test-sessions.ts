import {
  type AiSessionStated,
  type ConsentStated,
  type Draft,
  type EventName,
  eventKind,
  type FaceAnalysed,
  type Interaction,
  type ProductStated,
  type RecommendationsGenerated,
  type RecordName,
  type RecordOf,
  typeOf,
} from '@varai/schemas'
import { sampleTime } from './test-orders.ts'

/** For tests: events of one store's assistant as the codec hands them over, what is not given at its default. */
const envelope = (eventName: EventName, entityId: string) => ({
  eventId: `html|acme-shop|${eventName}-${entityId}|0`,
  eventName,
  eventType: eventKind(eventName)?.eventType ?? 'update',
  entityType: eventKind(eventName)?.entityType ?? 'ai_session',
  entityId,
  source: 'html',
  merchantId: 'acme',
  storeId: 'acme-shop',
  priority: eventKind(eventName)?.lane ?? 'medium',
  platformAt: sampleTime,
  at: sampleTime,
  ingestedAt: sampleTime,
  origin: 'api',
})

const made = <N extends RecordName>(record: N, draft: Draft<RecordOf<N>>): RecordOf<N> =>
  typeOf(record).fromBuffer(typeOf(record).toBuffer(draft))

export const sessionStated = (fields: Partial<Draft<AiSessionStated>>) =>
  made('AiSessionStated', { ...envelope('ai_session_completed', 's-1'), ...fields })
export const faceAnalysed = (fields: Partial<Draft<FaceAnalysed>>) =>
  made('FaceAnalysed', { ...envelope('face_analysis_completed', 's-1'), analysis: {}, ...fields })
export const recommended = (fields: Partial<Draft<RecommendationsGenerated>>) =>
  made('RecommendationsGenerated', {
    ...{ ...envelope('recommendation_generated', 's-1'), recommendationId: 'rec-1' },
    ...fields,
  })
export const interacted = (fields: Partial<Draft<Interaction>>) =>
  made('Interaction', {
    ...{
      ...envelope('recommendation_clicked', 's-1'),
      interactionId: 'i-1',
      interactionType: 'recommendation_clicked',
    },
    ...fields,
  })
export const consented = (fields: Partial<Draft<ConsentStated>>) =>
  made('ConsentStated', { ...envelope('consent_changed', 'person'), ...fields })
export const productStated = (fields: Partial<Draft<ProductStated>>) =>
  made('ProductStated', { ...envelope('product_updated', 'p-1'), ...fields })
