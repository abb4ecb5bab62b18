import { parseLossless, read } from '@varai/ingest/pure'
import { wordPressError } from './foreign-error.ts'

export type RawAnswer = {
  readonly status: number
  /** Names in lower case. */
  readonly headers: { get(name: string): string | null }
  readonly body: Buffer
}

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

/** ms to wait by a Retry-After header, seconds or a date; undefined where it says nothing that can be read. */
function retryAfterMs(header: string | null, now: number): number | undefined {
  const text = header?.trim() ?? ''
  if (/^\d{1,6}$/.test(text)) return Number(text) * 1_000
  const at = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}

/** The store's own time of an answer, in whole seconds; undefined where the host does not say. */
export function storeTimeOf(headers: RawAnswer['headers']): number | undefined {
  const at = Date.parse(headers.get('date') ?? '')
  return Number.isNaN(at) || at < 0 ? undefined : at
}

/** How many pages there are; undefined where a host took the header away. */
export function pagesOf(headers: RawAnswer['headers']): number | undefined {
  const text = headers.get('x-wp-totalpages') ?? ''
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined
}
