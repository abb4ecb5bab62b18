import { connections, type Owner, pageOf } from '../pure/admin-api/documents.ts'
import { pageIn, type Tree, textIn, treeIn } from '../pure/admin-api/tree.ts'
import { ApiUnavailable } from './api-failure.ts'
import type { SendQuery } from './send-query.ts'

/** Where pages begin; as far as the cost allows. */
const pageSize = 250

/** Whether a list of the object goes on after the page that is there. */
export const goesOn = (owner: Owner, tree: Tree): boolean =>
  Object.keys(connections[owner]).some((field) => pageIn(tree, field)?.next !== undefined)

/** The object with the rest of all its lists, read page by page. Rejects as `send`; one that is gone is `changing`. */
export async function completeLists(send: SendQuery, owner: Owner, tree: Tree, signal: AbortSignal): Promise<Tree> {
  const complete: Record<string, unknown> = { ...tree }
  for (const field of Object.keys(connections[owner])) {
    const first = pageIn(tree, field)
    if (first?.next === undefined) continue
    const query = pageOf(owner, field)
    if (query === undefined) continue
    const nodes = [...first.nodes]
    let after: string | undefined = first.next
    while (after !== undefined) {
      const { data } = await send(query, { id: textIn(tree, 'id'), first: pageSize, after }, signal)
      const page = pageIn(treeIn(data['node']), 'page')
      if (page === undefined) throw new ApiUnavailable('changing', `${owner} is gone while it is read`)
      nodes.push(...page.nodes)
      after = page.next
    }
    complete[field] = { nodes, pageInfo: { hasNextPage: false } }
  }
  return complete
}
