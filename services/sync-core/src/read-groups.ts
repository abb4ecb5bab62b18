import { Components } from './pure/identity.ts'
import type { Held, Node } from './pure/project/plan.ts'

/** Where groups are read from. Each call sees at least everything that was written before it began. */
export type GroupSource<N> = {
  /** Documents that reach any of these nodes. */
  readonly reaching: (ids: readonly string[]) => Promise<readonly Held[]>
  /** Nodes with any of these ids or keys, and those of the keys that so many share that they say nothing. */
  readonly nodes: (of: { readonly ids: readonly string[]; readonly keys: readonly string[] }) => Promise<Found<N>>
  /** What a node must share with another to be connected with it. */
  readonly keysOf: (node: N) => readonly string[]
}
export type Found<N> = { readonly nodes: readonly N[]; readonly crowded: readonly string[] }

/** Nodes that are connected by evidence, or by documents that reach from one to another, and what evidence alone joins. */
export type Group<N> = { readonly merchantId: string; readonly components: readonly (readonly N[])[] }
export type Groups<N> = { readonly groups: readonly Group<N>[]; readonly held: ReadonlyMap<string, Held> }

/**
 * Reads the groups of some nodes, whole: whatever reaches them or is reached from them, and whoever shares a key. Of
 * every group all documents (and so their guards) were read before its nodes were: who wrote a document later than this
 * read saw nodes at least as new. `hints` are keys worth asking for at once.
 */
export async function readGroups<N extends Node>(
  source: GroupSource<N>,
  touched: readonly string[],
  hints: readonly string[] = [],
): Promise<Groups<N>> {
  const held = new Map<string, Held>()
  const nodes = new Map<string, N>()
  const crowded = new Set<string>()
  const asked = new Set<string>()
  const keysOf = (node: N | undefined) =>
    node === undefined ? [] : source.keysOf(node).filter((key) => !crowded.has(key))

  /** Reads the documents around some nodes; returns the nodes of which nothing was read before. */
  async function readDocuments(ids: Iterable<string>): Promise<Set<string>> {
    const added = new Set<string>()
    let next = [...ids].filter((id) => !asked.has(id))
    while (next.length > 0) {
      for (const id of next) added.add(id)
      for (const id of next) asked.add(id)
      const documents = await source.reaching(next)
      for (const document of documents) held.set(document.id, document)
      const around = documents.flatMap(({ id, reach }) => [id, ...reach])
      next = [...new Set(around)].filter((id) => !asked.has(id))
    }
    return added
  }

  /** Reads nodes and whoever shares a key with them; nearly all are found by the keys they are known to have. */
  async function readNodes(ids: readonly string[], hinted: readonly string[]): Promise<void> {
    const keys = new Set([...hinted, ...ids.flatMap((id) => keysOf(nodes.get(id)))])
    const found = new Map<string, N>()
    const read = async (of: { ids: readonly string[]; keys: readonly string[] }) => {
      if (of.ids.length + of.keys.length === 0) return
      const answer = await source.nodes(of)
      for (const node of answer.nodes) found.set(node.id, node)
      for (const key of answer.crowded) crowded.add(key)
    }
    await read({ ids: [], keys: [...keys] })
    const others = ids.filter((id) => !found.has(id))
    await read({ ids: others, keys: [] })
    const more = others.flatMap((id) => keysOf(found.get(id))).filter((key) => !keys.has(key))
    await read({ ids: [], keys: [...new Set(more)] })
    for (const node of found.values()) nodes.set(node.id, node)
  }

  let added = await readDocuments(touched)
  for (let keys = hints; added.size > 0; keys = []) {
    const again = [...connected(held, nodes, asked, keysOf).values()]
      .filter((group) => group.some((id) => added.has(id)))
      .flat()
    await readNodes(again, keys)
    added = await readDocuments(nodes.keys())
  }
  return { groups: intoGroups(held, nodes, asked, keysOf), held }
}

type KeysOf<N> = (node: N) => readonly string[]

/** Ids of nodes by what stands for their group. */
function connected<N extends Node>(
  held: ReadonlyMap<string, Held>,
  nodes: ReadonlyMap<string, N>,
  ids: Iterable<string>,
  keysOf: KeysOf<N>,
): Map<string, string[]> {
  const components = linked(nodes.values(), keysOf)
  for (const { id, reach } of held.values()) for (const other of reach) components.link(id, other)
  return Map.groupBy(ids, (id) => components.rootOf(id))
}

function linked<N extends Node>(nodes: Iterable<N>, keysOf: KeysOf<N>): Components {
  const components = new Components()
  const first = new Map<string, string>()
  for (const node of nodes) {
    components.add(node.id)
    for (const key of keysOf(node)) {
      const other = first.get(key)
      if (other === undefined) first.set(key, node.id)
      else components.link(node.id, other)
    }
  }
  return components
}

function intoGroups<N extends Node>(
  held: ReadonlyMap<string, Held>,
  nodes: ReadonlyMap<string, N>,
  ids: Iterable<string>,
  keysOf: KeysOf<N>,
): Group<N>[] {
  return [...connected(held, nodes, ids, keysOf).values()].flatMap((group) => {
    const members = group.flatMap((id) => nodes.get(id) ?? [])
    const joined = linked(members, keysOf)
    const components = [...Map.groupBy(members, ({ id }) => joined.rootOf(id)).values()]
    const [first] = members
    return first === undefined ? [] : [{ merchantId: first.merchantId, components }]
  })
}
