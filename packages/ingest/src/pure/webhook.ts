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
      readonly triggeredAt?: string | undefined
    }
  | Denied

/** 503 where it cannot be told now: who is turned away with anything else may not come again. */
export type Denied = { readonly ok: false; readonly answer: 400 | 401 | 503; readonly reason: string }

/** As a verdict, about a request that may carry several deliveries. */
export type Unpacked =
  | {
      readonly ok: true
      readonly deliveries: readonly Enclosed[]
      /** Why others of the request are turned away, one reason each. */
      readonly refused: readonly string[]
    }
  | Denied

/** One of the deliveries of a request, with its own bytes out of the body. */
export type Enclosed = Omit<Extract<Verdict, { ok: true }>, 'ok'> & { readonly rawBody: Buffer }

/** Which store claims to speak. Read before anything is verified: good for finding its secrets, for nothing else. */
export type Claim =
  | { readonly ok: true; readonly storeId: string }
  | { readonly ok: false; readonly answer: 400 | 404; readonly reason: string }

/** A header by its name in any case; undefined when absent or blank. */
export function header(webhook: { readonly headers: RawWebhook['headers'] }, name: string): string | undefined {
  const value = webhook.headers[name.toLowerCase()]?.trim()
  return value === '' ? undefined : value
}
