import { cartAttributes } from '../pure/cart-attributes.ts'

type Shopify = { readonly routes?: { readonly root?: string } }
declare global {
  interface Window {
    /** On the pages of a Shopify theme. */
    readonly Shopify?: Shopify
  }
}

/**
 * Writes the session and the recommendations into the cart of a Shopify theme; without a session, empties ours. Read
 * first: what themes and apps have written stays. Resolves with whether the cart says so now.
 */
export async function writeCart(sessionId: string | undefined, recommendationIds: readonly string[]): Promise<boolean> {
  if (window.Shopify === undefined) return false
  // Themes in several languages have a root for each.
  const root = window.Shopify.routes?.root ?? '/'
  const read = await fetch(`${root}cart.js`)
  const attributes = cartAttributes((await read.json()).attributes, sessionId, recommendationIds)
  if (attributes === undefined) return true
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ attributes })
  return (await fetch(`${root}cart/update.js`, { method: 'POST', headers, body, keepalive: true })).ok
}
