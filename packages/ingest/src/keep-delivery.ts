import { deadLetter, type Publisher } from '@varai/kafka'
import { eventKey } from '@varai/schemas'
import type { Vault } from '@varai/vault'
import type { DeliveryFacts } from './pure/index.ts'

/** What is known about a kept delivery beside its sealed bytes; with them it can be translated again. */
export const deliveryHeader = {
  platform: 'varai-delivery-platform',
  merchant: 'varai-delivery-merchant',
  store: 'varai-delivery-store',
  topic: 'varai-delivery-topic',
  id: 'varai-delivery-id',
  receivedAt: 'varai-delivery-received-at',
  triggeredAt: 'varai-delivery-triggered-at',
  /** `<number>/<count>`, from 1: the raw bytes are those of all parts, one after another. */
  part: 'varai-delivery-part',
} as const

/** A signed delivery that can never become events. */
export type KeptDelivery = {
  readonly facts: DeliveryFacts
  readonly topic: string
  readonly rawBody: Buffer
  readonly reasons: readonly string[]
}

/** Below Kafka's 1 MiB with what sealing, key and headers add. */
const partBytes = 900 * 1024

/**
 * Keeps a delivery whole in the dead letters, its bytes sealed under the store's key of the day: they may hold anything.
 * What is larger than a record goes in parts, each sealed by itself, so that parts of repeated attempts fit together.
 * Resolves when Kafka has all of them; rejects when the vault or Kafka is away.
 */
export async function keepDelivery(
  ports: { readonly publisher: Pick<Publisher, 'publishRaw'>; readonly vault: Pick<Vault, 'sealRaw'> },
  service: string,
  kept: KeptDelivery,
): Promise<void> {
  const { store, deliveryId, receivedAt, triggeredAt } = kept.facts
  const storeRef = { merchantId: store.merchantId, platform: store.platform, storeId: store.id }
  const key = eventKey({ ...storeRef, source: store.platform, entityType: 'delivery', entityId: deliveryId })
  const parts = inParts(kept.rawBody)
  const sealed = await Promise.all(parts.map((part) => ports.vault.sealRaw(storeRef, part)))
  await Promise.all(
    sealed.map((bytes, index) =>
      deadLetter(ports.publisher, {
        service,
        reason: kept.reasons.join('; '),
        key,
        bytes,
        headers: {
          [deliveryHeader.platform]: store.platform,
          [deliveryHeader.merchant]: store.merchantId,
          [deliveryHeader.store]: store.id,
          [deliveryHeader.topic]: kept.topic.slice(0, 200),
          [deliveryHeader.id]: deliveryId,
          [deliveryHeader.receivedAt]: new Date(receivedAt).toISOString(),
          ...(triggeredAt === undefined ? {} : { [deliveryHeader.triggeredAt]: triggeredAt.slice(0, 100) }),
          [deliveryHeader.part]: `${index + 1}/${parts.length}`,
        },
        at: receivedAt,
      }),
    ),
  )
}

function inParts(bytes: Buffer): Buffer[] {
  const count = Math.max(1, Math.ceil(bytes.length / partBytes))
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * partBytes, (index + 1) * partBytes))
}
