import { type Reader, readText } from '@varai/ingest/pure'

/**
 * The code of a WordPress error that stands in place of a document: a webhook whose owner lost the right to read sends
 * `{"code": "woocommerce_rest_cannot_view", "message": …, "data": {"status": 403}}`, signed like any other.
 */
export function wordPressError(of: Reader): string | undefined {
  if (of.has('id') || !of.has('code') || !of.has('message')) return undefined
  const code = of.readable('code', readText) ?? ''
  return /^\w{1,80}$/.test(code) ? code : 'without a code'
}
