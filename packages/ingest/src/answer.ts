/** What became of a delivery that was verified. */
export type Receipt =
  /** Kafka has its events. */
  | { readonly kind: 'published' }
  /** It states nothing that anybody keeps: a message about the platform's own work. */
  | { readonly kind: 'acknowledged' }
  /** Kafka has had its events since an earlier delivery of the same id. */
  | { readonly kind: 'duplicate' }
  /** It can never become events; the dead letters have it whole. */
  | { readonly kind: 'kept'; readonly reasons: readonly string[] }
  /** It lies on our own disk and will be worked off from there. */
  | { readonly kind: 'spooled' }
  /** The store's own API has to answer first, and did not; nothing is wrong with the rest. `afterMs`: its wish. */
  | { readonly kind: 'unanswered'; readonly reason: string; readonly afterMs?: number | undefined }
  /** There is more to do than can be held; the sender is to come again. */
  | { readonly kind: 'overloaded' }
  /** Something that is needed is away; the sender is to come again. */
  | { readonly kind: 'unavailable'; readonly reason: string }

/** Why a request was turned away before, or instead of, being verified. */
export type Refusal = {
  readonly status: 400 | 401 | 404 | 405 | 413 | 429 | 503
  readonly error: string
}

export type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, unknown>>
}

/** Seconds; the platforms have backoffs of their own and take this as the least. */
const comeAgain = { 'retry-after': '5' }

export function answerTo(receipt: Receipt): Answer {
  switch (receipt.kind) {
    case 'published':
    case 'acknowledged':
      return { status: 200, headers: {}, body: { ok: true } }
    case 'duplicate':
      return { status: 200, headers: {}, body: { ok: true, duplicate: true } }
    case 'kept':
      return { status: 200, headers: {}, body: { ok: true, kept: 'dead-letters', reasons: receipt.reasons } }
    case 'spooled':
      return { status: 200, headers: {}, body: { ok: true, spooled: true } }
    case 'unanswered':
      return { status: 503, headers: comeAgain, body: { ok: false, error: receipt.reason } }
    case 'overloaded':
      return { status: 429, headers: comeAgain, body: { ok: false, error: 'overloaded' } }
    case 'unavailable':
      return { status: 503, headers: comeAgain, body: { ok: false, error: receipt.reason } }
    default:
      return receipt satisfies never
  }
}

/**
 * The one answer to a request that carried several deliveries: 200 only when nothing more is to be done for any of them.
 * Otherwise the sender is to send all of them again; those that are settled are known then.
 */
export function answerToAll(receipts: readonly Receipt[], refused: number): Answer {
  const answers = receipts.map(answerTo)
  const open = answers.find(({ status }) => status !== 200)
  if (open !== undefined) return open
  const count = (kind: Receipt['kind']) => receipts.filter((receipt) => receipt.kind === kind).length
  const [duplicates, kept] = [count('duplicate'), count('kept')]
  return { status: 200, headers: {}, body: { ok: true, deliveries: receipts.length, duplicates, kept, refused } }
}

export function refuse({ status, error }: Refusal): Answer {
  const headers = status === 405 ? { allow: 'POST' } : status === 429 || status === 503 ? comeAgain : {}
  return { status, headers, body: { ok: false, error } }
}
