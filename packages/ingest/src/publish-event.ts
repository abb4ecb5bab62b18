import { type Publisher, TooLarge } from '@varai/kafka'
import type { Platform } from '@varai/schemas'
import type { Vault } from '@varai/vault'
import type { OutgoingEvent } from './pure/index.ts'
import { lightEvent } from './pure/light-event.ts'

export type EventPorts = {
  readonly publisher: Pick<Publisher, 'publish'>
  readonly vault: Pick<Vault, 'setAside'>
}

/**
 * Publishes an event, however large: of one that Kafka would not take, the record lies whole in the vault, and what
 * travels is its light form that refers to it. Resolves when both are durable. Rejects as `publish` does, and when the
 * vault is away; what an attempt that failed has left in the vault ends with its day.
 */
export async function publishEvent(ports: EventPorts, platform: Platform, event: OutgoingEvent): Promise<void> {
  try {
    await ports.publisher.publish(event)
  } catch (error) {
    if (!(error instanceof TooLarge) || error.encoded === undefined) throw error
    const { merchantId, storeId } = event.value
    const reference = await ports.vault.setAside({ merchantId, platform, storeId }, error.encoded)
    await ports.publisher.publish(lightEvent(event, reference))
  }
}
