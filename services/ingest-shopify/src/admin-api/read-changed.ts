import type { Query } from '../pure/admin-api/documents.ts'
import { pageIn, type Tree, textIn } from '../pure/admin-api/tree.ts'
import { ApiUnavailable } from './api-failure.ts'
import type { SendQuery } from './send-query.ts'

/** As far as the cost allows. */
const pageSize = 25
/** Shopify gives 25,000 objects of one path of pages; before that a new path begins at the last time. */
const objectsOfOnePath = 20_000

/** Some of what changed, in the order of the changes. */
export type ChangedPage = { readonly nodes: readonly Tree[]; readonly at: number }

/**
 * All of a list that changed at or after `since` (epoch ms; without it all there is), the longest ago first. What changes
 * while it is read moves to the end and is met again. Rejects as `send`.
 */
export async function* readChanged(
  send: SendQuery,
  list: { readonly query: Query; readonly field: string },
  of: { readonly since: number | undefined; readonly signal: AbortSignal; readonly most?: number | undefined },
): AsyncGenerator<ChangedPage> {
  const { signal, most = objectsOfOnePath } = of
  let since = of.since === undefined ? undefined : toSecond(of.since)
  let after: string | undefined
  let onThisPath = 0
  for (;;) {
    const query = since && `updated_at:>='${since}'`
    const { data, at } = await send(list.query, { first: pageSize, after, query, sortKey: 'UPDATED_AT' }, signal)
    const page = pageIn(data, list.field)
    if (page === undefined) throw new ApiUnavailable('unreadable', `an answer without ${list.field}`)
    yield { nodes: page.nodes, at }
    if (page.next === undefined) return
    after = page.next
    onThisPath += page.nodes.length
    if (onThisPath + pageSize <= most) continue
    const last = textIn(page.nodes.at(-1), 'updatedAt')
    // A bulk edit stamped all of them: the reading of the whole catalogue does not go by time.
    if (last === undefined || last === since) throw new ApiUnavailable('changing', 'too much changed in one second')
    since = last
    after = undefined
    onThisPath = 0
  }
}

/** As searches name a time. */
export const toSecond = (at: number): string => `${new Date(Math.max(0, at)).toISOString().slice(0, 19)}Z`
