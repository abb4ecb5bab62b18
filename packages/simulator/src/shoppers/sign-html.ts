import { createHmac } from 'node:crypto'

/** What a server of a custom store says beside its batch. */
export type HtmlRequestParts = {
  /** The store key. */
  readonly storeId: string
  readonly secret: string
  /** Epoch ms; requests are taken within five minutes of it. */
  readonly at: number
}

/** The headers of a batch, with the exact bytes signed: HMAC-SHA256 of `v1:<key>:<seconds>:` and the body, as hex. */
export function htmlHeaders(body: Uint8Array, { storeId, secret, at }: HtmlRequestParts): Record<string, string> {
  const timestamp = String(Math.floor(at / 1_000))
  const signature = createHmac('sha256', secret).update(`v1:${storeId}:${timestamp}:`).update(body).digest('hex')
  return {
    'content-type': 'application/json',
    'x-varai-key': storeId,
    'x-varai-timestamp': timestamp,
    'x-varai-signature': `v1=${signature}`,
  }
}
