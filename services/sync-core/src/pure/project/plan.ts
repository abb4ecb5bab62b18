import { type Change, changeOf } from '../change/change.ts'
import { digestOf, type Plain, type PlainObject } from '../plain.ts'
import { concerning, type DecisionAbout } from '../policy/decide.ts'

/** A record, or a part of one, that has a canonical document under its own id. */
export type Node = {
  readonly id: string
  readonly merchantId: string
  /** Of its record: one more at every save. */
  readonly version: number
  /** Stands for what else it is made of, where it is made of anything else. */
  readonly beside?: string | undefined
  /** Until when (ms) what was said of it is erased, where any of it is. */
  readonly erasedAt?: number | undefined
}

/** What is known of a canonical document before it is written. */
export type Held = {
  readonly id: string
  /** One more at every write: the guard. */
  readonly rev: number
  /** One more at every change of the content. */
  readonly version: number
  /** Version of the policy that it was made by. */
  readonly policy: number
  readonly digest: string
  readonly inputs: readonly Input[]
  /** Nodes that this document may concern. */
  readonly reach: readonly string[]
  readonly merchantId: string
  /** Operators' decisions that it was made with. */
  readonly decisions: readonly string[]
  /** Its changes that may not have been told yet, oldest first. */
  readonly pending: readonly Change[]
  /** What it says. */
  readonly image: () => PlainObject
}

/** A node that a document was made from. */
export type Input = { readonly recordId: string; readonly version: number; readonly beside?: string }

/** One guarded write: it applies only while the document's `rev` is `guard`, or while there is none. */
export type DocumentWrite<C> = { readonly id: string; readonly guard: number | undefined } & (
  | { readonly what: 'document'; readonly document: Draft<C> }
  /** Keeps the content, widens the reach, and empties the inputs: the document is behind until it is written anew. */
  | { readonly what: 'open'; readonly reach: readonly string[] }
)

export type Draft<C> = {
  readonly merchantId: string
  readonly version: number
  readonly policy: number
  readonly digest: string
  readonly content: C
  readonly inputs: readonly Input[]
  readonly reach: readonly string[]
  readonly decisions: readonly string[]
  /** What was pending, and what this write changes: they are stored in one write, so that no change is ever lost. */
  readonly pending: readonly Change[]
  readonly image: () => PlainObject
}

/** Writes that bring a group of documents up to date, in their order: each step only when the whole one before applied. */
export type Plan<C> = {
  readonly ids: readonly string[]
  readonly first: DocumentWrite<C> | undefined
  readonly others: readonly DocumentWrite<C>[]
  readonly last: DocumentWrite<C>
}

/** How the documents of connected nodes are made: one for each node, by its id. */
export type Making<N, C> = {
  readonly policy: number
  readonly make: (
    nodes: readonly N[],
    decisions: readonly DecisionAbout[],
    crowded: ReadonlySet<string>,
  ) => ReadonlyMap<string, C>
  /** Of nodes that are made together, what else their documents reach, so that they are found by it. */
  readonly marks?: (nodes: readonly N[], crowded: ReadonlySet<string>) => readonly string[]
  /** Where the documents lie. */
  readonly collection: string
  /** What the document of some content says. */
  readonly image: (content: C) => PlainObject
  /** When it is made, ms. */
  readonly at: number
}

/**
 * How a group of nodes, connected by evidence or by documents that reach from one to another, is brought up to date;
 * undefined when all its documents are right. `components` are those connected by evidence. The order of the writes is
 * what project-documents.ts needs for its guarantee.
 */
export function planGroup<N extends Node, C extends Plain>(
  components: readonly (readonly N[])[],
  held: ReadonlyMap<string, Held>,
  making: Making<N, C>,
  decisions: readonly DecisionAbout[] = [],
  crowded: ReadonlySet<string> = new Set(),
): Plan<C> | undefined {
  const nodes = components.flat()
  const erased = nodes.filter(({ erasedAt }) => erasedAt !== undefined)
  const ids = nodes.map(({ id }) => id).sort()
  const drafts = new Map(
    components.flatMap((members) =>
      draftsOf(members, held, making, { decided: concerning(decisions, members), crowded, erased }),
    ),
  )
  if (ids.every((id) => isRight(held.get(id), drafts.get(id)))) return undefined

  const hub = hubOf(nodes, held) ?? ids[0] ?? ''
  const draft = drafts.get(hub)
  if (draft === undefined) return undefined
  const others = ids.filter((id) => id !== hub).flatMap((id) => documentOf(id, drafts.get(id), held.get(id)?.rev))
  const rev = held.get(hub)?.rev
  if (others.length === 0) return { ids, first: undefined, others, last: writeOf(hub, draft, rev) }
  const reach = [...new Set([...ids, ...[...drafts.values()].flatMap((each) => each.reach)])].sort()
  const first: DocumentWrite<C> =
    rev === undefined
      ? writeOf(hub, { ...draft, inputs: [], reach }, undefined)
      : { id: hub, guard: rev, what: 'open', reach }
  return { ids, first, others, last: writeOf(hub, draft, (rev ?? 0) + 1) }
}

function draftsOf<N extends Node, C extends Plain>(
  members: readonly N[],
  held: ReadonlyMap<string, Held>,
  { policy, make, marks, collection, image: imageOf, at }: Making<N, C>,
  {
    decided,
    crowded,
    erased,
  }: {
    readonly decided: readonly DecisionAbout[]
    readonly crowded: ReadonlySet<string>
    /** Nodes of the group of which anything is erased. */
    readonly erased: readonly Node[]
  },
): [string, Draft<C>][] {
  const inputs = members.map(inputOf).sort((one, other) => (one.recordId < other.recordId ? -1 : 1))
  const reach = [...inputs.map(({ recordId }) => recordId), ...(marks?.(members, crowded) ?? [])].sort()
  const merchantId = members[0]?.merchantId ?? ''
  const decisions = decided.map(({ id }) => id).sort()
  return [...make(members, decided, crowded)].map(([id, content]) => {
    const digest = digestOf(content)
    const before = held.get(id)
    const draft = { merchantId, policy, digest, content, inputs, reach, decisions, image: once(() => imageOf(content)) }
    const rests = erased.some((node) => mayRestOnErased(before, node))
    const pending = rests ? (before?.pending ?? []).map(withoutFrom) : (before?.pending ?? [])
    if (before?.digest === digest) return [id, { ...draft, version: before.version, pending }]
    const version = (before?.version ?? 0) + 1
    const change = changeOf(before?.image(), draft.image(), { collection, version, at })
    return [id, { ...draft, version, pending: [...pending, rests ? withoutFrom(change) : change] }]
  })
}

/** Whether a document may hold what is erased: it was made of the node, but of another version than this one. */
const mayRestOnErased = (held: Held | undefined, { id, version }: Node): boolean =>
  held?.reach.includes(id) === true && !held.inputs.some((input) => input.recordId === id && input.version === version)

const withoutFrom = (change: Change): Change => ({ ...change, from: null })

/** Most documents that are held are never looked into. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

const isRight = <C>(held: Held | undefined, draft: Draft<C> | undefined): boolean =>
  held !== undefined &&
  draft !== undefined &&
  held.digest === draft.digest &&
  held.policy === draft.policy &&
  held.decisions.length === draft.decisions.length &&
  held.decisions.every((id, at) => id === draft.decisions[at]) &&
  held.reach.length === draft.reach.length &&
  held.reach.every((id, at) => id === draft.reach[at]) &&
  held.inputs.length === draft.inputs.length &&
  held.inputs.every((input, at) => isSameInput(input, draft.inputs[at]))

/**
 * A document that does not know the newest version of its own record; one that exists rather than one to be made.
 * Undefined only where no record changed, but the way in which documents are made from them.
 */
function hubOf(nodes: readonly Node[], held: ReadonlyMap<string, Held>): string | undefined {
  const behind = nodes.filter((node) => isBehind(node, held.get(node.id))).map(({ id }) => id)
  const [existing, absent] = [behind.filter((id) => held.has(id)), behind.filter((id) => !held.has(id))]
  return existing.sort()[0] ?? absent.sort()[0]
}

const isBehind = (node: Node, held: Held | undefined): boolean =>
  !held?.inputs.some((input) => isSameInput(input, inputOf(node)))

const inputOf = ({ id: recordId, version, beside }: Node): Input => ({
  ...{ recordId, version },
  ...(beside === undefined ? {} : { beside }),
})

const isSameInput = (one: Input, other: Input | undefined): boolean =>
  one.recordId === other?.recordId && one.version === other.version && one.beside === other.beside

const writeOf = <C>(id: string, document: Draft<C>, guard: number | undefined): DocumentWrite<C> => ({
  id,
  guard,
  what: 'document',
  document,
})

const documentOf = <C>(id: string, draft: Draft<C> | undefined, guard: number | undefined): DocumentWrite<C>[] =>
  draft === undefined ? [] : [writeOf(id, draft, guard)]
