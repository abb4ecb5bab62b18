import { productsQuery } from '../pure/admin-api/documents.ts'
import { pageIn, type Tree, textIn } from '../pure/admin-api/tree.ts'
import { globalId } from '../pure/shopify-id.ts'
import { ApiUnavailable } from './api-failure.ts'
import { completeLists, goesOn } from './complete-lists.ts'
import { isStill } from './read-order.ts'
import type { SendQuery } from './send-query.ts'

/** As far as the cost allows. */
const pageSize = 25
/** Shopify gives 25,000 objects of one path of pages; before that a new path begins behind the last id. */
const objectsOfOnePath = 20_000
const mostTries = 3

/** All products by ascending id, behind the id given, each with all its lists, and when the answer came in. */
export async function* readProducts(
  send: SendQuery,
  signal: AbortSignal,
  of: { readonly behind?: string | undefined; readonly most?: number | undefined } = {},
): AsyncGenerator<{ readonly product: Tree; readonly at: number }> {
  const { most = objectsOfOnePath } = of
  let after: string | undefined
  let behind = of.behind
  let onThisPath = 0
  for (;;) {
    const query = behind && `id:>${behind}`
    const { data, at } = await send(productsQuery, { first: pageSize, after, query, sortKey: 'ID' }, signal)
    const page = pageIn(data, 'products')
    if (page === undefined) throw new ApiUnavailable('unreadable', 'an answer without products')
    for (const found of page.nodes) {
      const product = await wholeProduct(send, found, signal)
      if (product !== undefined) yield { product, at }
    }
    if (page.next === undefined) return
    after = page.next
    onThisPath += page.nodes.length
    const last = globalId(textIn(page.nodes.at(-1), 'id'), 'Product')
    if (onThisPath + pageSize > most && last !== undefined) {
      behind = last
      after = undefined
      onThisPath = 0
    }
  }
}

/** The product with all of its lists, as of one `updatedAt`; nothing is said of one that is gone meanwhile. */
export async function wholeProduct(send: SendQuery, found: Tree, signal: AbortSignal): Promise<Tree | undefined> {
  let product: Tree | undefined = found
  for (let tries = 0; tries < mostTries && product !== undefined; tries += 1) {
    if (!goesOn('Product', product)) return product
    const complete = await completeLists(send, 'Product', product, signal)
    if (await isStill(send, complete, signal)) return complete
    product = await productOf(send, textIn(found, 'id'), signal)
  }
  if (product === undefined) return undefined
  throw new ApiUnavailable('changing', 'a product changes while it is read', { retryAfterMs: 1_000 })
}

/** The first behind the id before it. */
async function productOf(send: SendQuery, id: string | undefined, signal: AbortSignal): Promise<Tree | undefined> {
  const number = globalId(id, 'Product')
  if (number === undefined) return undefined
  const query = `id:>${BigInt(number) - 1n}`
  const { data } = await send(productsQuery, { first: 1, query, sortKey: 'ID' }, signal)
  return pageIn(data, 'products')?.nodes.find((product) => textIn(product, 'id') === id)
}
