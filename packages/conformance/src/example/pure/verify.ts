import { createHmac, timingSafeEqual } from 'node:crypto'
import { type Claim, header, type RawWebhook, type Verdict } from '@varai/ingest/pure'

/** The shop that a delivery claims to come from. */
export function claimedShop(webhook: Pick<RawWebhook, 'headers'>): Claim {
  const storeId = header(webhook, 'x-brillo-shop')
  return storeId === undefined ? { ok: false, answer: 400, reason: 'X-Brillo-Shop is missing' } : { ok: true, storeId }
}

/** Brillo signs the exact bytes it sent. Every secret is tried, so that the time does not tell which one signed. */
export function verify(webhook: RawWebhook, secrets: readonly string[]): Verdict {
  const given = Buffer.from(header(webhook, 'x-brillo-signature') ?? '', 'hex')
  const signedBy = (secret: string) => {
    const ours = createHmac('sha256', secret).update(webhook.rawBody).digest()
    return given.length === ours.length && timingSafeEqual(given, ours)
  }
  if (!secrets.map(signedBy).includes(true)) return { ok: false, answer: 401, reason: 'bad signature' }
  const deliveryId = header(webhook, 'x-brillo-delivery')
  if (deliveryId === undefined) return { ok: false, answer: 400, reason: 'X-Brillo-Delivery is missing' }
  const topic = header(webhook, 'x-brillo-event')
  if (topic === undefined) return { ok: false, answer: 400, reason: 'X-Brillo-Event is missing' }
  return { ok: true, deliveryId, topic }
}
