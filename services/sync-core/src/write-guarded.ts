import { type AnyBulkWriteOperation, type Collection, type Document, MongoBulkWriteError } from 'mongodb'
import { findInChunks } from './find-in-chunks.ts'

/** One document's write: it applies only while the guard holds, or, without one, while there is no such document. */
export type GuardedWrite = {
  readonly id: string
  readonly guard: Document | undefined
  /** The whole document (with its id or without), or an update of the one that is there. */
  readonly document?: Document
  readonly update?: Document
}

type Stored = Document & { _id: string }

/**
 * Sends writes as one unordered bulk; returns the ids of those that did not apply. `mark` finds a text that every
 * write of this call, and no other, leaves in its document: a bulk tells how many writes applied, not which.
 * Throws when the database is away.
 */
export async function writeGuarded(
  collection: Collection<Stored>,
  writes: readonly GuardedWrite[],
  mark: { readonly path: string; readonly text: string },
): Promise<Set<string>> {
  if (writes.length === 0) return new Set()
  const { matched, duplicates } = await send(collection, writes.map(operationOf))
  const taken = new Set(duplicates.flatMap((at) => writes[at]?.id ?? []))
  const guarded = writes.filter(({ guard }) => guard !== undefined)
  if (matched === guarded.length) return taken
  const ids = guarded.map(({ id }) => id)
  const applied = await findInChunks(ids, (some) =>
    collection
      .find({ _id: { $in: some }, [mark.path]: mark.text }, { projection: { _id: 1 } })
      .map(({ _id }) => _id)
      .toArray(),
  )
  const ours = new Set(applied)
  return new Set([...taken, ...ids.filter((id) => !ours.has(id))])
}

function operationOf({ id, guard, document, update }: GuardedWrite): AnyBulkWriteOperation<Stored> {
  if (update !== undefined) return { updateOne: { filter: { ...guard, _id: id }, update } }
  const whole = hasId(document) ? document : { ...document, _id: id }
  return guard === undefined
    ? { insertOne: { document: whole } }
    : { replaceOne: { filter: { ...guard, _id: id }, replacement: whole } }
}

const hasId = (document: Document | undefined): document is Stored => document !== undefined && '_id' in document

async function send(
  collection: Collection<Stored>,
  operations: AnyBulkWriteOperation<Stored>[],
): Promise<{ matched: number; duplicates: number[] }> {
  try {
    const { matchedCount } = await collection.bulkWrite(operations, { ordered: false })
    return { matched: matchedCount, duplicates: [] }
  } catch (error) {
    if (!(error instanceof MongoBulkWriteError) || error.result.getWriteConcernError() !== undefined) throw error
    const errors = error.result.getWriteErrors()
    if (errors.some(({ code }) => code !== 11_000)) throw error
    return { matched: error.matchedCount, duplicates: errors.map(({ index }) => index) }
  }
}
