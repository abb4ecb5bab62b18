import { createHmac, timingSafeEqual } from 'node:crypto'
import { header, type RawWebhook } from '@varai/ingest/pure'

/** Whether a server of the store signed exactly these bytes, lately. */
export type Signature =
  | { readonly ok: true }
  | { readonly ok: false; readonly answer: 400 | 401; readonly reason: string }

export const signatureHeaders = {
  key: 'x-varai-key',
  timestamp: 'x-varai-timestamp',
  signature: 'x-varai-signature',
} as const

/** How far a sender's clock may be from ours, s. Within it a request that somebody recorded could be sent again. */
const toleranceSeconds = 300

/**
 * `X-Varai-Signature: v1=<hex>` is the HMAC-SHA256 of `v1:<key>:<timestamp>:` and the body's bytes; the timestamp is in
 * seconds since 1970. Several signatures, separated by commas, are taken while a sender changes its secret.
 */
export function verify(request: RawWebhook, secrets: readonly string[], now: number): Signature {
  const [key, timestamp, signature] = [
    header(request, signatureHeaders.key),
    header(request, signatureHeaders.timestamp),
    header(request, signatureHeaders.signature),
  ]
  if (key === undefined || timestamp === undefined)
    return missing(key === undefined ? 'X-Varai-Key' : 'X-Varai-Timestamp')
  if (!/^\d{1,12}$/.test(timestamp))
    return { ok: false, answer: 400, reason: 'X-Varai-Timestamp is no time in seconds' }
  const given = (signature ?? '').split(',').map(signatureIn)
  const signed = secrets.map((secret) =>
    createHmac('sha256', secret).update(`v1:${key}:${timestamp}:`).update(request.rawBody).digest(),
  )
  const good = signed.some((ours) =>
    given.some((theirs) => theirs?.length === ours.length && timingSafeEqual(ours, theirs)),
  )
  if (!good) return { ok: false, answer: 401, reason: 'bad signature' }
  // Only whoever knows the secret is told about clocks.
  const off = Math.abs(now / 1_000 - Number(timestamp))
  if (off > toleranceSeconds) return { ok: false, answer: 401, reason: 'X-Varai-Timestamp is more than 5 minutes off' }
  return { ok: true }
}

const missing = (name: string): Signature => ({ ok: false, answer: 400, reason: `${name} is missing` })

function signatureIn(text: string): Buffer | undefined {
  const hex = /^\s*v1=([\da-f]{64})\s*$/i.exec(text)?.[1]
  return hex === undefined ? undefined : Buffer.from(hex, 'hex')
}
