import { changedLevelsQuery, locationsQuery, type Query } from '../pure/admin-api/documents.ts'
import { type Page, pageIn, type Tree, textIn, treeIn } from '../pure/admin-api/tree.ts'
import { ApiUnavailable } from './api-failure.ts'
import { toSecond } from './read-changed.ts'
import type { SendQuery } from './send-query.ts'

/** As far as the cost allows. */
const pageSize = 100

/** Levels that changed at or after `since` (epoch ms), location by location. Rejects as `send`. */
export async function* readLevels(
  send: SendQuery,
  since: number,
  signal: AbortSignal,
): AsyncGenerator<{ readonly location: string; readonly levels: readonly Tree[]; readonly at: number }> {
  const locations: string[] = []
  for await (const { nodes } of pagesOf(send, locationsQuery, {}, (data) => pageIn(data, 'locations'), signal)) {
    locations.push(...nodes.map((node) => textIn(node, 'id')).filter((id) => id !== undefined))
  }
  const query = `updated_at:>='${toSecond(since)}'`
  for (const location of locations) {
    const levelsIn = (data: Tree) => pageIn(treeIn(data['node']), 'inventoryLevels')
    for await (const { nodes, at } of pagesOf(send, changedLevelsQuery, { id: location, query }, levelsIn, signal)) {
      yield { location, levels: nodes, at }
    }
  }
}

async function* pagesOf(
  send: SendQuery,
  query: Query,
  variables: Readonly<Record<string, string>>,
  find: (data: Tree) => Page | undefined,
  signal: AbortSignal,
): AsyncGenerator<{ readonly nodes: readonly Tree[]; readonly at: number }> {
  let after: string | undefined
  do {
    const { data, at } = await send(query, { ...variables, first: pageSize, after }, signal)
    const page = find(data)
    if (page === undefined) throw new ApiUnavailable('unreadable', `no list for ${query.name}`)
    yield { nodes: page.nodes, at }
    after = page.next
  } while (after !== undefined)
}
