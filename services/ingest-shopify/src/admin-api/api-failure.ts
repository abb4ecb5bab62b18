import type { OutageReason, RefusalReason } from '../pure/admin-api/read-answer.ts'

/** The request failed now and may succeed later, as it is. */
export class ApiUnavailable extends Error {
  override name = 'ApiUnavailable'
  readonly reason: OutageReason
  /** ms before which trying again is of no use; 0 where nobody knows. */
  readonly retryAfterMs: number

  constructor(reason: OutageReason, detail: string, options: { retryAfterMs?: number; cause?: unknown } = {}) {
    super(`Shopify's API is unavailable (${reason}): ${detail}`, { cause: options.cause })
    this.reason = reason
    this.retryAfterMs = options.retryAfterMs ?? 0
  }
}

/** The request will fail until a person changes something: scopes, tokens, the stores file, or this program. */
export class ApiRefused extends Error {
  override name = 'ApiRefused'
  readonly reason: RefusalReason

  constructor(reason: RefusalReason, detail: string) {
    super(`Shopify's API refuses (${reason}): ${detail}`)
    this.reason = reason
  }
}
