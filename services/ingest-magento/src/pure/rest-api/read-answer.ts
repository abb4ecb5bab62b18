import { parseLossless, type RawAnswer, read, readInteger, retryAfterMs } from '@varai/ingest/pure'

export type Answer =
  | { readonly kind: 'found'; readonly body: unknown }
  /** Nothing can be concluded from it. `afterMs`: when the host wants to be asked again. */
  | { readonly kind: 'unanswered'; readonly reason: string; readonly afterMs?: number | undefined }

/**
 * What a store's answer means. Hosts and firewalls answer HTML with any status, so only JSON with 200 says something. The
 * reason never quotes Magento's message: it may name the person who was asked for.
 */
export function readAnswer({ status, headers, body }: RawAnswer, now: number): Answer {
  const afterMs = retryAfterMs(headers.get('retry-after'), now)
  const parsed = parseLossless(body)
  if (!parsed.ok) return { kind: 'unanswered', reason: `${status}, and not JSON`, afterMs }
  return status === 200
    ? { kind: 'found', body: parsed.value }
    : { kind: 'unanswered', reason: String(status), afterMs }
}

/** One answer of a search. */
export type Rows = {
  readonly items: readonly unknown[]
  /** How many rows there are on all pages; undefined where the store does not say. */
  readonly total: number | undefined
}

/** Undefined for what is no answer to a search. Of none some releases say `null`. */
export function rowsOf(body: unknown): Rows | undefined {
  if (typeof body !== 'object' || body === null || !('items' in body)) return undefined
  const items: unknown = body.items ?? []
  return Array.isArray(items) ? { items, total: read(body).readable('total_count', readInteger) } : undefined
}
