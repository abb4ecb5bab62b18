import { createHmac } from 'node:crypto'

/** What a delivery of our Magento module says beside its body. */
export type ModuleRequestParts = {
  readonly storeId: string
  readonly secret: string
  readonly topic: string
  /** A UUID: the same for each attempt to deliver one event. */
  readonly eventId: string
  /** ms; the module says it in seconds. */
  readonly sentAt: number
}

/** A request as our module makes it: its time, event and topic are signed together with the exact bytes. */
export function signedModuleRequest(body: string | Buffer, parts: ModuleRequestParts) {
  const { storeId, secret, topic, eventId } = parts
  const timestamp = String(Math.floor(parts.sentAt / 1_000))
  const bytes = Buffer.from(body)
  const signature = createHmac('sha256', secret).update(`${timestamp}.${eventId}.${topic}.`).update(bytes)
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'user-agent': 'Varai-Sync-Magento/1.0',
    'x-varai-store': storeId,
    'x-varai-topic': topic,
    'x-varai-event-id': eventId,
    'x-varai-timestamp': timestamp,
    'x-varai-signature': `sha256=${signature.digest('hex')}`,
  }
  return { headers, body: bytes }
}
