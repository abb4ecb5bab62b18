import { mostParts, orderPartsQuery, orderQuery, updatedAtQuery } from '../pure/admin-api/documents.ts'
import type { WholeOrder } from '../pure/admin-api/translate-answer.ts'
import { type Tree, textIn, treeIn, treesIn } from '../pure/admin-api/tree.ts'
import { ApiUnavailable } from './api-failure.ts'
import { completeLists, goesOn } from './complete-lists.ts'
import type { SendQuery } from './send-query.ts'

/** Lines with the order, and parts with each of its parts: most orders need no more. */
const firstLines = 20
const firstParts = 10
const partsAtOnce = 10
/** An order that changes so often while it is read is left for later. */
const mostTries = 3

/** The order with all that belongs to it, as of one `updatedAt`; undefined when the store shows none under this id. */
export async function readOrder(
  send: SendQuery,
  id: string,
  signal: AbortSignal,
): Promise<{ readonly whole: WholeOrder; readonly at: number } | undefined> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const { data, at } = await send(orderQuery, { id, first: firstLines }, signal)
    const order = treeIn(data['order'])
    if (order === undefined) return undefined
    const ids = [...partIds(order, 'refunds'), ...partIds(order, 'fulfillments')]
    const inOne = ids.length === 0 && !goesOn('Order', order)
    const parts = await readParts(send, ids, signal)
    const complete = await completeLists(send, 'Order', order, signal)
    if (inOne || (await isStill(send, complete, signal))) return { whole: assembled(complete, parts), at }
  }
  throw new ApiUnavailable('changing', 'the order changes while it is read', { retryAfterMs: 1_000 })
}

/** Whether the object last changed when it says; several answers then told of one state. To the second, as Shopify. */
export async function isStill(send: SendQuery, tree: Tree, signal: AbortSignal): Promise<boolean> {
  const { data } = await send(updatedAtQuery, { id: textIn(tree, 'id') }, signal)
  return textIn(treeIn(data['node']), 'updatedAt') === textIn(tree, 'updatedAt')
}

const partIds = (order: Tree, field: string): string[] =>
  treesIn(order[field])
    .map((part) => textIn(part, 'id'))
    .filter((id) => id !== undefined)

async function readParts(send: SendQuery, ids: readonly string[], signal: AbortSignal): Promise<Map<string, Tree>> {
  const parts = new Map<string, Tree>()
  for (let from = 0; from < ids.length; from += partsAtOnce) {
    const some = ids.slice(from, from + partsAtOnce)
    const { data } = await send(orderPartsQuery, { ids: some, first: firstParts }, signal)
    for (const part of treesIn(data['nodes'])) {
      const id = textIn(part, 'id') ?? ''
      const owner = id.startsWith('gid://shopify/Refund/') ? 'Refund' : 'Fulfillment'
      parts.set(id, await completeLists(send, owner, part, signal))
    }
  }
  return parts
}

function assembled(order: Tree, parts: ReadonlyMap<string, Tree>): WholeOrder {
  const all = (field: string): Tree[] | undefined => {
    const ids = partIds(order, field)
    const found = ids.map((id) => parts.get(id)).filter((part) => part !== undefined)
    // As many as were asked for may be more, and one that is gone was there: neither is all there is.
    return ids.length < mostParts && found.length === ids.length ? found : undefined
  }
  return { order, refunds: all('refunds'), fulfilments: all('fulfillments') }
}
