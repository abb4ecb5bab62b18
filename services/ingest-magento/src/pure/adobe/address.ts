import type { Claim } from '@varai/ingest/pure'

const eventsPath = /^\/webhooks\/magento\/events\/([^/]{1,2000})$/

/** The store whose address Adobe was given: `/webhooks/magento/events/<store id, percent-encoded>`. */
export function eventsStore(path: string): Claim {
  const encoded = eventsPath.exec(path)?.[1]
  const storeId = encoded === undefined ? undefined : decoded(encoded)
  return storeId === undefined ? { ok: false, answer: 404, reason: 'no such door' } : { ok: true, storeId }
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** Adobe tries out an address before it uses it, and wants its question back. Nothing comes of it, so it opens nothing. */
export function challengeOf(request: {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
}): { readonly challenge: string } | undefined {
  const challenge = request.query.get('challenge')
  return request.method === 'GET' && eventsPath.test(request.path) && challenge ? { challenge } : undefined
}
