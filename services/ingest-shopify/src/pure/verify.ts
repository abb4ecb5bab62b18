import { createHmac, timingSafeEqual } from 'node:crypto'
import { type Claim, header, type RawWebhook, type Verdict } from '@varai/ingest/pure'
import { isIdPart } from '@varai/schemas'

/**
 * Shopify signs the exact bytes it sent; parse JSON before this and the signature no longer matches. Any of the
 * secrets may have signed: after a rotation the old one does for up to an hour. A missing signature is a wrong one.
 */
export function verify(webhook: RawWebhook, secrets: readonly string[]): Verdict {
  const given = Buffer.from(header(webhook, 'x-shopify-hmac-sha256') ?? '', 'base64')
  const signedBy = (secret: string) => {
    const ours = createHmac('sha256', secret).update(webhook.rawBody).digest()
    return given.length === ours.length && timingSafeEqual(given, ours)
  }
  // Every secret is tried, so that the time does not tell which one signed.
  if (!secrets.map(signedBy).includes(true)) return { ok: false, answer: 401, reason: 'bad signature' }
  const deliveryId = header(webhook, 'x-shopify-webhook-id')
  if (deliveryId === undefined) return { ok: false, answer: 400, reason: 'X-Shopify-Webhook-Id is missing' }
  if (!isIdPart(deliveryId)) return { ok: false, answer: 400, reason: 'X-Shopify-Webhook-Id is no id' }
  const topic = header(webhook, 'x-shopify-topic')
  if (topic === undefined) return { ok: false, answer: 400, reason: 'X-Shopify-Topic is missing' }
  const triggeredAt = header(webhook, 'x-shopify-triggered-at')
  return { ok: true, deliveryId, topic: topic.toLowerCase(), ...(triggeredAt === undefined ? {} : { triggeredAt }) }
}

/** The shop that a delivery claims to come from. */
export function claimedShop(webhook: Pick<RawWebhook, 'headers'>): Claim {
  const storeId = header(webhook, 'x-shopify-shop-domain')?.toLowerCase()
  if (storeId === undefined) return { ok: false, answer: 400, reason: 'X-Shopify-Shop-Domain is missing' }
  return { ok: true, storeId }
}
