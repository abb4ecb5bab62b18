import { parseLossless, type RawAnswer, read, retryAfterMs } from '@varai/ingest/pure'
import { wordPressError } from './foreign-error.ts'

export type Answer =
  | { readonly kind: 'found'; readonly body: unknown }
  /** The store knows no such entity. */
  | { readonly kind: 'gone' }
  /** Nothing can be concluded from it. `code` names WordPress' own error, where it is one. */
  | {
      readonly kind: 'unanswered'
      readonly reason: string
      readonly afterMs?: number | undefined
      readonly code?: string
    }

/**
 * What a store's answer means. Only WooCommerce itself can say that something is gone: a 404 of a host, of a site without
 * permalinks or with the plugin switched off says nothing about any order. Hosts answer HTML with any status.
 */
export function readAnswer({ status, headers, body }: RawAnswer, now: number): Answer {
  const afterMs = retryAfterMs(headers.get('retry-after'), now)
  const parsed = parseLossless(body)
  if (!parsed.ok) return { kind: 'unanswered', reason: `${status}, and not JSON`, afterMs }
  const code = wordPressError(read(parsed.value))
  if (code === undefined && status === 200) return { kind: 'found', body: parsed.value }
  if (status === 404 && code !== undefined && /^woocommerce_rest_(?:\w+_)?invalid_id$/.test(code))
    return { kind: 'gone' }
  const reason = code === undefined ? String(status) : `${status} ${code}`
  return { kind: 'unanswered', reason, afterMs, ...(code === undefined ? {} : { code }) }
}

/** How many there are in a listing; undefined where a host took the header away. */
export function totalOf(headers: RawAnswer['headers']): number | undefined {
  const text = headers.get('x-wp-total') ?? ''
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined
}
