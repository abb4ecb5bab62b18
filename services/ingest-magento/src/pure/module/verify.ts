import { createHmac, timingSafeEqual } from 'node:crypto'
import { type Claim, header, parseLossless, type RawWebhook, read, readUtcTime, type Verdict } from '@varai/ingest/pure'

const minute = 60_000
/** What our module signs anew at each attempt; older is somebody else's attempt with its bytes. */
const oldestMs = 15 * minute
/** What clocks of honest shops differ by. */
const aheadMs = 5 * minute

/** The store that a delivery of our module claims to come from. */
export function claimedStore(webhook: Pick<RawWebhook, 'headers'>): Claim {
  const storeId = header(webhook, 'x-varai-store')
  return storeId === undefined ? { ok: false, answer: 400, reason: 'X-Varai-Store is missing' } : { ok: true, storeId }
}

/**
 * Our module signs its timestamp, the event's id and topic, and the exact bytes of the body: what is signed for one
 * event cannot be sent as another, nor later. Any of the secrets may have signed. `receivedAt`: epoch ms.
 */
export function verifyModule(webhook: RawWebhook, secrets: readonly string[], receivedAt: number): Verdict {
  const [timestamp = '', eventId = '', topic = ''] = ['timestamp', 'event-id', 'topic'].map((name) =>
    header(webhook, `x-varai-${name}`),
  )
  const hex = /^sha256=([\da-f]{64})$/.exec(header(webhook, 'x-varai-signature') ?? '')?.[1] ?? ''
  const given = Buffer.from(hex, 'hex')
  const signedBy = (secret: string) => {
    const ours = createHmac('sha256', secret)
      .update(`${timestamp}.${eventId}.${topic}.`)
      .update(webhook.rawBody)
      .digest()
    return given.length === ours.length && timingSafeEqual(given, ours)
  }
  // Every secret is tried, so that the time does not tell which one signed.
  if (!secrets.map(signedBy).includes(true)) return { ok: false, answer: 401, reason: 'bad signature' }
  const sentAt = /^\d{1,11}$/.test(timestamp) ? Number(timestamp) * 1_000 : undefined
  if (sentAt === undefined) return { ok: false, answer: 400, reason: 'X-Varai-Timestamp is no time in seconds' }
  if (sentAt < receivedAt - oldestMs || sentAt > receivedAt + aheadMs) {
    return { ok: false, answer: 401, reason: 'signed too long ago, or ahead of time' }
  }
  if (!/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(eventId)) {
    return { ok: false, answer: 400, reason: 'X-Varai-Event-Id is no UUID' }
  }
  if (!/^[\w.]{1,100}$/.test(topic)) return { ok: false, answer: 400, reason: 'X-Varai-Topic is no topic' }
  const savedAt = readSavedAt(webhook.rawBody)
  return {
    ok: true,
    deliveryId: eventId.toLowerCase(),
    topic,
    ...(savedAt === undefined ? {} : { triggeredAt: savedAt }),
  }
}

/** When the shop saved it, which tells apart what it saved within one second; RFC 3339. */
function readSavedAt(rawBody: Buffer): string | undefined {
  const body = parseLossless(rawBody)
  const at = body.ok ? read(body.value).readable('saved_at', readUtcTime) : undefined
  return at === undefined ? undefined : new Date(at).toISOString()
}
