import { createHmac } from 'node:crypto'

/** What a delivery of WooCommerce says beside its body. */
export type WooRequestParts = {
  /** The site's URL, without a slash at its end. */
  readonly storeId: string
  readonly secret: string
  readonly topic: string
  readonly webhookId: string
  /** WooCommerce gives all deliveries of one webhook in one second the same. */
  readonly deliveryId: string
}

/** A request as WooCommerce makes it: the exact bytes signed, everything else beside them in headers. */
export function signedWooRequest(body: string | Buffer, parts: WooRequestParts) {
  const { storeId, secret, topic, webhookId, deliveryId } = parts
  const [resource = '', event = ''] = topic.split('.')
  const bytes = Buffer.from(body)
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'user-agent': 'WooCommerce/10.3.0 Hookshot (WordPress/6.8)',
    'x-wc-webhook-source': `${storeId}/`,
    'x-wc-webhook-topic': topic,
    'x-wc-webhook-resource': resource,
    'x-wc-webhook-event': event,
    'x-wc-webhook-signature': createHmac('sha256', secret).update(bytes).digest('base64'),
    'x-wc-webhook-id': webhookId,
    'x-wc-webhook-delivery-id': deliveryId,
  }
  return { headers, body: bytes }
}
