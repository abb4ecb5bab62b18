import { type Draft, deliveryEventId, eventKey, fetchRequestId, fetchTopic, type RecordOf } from '@varai/schemas'
import { type DeliveryFacts, platformTime, readTrigger } from './to-events.ts'
import type { Failure, FetchAsk, Translation } from './translation.ts'

/** One request on its way to the service that can ask the store. */
export type OutgoingFetch = {
  readonly topic: string
  readonly key: string
  readonly record: 'FetchRequested'
  readonly value: Draft<RecordOf<'FetchRequested'>>
}

/** The request that a delivery leads to, under the key of the entity; fails as `toEvents` does. */
export function toFetchRequest(ask: FetchAsk, delivery: DeliveryFacts): Translation<OutgoingFetch> {
  const failures: Failure[] = []
  const { store, deliveryId, receivedAt } = delivery
  const told = { receivedAt, triggeredAt: readTrigger(delivery, failures) }
  const platformAt = platformTime({ ...ask, path: ask.entityType }, told, failures)
  if (failures.length > 0) return { ok: false, failures }
  const { entityType, entityId, reason } = ask
  const named = { merchantId: store.merchantId, entityType, entityId, storeId: store.id }
  const key = eventKey({ ...named, source: store.platform })
  const value = {
    ...{ ...named, platform: store.platform, reason, platformAt, requestedAt: receivedAt },
    requestId: fetchRequestId(key, { reason, platformAt }),
    causeEventId: deliveryEventId({ source: store.platform, storeId: store.id, deliveryId }, 0),
  }
  return { ok: true, value: { topic: fetchTopic(store.platform), key, record: 'FetchRequested', value }, leftOut: [] }
}
