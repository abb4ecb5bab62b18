import { deliveryEventId, privacyEvent, privacyTopic } from '@varai/schemas'
import { readTime } from './foreign-values.ts'
import type { DeliveryFacts, OutgoingEventOf } from './to-events.ts'
import type { PrivacyAsk } from './translation.ts'

/** What the law and the platforms allow. */
const dueAfterMs = 30 * 24 * 60 * 60 * 1_000

/**
 * The envelope around a request, under the reference of its subject; nothing that identifies anybody is in its key or
 * ids. The time allowed runs from when the platform sent it first, or from receipt where its clock cannot be right. A
 * request concerns the records that it names: the platform sends one for the losing side of a customer merge too, which
 * must not reach the surviving side.
 */
export function toPrivacyRequest(
  ask: PrivacyAsk,
  subjectRef: string,
  delivery: DeliveryFacts,
): OutgoingEventOf<'PrivacyRequested'> {
  const { store, deliveryId, receivedAt } = delivery
  const triggered = delivery.triggeredAt === undefined ? undefined : readTime(delivery.triggeredAt)
  const requestedAt = triggered?.ok === true ? Math.min(triggered.value, receivedAt) : receivedAt
  const named = { source: store.platform, storeId: store.id }
  const requestId = [store.platform, store.id, ...(ask.id === undefined ? [deliveryId] : [ask.kind, ask.id])].join('|')
  return {
    topic: privacyTopic,
    key: subjectRef,
    record: 'PrivacyRequested',
    value: {
      ...{ ...privacyEvent, ...named, merchantId: store.merchantId, entityId: subjectRef, subjectRef },
      eventId: deliveryEventId({ ...named, deliveryId }, 0),
      userId: ask.facts.customerId,
      priority: 'high',
      ...{ platformAt: requestedAt, at: requestedAt, triggeredAt: requestedAt, ingestedAt: receivedAt },
      ...{ origin: delivery.origin, deliveryId, traceparent: delivery.traceparent },
      ...{ requestId, kind: ask.kind, scope: 'record', legalDueAt: requestedAt + dueAfterMs },
      ...ask.facts,
    },
  }
}
