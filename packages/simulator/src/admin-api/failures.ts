/** What can go wrong with one request, on the way or at Shopify. */
export type Failure =
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string }
  /** The connection ends without an answer. */
  | { readonly kind: 'reset' }
  /** Answered rightly, but late. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** A page for people where JSON should be, as load balancers send it. */
  | { readonly kind: 'html' }
  /** 200, `data: null` and an error of theirs. */
  | { readonly kind: 'internal' }
  /** 200 and THROTTLED, however full the bucket is. */
  | { readonly kind: 'throttled' }

/** An answer that needs no query to be run; undefined for failures that are none. */
export function answerOf(
  failure: Failure,
): { status: number; headers: Record<string, string>; body: string } | undefined {
  switch (failure.kind) {
    case 'status':
      return {
        status: failure.status,
        headers: {
          'content-type': 'application/json; charset=utf-8',
          ...(failure.retryAfter !== undefined && { 'retry-after': failure.retryAfter }),
        },
        body: JSON.stringify({ errors: 'Not now.' }),
      }
    case 'html':
      return {
        status: 200,
        headers: { 'content-type': 'text/html; charset=utf-8' },
        body: '<!doctype html><title>Something went wrong</title><p>There is a problem loading this page.',
      }
    case 'internal':
      return {
        status: 200,
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body: JSON.stringify({
          data: null,
          errors: [
            {
              message: 'Internal error. Looks like something went wrong on our end.',
              extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: '00000000-0000-0000-0000-000000000000' },
            },
          ],
        }),
      }
    case 'reset':
    case 'slow':
    case 'throttled':
      return undefined
    default:
      return failure satisfies never
  }
}
