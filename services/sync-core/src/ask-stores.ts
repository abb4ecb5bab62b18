import type { Publisher } from '@varai/kafka'
import { eventKey, fetchRequestId, fetchTopic } from '@varai/schemas'
import type { Question } from './pure/admit.ts'

/** Resolves when the question is on its way to the service that can ask the store; rejects when Kafka is away. */
export type AskStores = (question: Question) => Promise<void>

export function createAskStores(publisher: Pick<Publisher, 'publish'>, now: () => number = Date.now): AskStores {
  return async ({ merchantId, platform, storeId, entityType, entityId, reason, causeEventId, platformAt }) => {
    const key = eventKey({ merchantId, entityType, source: platform, storeId, entityId })
    const requestId = fetchRequestId(key, { reason, platformAt })
    const named = { requestId, merchantId, platform, storeId, entityType, entityId, reason, causeEventId }
    const value = { ...named, platformAt, requestedAt: now() }
    await publisher.publish({ topic: fetchTopic(platform), key, record: 'FetchRequested', value })
  }
}
