/** A delivery as it came in: what signatures are made over, so nothing here is decoded or trimmed. */
export type RawWebhook = {
  /** Names in lower case; a header that came several times is joined with `, `. */
  readonly headers: Readonly<Record<string, string>>
  readonly rawBody: Buffer
}

/** Whether a delivery is what it claims to be. A verdict is a value: verifying neither throws nor answers HTTP. */
export type Verdict =
  | {
      readonly ok: true
      /** The platform's id of this delivery, the same when it delivers again. */
      readonly deliveryId: string
      /** What the delivery is about, in the platform's own words. */
      readonly topic: string
      /** When the platform triggered it, as stated. */
      readonly triggeredAt?: string
    }
  | { readonly ok: false; readonly answer: 400 | 401; readonly reason: string }

/** Which store claims to speak. Read before anything is verified: good for finding its secrets, for nothing else. */
export type Claim =
  | { readonly ok: true; readonly storeId: string }
  | { readonly ok: false; readonly answer: 400; readonly reason: string }

/** A header by its name in any case; undefined when absent or blank. */
export function header(webhook: { readonly headers: RawWebhook['headers'] }, name: string): string | undefined {
  const value = webhook.headers[name.toLowerCase()]?.trim()
  return value === '' ? undefined : value
}
