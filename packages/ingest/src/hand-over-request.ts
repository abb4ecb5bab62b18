import type { Publisher } from '@varai/kafka'
import type { Vault } from '@varai/vault'
import type { DeliveryFacts, PrivacyAsk } from './pure/index.ts'
import { toPrivacyRequest } from './pure/to-privacy-request.ts'

export type RequestPorts = {
  readonly publisher: Pick<Publisher, 'publish'>
  readonly vault: Pick<Vault, 'subjectRef' | 'requests'>
}

/**
 * Records a request about personal data and hands it to the services. Resolves with its id when the ledger and Kafka
 * have it; may be repeated. A request that was recorded and never handed over lacks `handedOverAt` in the ledger.
 */
export async function handOverRequest(ports: RequestPorts, ask: PrivacyAsk, facts: DeliveryFacts): Promise<string> {
  const { merchantId, platform, id } = facts.store
  const store = { merchantId, platform, storeId: id }
  const subjectRef = await ports.vault.subjectRef(store, ask.subject)
  const event = toPrivacyRequest(ask, subjectRef, facts)
  const { requestId, kind, platformAt: requestedAt, ingestedAt: receivedAt, legalDueAt } = event.value
  const scope = event.value.scope ?? 'record'
  await ports.vault.requests.record({
    ...{ requestId, kind, scope, store, subjectRef, requestedAt, receivedAt, legalDueAt },
  })
  await ports.publisher.publish(event)
  await ports.vault.requests.handedOver(requestId, receivedAt)
  return requestId
}
