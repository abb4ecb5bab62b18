import { findFaceData, sanitiseFaceAnalysis } from '@varai/privacy'
import type { Envelope, EventRecordName, RecordOf } from '@varai/schemas'
import { emailKey } from '../identity.ts'
import { same, toPlain } from '../plain.ts'
import type { RecordKind } from '../record-kind.ts'
import type { Said } from '../statement.ts'
import { aiSession, consent, customerKey, recommendation, recommendationKey, sessionFields } from './ai-kinds.ts'

/** Records by which the assistant and its shoppers speak. */
export type AiEvent = { [N in AiRecordName]: { readonly record: N; readonly value: RecordOf<N> } }[AiRecordName]
type AiRecordName = Extract<
  EventRecordName,
  'AiSessionStated' | 'FaceAnalysed' | 'RecommendationsGenerated' | 'Interaction' | 'ConsentStated'
>

/** What an event says of one record. */
export type AiSaying = { readonly kind: RecordKind; readonly entityId: string; readonly says: Said }

type Values = Readonly<Record<string, unknown>>

/** What an event says, of each record that it concerns. Throws RangeError where it names what is no id. */
export function sayingsOf(event: AiEvent): AiSaying[] {
  const { value } = event
  const ofSession = (values: Values, cleared: readonly string[] = []): AiSaying =>
    saying(aiSession, value.entityId, { ...sharedValues(value), ...values }, cleared)
  switch (event.record) {
    case 'AiSessionStated':
      return [
        ofSession(
          {
            ...Object.fromEntries(Object.entries(sessionFields).map(([ours, theirs]) => [ours, event.value[theirs]])),
            ...person(value, event.value.customerId),
            metadata: unlessEmpty(event.value.metadata),
          },
          renamed(value.cleared),
        ),
      ]
    case 'FaceAnalysed':
      return [ofSession({ ...person(value, event.value.customerId), faceAnalysisData: event.value.analysis })]
    case 'RecommendationsGenerated':
      return recommending(event.value, ofSession)
    case 'Interaction':
      return [ofSession({ ...person(value, null), interactions: [interactionOf(event.value)] })]
    case 'ConsentStated':
      return consenting(event.value)
    default:
      return event satisfies never
  }
}

const saying = (kind: RecordKind, entityId: string, values: Values, cleared: readonly string[] = []): AiSaying => ({
  ...{ kind, entityId },
  says: { what: 'values', values, cleared, complete: {} },
})

/** What every event of a session may say of it. Where nobody knows the region, the contract says NA. */
const sharedValues = ({ consentLevel, region }: Envelope): Values => ({
  consentLevel,
  region: region === 'NA' ? null : region,
})

/** Who the shopper is, and that they were named: who no longer is must be found as well. */
function person(envelope: Envelope, customerId: string | null): Values {
  const userId = customerId ?? envelope.userId
  return userId === null ? {} : { userId, named: [{ id: customerKey(envelope, userId) }] }
}

/** Of a map that the contract gives a default, nothing stated and nothing in it are the same. */
const unlessEmpty = (map: object): object | null => (Object.keys(map).length === 0 ? null : map)

const renamed = (cleared: readonly string[]): string[] =>
  Object.entries(sessionFields).flatMap(([ours, theirs]) => (cleared.includes(theirs) ? [ours] : []))

function recommending(
  value: RecordOf<'RecommendationsGenerated'>,
  ofSession: (values: Values) => AiSaying,
): AiSaying[] {
  const { recommendationId, items, algorithm, confidence, platformAt: at, entityId: sessionId } = value
  const shown = { id: recommendationId, at, items, algorithm, confidence }
  const own = { sessionId, recommendationId, userId: value.customerId ?? value.userId, recommendations: items }
  const context = unlessEmpty(value.context)
  return [
    ofSession({ ...person(value, value.customerId), recommendations: [shown] }),
    saying(recommendation, recommendationKey(sessionId, recommendationId), {
      ...{ ...sharedValues(value), ...own, algorithm, confidence, context },
    }),
  ]
}

function interactionOf(value: RecordOf<'Interaction'>): Values {
  const { eventId: id, interactionId, interactionType: type, platformAt: at, properties } = value
  const { productId, variantId, sku, recommendationId, durationMs } = value
  const what = { productId, variantId, sku, recommendationId, durationMs }
  return { id, interactionId, type, at, ...what, properties: unlessEmpty(properties) }
}

/** A consent, and for the session it was given in: from then on it is of that level. */
function consenting(value: RecordOf<'ConsentStated'>): AiSaying[] {
  const { customerId, email, level, proof, sessionId, merchantId } = value
  const address = emailKey(merchantId, email)
  const named = [
    ...(customerId === null ? [] : [{ id: customerKey(value, customerId) }]),
    ...(address === undefined ? [] : [{ id: address }]),
  ]
  const own = { customerId, email, sessionId, level, proof, purposes: unlessEmpty(value.purposes) }
  const record = saying(consent, value.entityId, { ...own, ...(named.length > 0 && { named }) }, value.cleared)
  if (sessionId === null || level === null) return [record]
  const given = { consentLevel: level, consentGiven: level, ...person(value, customerId) }
  return [record, saying(aiSession, sessionId, given)]
}

/**
 * Why an event must not be written: raw face data in any field, or an analysis with more in it than may be kept. Ingest
 * sends none; this holds whoever else publishes. Undefined for what may be written.
 */
export function forbiddenIn({ record, value }: AiEvent): string | undefined {
  const analysis = record === 'FaceAnalysed' ? value.analysis : record === 'AiSessionStated' ? value.faceAnalysis : null
  const isSanitised = analysis === null || same(toPlain({ ...analysis }), toPlain(sanitiseFaceAnalysis(analysis)))
  return isSanitised && findFaceData(value).length === 0 ? undefined : 'holds raw face data'
}
