import { Components } from './pure/identity.ts'
import type { Held, Node } from './pure/project/plan.ts'

/** Where groups are read from. Each call sees at least everything that was written before it began. */
export type GroupSource<N> = {
  /** Documents that reach any of these nodes. */
  readonly reaching: (ids: readonly string[]) => Promise<readonly Held[]>
  /** Nodes with any of these ids or keys, and those of the keys that so many share that they say nothing. */
  readonly nodes: (of: Sought) => Promise<Found<N>>
  /** What a node must share with another to be connected with it. */
  readonly keysOf: (node: N) => readonly string[]
}
export type Sought = { readonly ids: readonly string[]; readonly keys: readonly string[] }
export type Found<N> = { readonly nodes: readonly N[]; readonly crowded: readonly string[] }

/** Nodes that are connected by evidence, or by documents that reach from one to another, and what evidence alone joins. */
export type Group<N> = {
  readonly merchantId: string
  readonly components: readonly (readonly N[])[]
  /** Keys that join nobody, because too many have them. */
  readonly crowded: ReadonlySet<string>
}
export type Groups<N> = { readonly groups: readonly Group<N>[]; readonly held: ReadonlyMap<string, Held> }

/**
 * Stands for a key among the nodes that a document reaches: documents that were made while a key joined those who have
 * it bear its mark. When so many have it that it joins nobody any more, they are found by it, and made anew.
 */
export const markOf = (key: string): string => `@${key}`

/**
 * The same of documents that were made when so many had the key that it joined nobody. Nobody is found by it; but when
 * one of them has the key no more, the others may be few enough to be joined, and are looked at together with it.
 */
export const crowdMarkOf = (key: string): string => `~${key}`

const isCrowdMark = (id: string): boolean => id.startsWith('~')
const isMark = (id: string): boolean => id.startsWith('@') || isCrowdMark(id)

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
  const crowdsOf = (node: N) => source.keysOf(node).filter((key) => crowded.has(key))

  /** Reads the documents around some nodes; returns the nodes of which nothing was read before. */
  async function readDocuments(ids: Iterable<string>): Promise<Set<string>> {
    const added = new Set<string>()
    let next = [...ids].filter((id) => !asked.has(id))
    while (next.length > 0) {
      for (const id of next) added.add(id)
      for (const id of next) asked.add(id)
      const documents = await source.reaching(next)
      for (const document of documents) held.set(document.id, document)
      const around = documents.flatMap(({ id, reach }) => [id, ...reach.filter((other) => !isMark(other))])
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
    const others = ids.filter((id) => !found.has(id) && !isMark(id))
    await read({ ids: others, keys: [] })
    // of others that were found, this is asked once their documents are known
    const own = [...found.values()].filter(({ id }) => asked.has(id))
    const more = own.flatMap(keysOf).filter((key) => !keys.has(key))
    await read({ ids: [], keys: [...new Set(more)] })
    for (const node of found.values()) nodes.set(node.id, node)
  }

  /** Keys of crowds, as far as they may count again, that a document was made in and its node has left. */
  function leftBy({ id, reach }: Held): string[] {
    const marks = reach.filter(isCrowdMark)
    if (marks.length === 0) return marks
    const node = nodes.get(id)
    const has = new Set((node === undefined ? [] : source.keysOf(node)).map(crowdMarkOf))
    return marks
      .filter((mark) => !has.has(mark))
      .map((mark) => mark.slice(1))
      .filter((key) => !crowded.has(key))
  }

  /** Reads who is left in crowds that some nodes have left. */
  async function readLeft(ids: ReadonlySet<string>): Promise<void> {
    const left = [...held.values()].filter(({ id }) => ids.has(id)).flatMap(leftBy)
    if (left.length > 0) await readNodes([], left)
  }

  /** Ids of nodes by what stands for their group. */
  function connected(): Map<string, string[]> {
    const components = linked(nodes.values(), keysOf)
    const reached = new Set<string>()
    for (const { id, reach } of held.values()) {
      // a mark of a crowd joins nobody by itself
      for (const other of reach) if (!isCrowdMark(other)) components.link(id, other)
      for (const other of reach) if (isMark(other)) reached.add(other)
    }
    const left = new Set<string>()
    for (const document of held.values()) {
      for (const key of leftBy(document)) {
        left.add(key)
        components.link(document.id, crowdMarkOf(key))
      }
    }
    for (const node of left.size === 0 ? [] : nodes.values()) {
      for (const key of keysOf(node)) if (left.has(key)) components.link(node.id, crowdMarkOf(key))
    }
    for (const node of nodes.values()) {
      for (const mark of crowdsOf(node).map(markOf)) if (reached.has(mark)) components.link(node.id, mark)
    }
    return Map.groupBy(asked, (id) => components.rootOf(id))
  }

  let added = await readDocuments(touched)
  for (let keys = hints; added.size > 0; keys = []) {
    const again = [...connected().values()].filter((group) => group.some((id) => added.has(id))).flat()
    await readNodes(again, keys)
    await readLeft(new Set(again))
    added = await readDocuments([...nodes.keys(), ...[...nodes.values()].flatMap(crowdsOf).map(markOf)])
  }
  const groups = [...connected().values()].flatMap((group): Group<N>[] => {
    const members = group.flatMap((id) => nodes.get(id) ?? [])
    const joined = linked(members, keysOf)
    const components = [...Map.groupBy(members, ({ id }) => joined.rootOf(id)).values()]
    const [first] = members
    return first === undefined ? [] : [{ merchantId: first.merchantId, components, crowded }]
  })
  return { groups, held }
}

function linked<N extends Node>(nodes: Iterable<N>, keysOf: (node: N) => readonly string[]): Components {
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
