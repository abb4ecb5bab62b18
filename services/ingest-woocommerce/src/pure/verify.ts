import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { type Claim, header, type RawWebhook, type Verdict } from '@varai/ingest/pure'
import { lookedUp } from './translate/translate.ts'

/**
 * WooCommerce signs the exact bytes it sent, with the secret as WordPress decodes it. Any of the secrets may have
 * signed. Its delivery id is the same for all deliveries of a webhook in one second, so what was delivered names the
 * delivery: webhook, topic and content. A body that only names an entity says nothing else, so its delivery id counts
 * too.
 */
export function verify(webhook: RawWebhook, secrets: readonly string[]): Verdict {
  const given = Buffer.from(header(webhook, 'x-wc-webhook-signature') ?? '', 'base64')
  const signedBy = (secret: string) => {
    const ours = createHmac('sha256', specialCharsDecoded(secret)).update(webhook.rawBody).digest()
    return given.length === ours.length && timingSafeEqual(given, ours)
  }
  // Every secret is tried, so that the time does not tell which one signed.
  if (!secrets.map(signedBy).includes(true)) return { ok: false, answer: 401, reason: 'bad signature' }
  const topic = header(webhook, 'x-wc-webhook-topic')?.toLowerCase()
  if (topic === undefined) return { ok: false, answer: 400, reason: 'X-WC-Webhook-Topic is missing' }
  if (!/^[\w.-]{1,200}$/.test(topic)) return { ok: false, answer: 400, reason: 'X-WC-Webhook-Topic is no topic' }
  const webhookId = header(webhook, 'x-wc-webhook-id')
  if (webhookId === undefined) return { ok: false, answer: 400, reason: 'X-WC-Webhook-ID is missing' }
  if (!/^\d{1,20}$/.test(webhookId)) return { ok: false, answer: 400, reason: 'X-WC-Webhook-ID is no id' }
  const givenId = header(webhook, 'x-wc-webhook-delivery-id')
  if (givenId === undefined) return { ok: false, answer: 400, reason: 'X-WC-Webhook-Delivery-ID is missing' }
  const content = createHash('sha256').update(webhook.rawBody)
  if (lookedUp.has(topic)) content.update(`\n${givenId}`)
  return { ok: true, deliveryId: `${webhookId}:${topic}:${content.digest('hex')}`, topic }
}

const characters: ReadonlyMap<string, string> = new Map([
  ...['&amp;', '&#38;', '&#x26;'].map((entity) => [entity, '&'] as const),
  ...['&lt;', '&#60;'].map((entity) => [entity, '<'] as const),
  ...['&gt;', '&#62;'].map((entity) => [entity, '>'] as const),
  ...['&quot;', '&#34;', '&#x22;'].map((entity) => [entity, '"'] as const),
  ...['&#39;', '&#x27;'].map((entity) => [entity, "'"] as const),
])

/** What WordPress makes of a secret before it signs: quotes, ampersands and angle brackets, decoded once. */
export function specialCharsDecoded(secret: string): string {
  return secret.replaceAll(/&(?:amp|lt|gt|quot|#0*(?:34|38|39|60|62)|#x0*(?:22|26|27));/gi, (entity) => {
    const plain = entity.replace(/^(&#x?)0+/i, '$1')
    // Names are known in lower case only, as in WordPress; numbers in any.
    return characters.get(plain.startsWith('&#') ? plain.toLowerCase() : plain) ?? entity
  })
}

/** The site that a delivery claims to come from, in the form in which stores are named. */
export function claimedSite(webhook: Pick<RawWebhook, 'headers'>): Claim {
  const source = header(webhook, 'x-wc-webhook-source')
  if (source === undefined) return { ok: false, answer: 400, reason: 'X-WC-Webhook-Source is missing' }
  return { ok: true, storeId: source.toLowerCase().replace(/\/+$/, '') }
}

/**
 * WooCommerce tries out an address before it uses it: a form with the webhook's number, without any of its headers and
 * unsigned, and creates the webhook only on 200. Nothing comes of it, so it opens nothing.
 */
export function shakeHands(request: RawWebhook & { readonly method: string }): { readonly ok: true } | undefined {
  const { method, headers, rawBody } = request
  const isForm = header(request, 'content-type')?.startsWith('application/x-www-form-urlencoded') === true
  const isPlain = !Object.keys(headers).some((name) => name.startsWith('x-wc-webhook-'))
  const isPing = rawBody.length < 40 && /^webhook_id=\d{1,20}$/.test(rawBody.toString('latin1'))
  return method === 'POST' && isForm && isPlain && isPing ? { ok: true } : undefined
}
