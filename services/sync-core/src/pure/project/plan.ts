import { digestOf } from '../plain.ts'
import type { RecordState } from '../record.ts'
import { projectUser, type UserContent } from './user.ts'

/** What is known of a `users` document before it is written. */
export type HeldUser = {
  readonly id: string
  /** One more at every write: the guard. */
  readonly rev: number
  /** One more at every change of the content. */
  readonly version: number
  readonly digest: string
  readonly inputs: readonly Input[]
  /** Records that this document may concern. */
  readonly reach: readonly string[]
}

/** A record that a document was made from. */
export type Input = { readonly recordId: string; readonly version: number }

/** One guarded write: it applies only while the document's `rev` is `guard`, or while there is none. */
export type UserWrite = { readonly id: string; readonly guard: number | undefined } & (
  | { readonly what: 'document'; readonly document: UserDraft }
  /** Keeps the content, widens the reach, and empties the inputs: the document is behind until it is written anew. */
  | { readonly what: 'open'; readonly reach: readonly string[] }
)

export type UserDraft = {
  readonly merchantId: string
  readonly version: number
  readonly digest: string
  readonly content: UserContent
  readonly inputs: readonly Input[]
  readonly reach: readonly string[]
}

/** Writes that bring a group of documents up to date, in their order: each step only when the whole one before applied. */
export type Plan = {
  readonly ids: readonly string[]
  readonly first: UserWrite | undefined
  readonly others: readonly UserWrite[]
  readonly last: UserWrite
}

/**
 * How a group of records, connected by evidence or by documents that reach from one to another, is brought up to date;
 * undefined when all its documents are right. `components` are the persons in it. The order of the writes is what
 * project-users.ts needs for its guarantee.
 */
export function planGroup(
  components: readonly (readonly RecordState[])[],
  held: ReadonlyMap<string, HeldUser>,
): Plan | undefined {
  const records = components.flat()
  const ids = records.map(({ id }) => id).sort()
  const drafts = new Map(components.flatMap((members) => draftsOf(members, held)))
  if (ids.every((id) => isRight(held.get(id), drafts.get(id)))) return undefined

  const hub = hubOf(records, held) ?? ids[0] ?? ''
  const draft = drafts.get(hub)
  if (draft === undefined) return undefined
  const others = ids.filter((id) => id !== hub).flatMap((id) => documentOf(id, drafts.get(id), held.get(id)?.rev))
  const rev = held.get(hub)?.rev
  if (others.length === 0) return { ids, first: undefined, others, last: writeOf(hub, draft, rev) }
  const first: UserWrite =
    rev === undefined
      ? writeOf(hub, { ...draft, inputs: [], reach: ids }, undefined)
      : { id: hub, guard: rev, what: 'open', reach: ids }
  return { ids, first, others, last: writeOf(hub, draft, (rev ?? 0) + 1) }
}

function draftsOf(members: readonly RecordState[], held: ReadonlyMap<string, HeldUser>): [string, UserDraft][] {
  const inputs = members
    .map(({ id, version }) => ({ recordId: id, version }))
    .sort((one, other) => (one.recordId < other.recordId ? -1 : 1))
  const reach = inputs.map(({ recordId }) => recordId)
  const merchantId = members[0]?.merchantId ?? ''
  return [...projectUser(members)].map(([id, content]) => {
    const digest = digestOf(content)
    const before = held.get(id)
    const version = before === undefined ? 1 : before.digest === digest ? before.version : before.version + 1
    return [id, { merchantId, version, digest, content, inputs, reach }]
  })
}

const isRight = (held: HeldUser | undefined, draft: UserDraft | undefined): boolean =>
  held !== undefined &&
  draft !== undefined &&
  held.digest === draft.digest &&
  held.reach.length === draft.reach.length &&
  held.reach.every((id, at) => id === draft.reach[at]) &&
  held.inputs.length === draft.inputs.length &&
  held.inputs.every(({ recordId, version }, at) => {
    const input = draft.inputs[at]
    return input?.recordId === recordId && input.version === version
  })

/**
 * A document that does not know the newest version of its own record; one that exists rather than one to be made.
 * Undefined only where no record changed, but the way in which documents are made from them.
 */
function hubOf(records: readonly RecordState[], held: ReadonlyMap<string, HeldUser>): string | undefined {
  const behind = records.filter((record) => isBehind(record, held.get(record.id))).map(({ id }) => id)
  const [existing, absent] = [behind.filter((id) => held.has(id)), behind.filter((id) => !held.has(id))]
  return existing.sort()[0] ?? absent.sort()[0]
}

const isBehind = ({ id, version }: RecordState, held: HeldUser | undefined): boolean =>
  !held?.inputs.some((input) => input.recordId === id && input.version === version)

const writeOf = (id: string, document: UserDraft, guard: number | undefined): UserWrite => ({
  id,
  guard,
  what: 'document',
  document,
})

const documentOf = (id: string, draft: UserDraft | undefined, guard: number | undefined): UserWrite[] =>
  draft === undefined ? [] : [writeOf(id, draft, guard)]
