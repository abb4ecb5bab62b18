import type { Reader } from '@varai/ingest/pure'

/** Kinds of objects as Shopify's global ids name them. */
export type Kind = 'Order' | 'LineItem' | 'Customer' | 'Product' | 'ProductVariant' | 'Refund' | 'Fulfillment'

/**
 * The id of an object, in exact digits. Shopify states it twice, as a number under `id` and as text at the end of
 * `admin_graphql_api_id`. A relay that parses JSON with doubles has rounded the number and left the text, so the text
 * is taken where both are the same double; where they differ beyond rounding, nobody can know which one is meant.
 */
export function shopifyId(of: Reader, kind: Kind): string {
  const text = globalId(of.optionalText('admin_graphql_api_id'), kind)
  if (text !== undefined && !of.has('id')) return text
  // Newer documents have the text under `id`, and no number.
  const newer = text === undefined ? globalId(of.freeText('id'), kind) : undefined
  if (newer !== undefined) return newer
  const number = of.id('id')
  if (text === undefined || text === number) return number
  // 0 stands for a number that was no id, which is told already.
  if (number !== '0' && Number(text) !== Number(number)) of.fail('id', 'differs from admin_graphql_api_id')
  return text
}

/** As `shopifyId`, of an object that may be listed without one. */
export const optionalShopifyId = (of: Reader, kind: Kind): string | undefined =>
  of.has('id') || of.has('admin_graphql_api_id') ? shopifyId(of, kind) : undefined

/** The digits of `gid://shopify/<kind>/<digits>`, which queries may follow; undefined for anything else. */
export function globalId(gid: string | undefined, kind: string): string | undefined {
  const match = gid === undefined ? null : /^gid:\/\/shopify\/(\w+)\/(\d{1,39})(?:\?.*)?$/.exec(gid)
  return match?.[1] === kind ? match[2] : undefined
}
