import { loadSnippet } from '@varai/snippet'
import type { Request, Response } from 'express'

/** Pages ask anew after an hour, and meanwhile show what they have: a new version is with all shoppers within a day. */
const cacheControl = 'public, max-age=3600, stale-while-revalidate=86400'

/** `GET /varai.js`: the snippet, for pages of any origin. Whether they may speak to us is asked when they do. */
export function createServeSnippet(): (request: Request, response: Response) => void {
  const { code, gzipped, integrity } = loadSnippet()
  return (request, response) => {
    const small = request.acceptsEncodings('gzip') === 'gzip'
    response.set({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': cacheControl,
      // Weak: the same script, compressed or not.
      etag: `W/"${integrity}"`,
      vary: 'accept-encoding',
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'nosniff',
      ...(small && { 'content-encoding': 'gzip' }),
    })
    response.send(small ? gzipped : code)
  }
}
