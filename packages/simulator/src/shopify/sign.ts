import { createHmac } from 'node:crypto'

/** X-Shopify-Hmac-Sha256 for these exact bytes: base64 of HMAC-SHA256 under the app's client secret. */
export const signShopify = (body: Uint8Array | string, secret: string): string =>
  createHmac('sha256', secret).update(body).digest('base64')

export type Signed = { headers: Record<string, string>; body: Buffer }

/** What a request needs besides its body. What is left out is made up from the body, so that a repetition is the same. */
export type RequestParts = {
  topic: string
  shopDomain: string
  secret: string
  webhookId: string
  /** RFC 3339; may have nanoseconds. */
  triggeredAt?: string
  eventId?: string
  apiVersion?: string
}

/** The headers and the bytes of one delivery, signed as Shopify signs. */
export function signedRequest(body: Buffer | string, parts: RequestParts): Signed {
  const bytes = Buffer.from(body)
  return {
    headers: {
      'Content-Type': 'application/json',
      'User-Agent': 'Shopify-Captain-Hook',
      'X-Shopify-API-Version': parts.apiVersion ?? '2026-10',
      'X-Shopify-Hmac-Sha256': signShopify(bytes, parts.secret),
      'X-Shopify-Shop-Domain': parts.shopDomain,
      'X-Shopify-Topic': parts.topic,
      'X-Shopify-Webhook-Id': parts.webhookId,
      ...(parts.triggeredAt !== undefined && { 'X-Shopify-Triggered-At': parts.triggeredAt }),
      ...(parts.eventId !== undefined && { 'X-Shopify-Event-Id': parts.eventId }),
    },
    body: bytes,
  }
}
