import { randomUUID } from 'node:crypto'
import type { Db, Document } from 'mongodb'
import { findInChunks } from './find-in-chunks.ts'
import type { DocumentWrite, Draft, Held, Input } from './pure/project/plan.ts'
import { type GuardedWrite, writeGuarded } from './write-guarded.ts'

export type CanonicalStore<C> = {
  /** What is known of the documents that reach any of these nodes. */
  reaching(ids: readonly string[]): Promise<Held[]>
  /** Applies each write whose guard still holds; returns the ids of the others. */
  write(writes: readonly DocumentWrite<C>[]): Promise<Set<string>>
  /** Ids of some documents that were made by an older policy than this one, in their order. */
  madeBefore(policy: number, options: { readonly limit: number }): Promise<string[]>
}

type Canonical = Document & {
  _id: string
  rev: number
  version: number
  /** Absent in what was made before there were policies. */
  policyVersion?: number
  inputs: Input[]
  projection: { reach: string[]; digest: string; savedBy: string }
}

/** Canonical documents of one collection; `stored` turns their content into what lies there. */
export function createCanonicalStore<C>(options: {
  readonly db: Db
  readonly collection: string
  readonly stored: (content: C) => Document
  readonly now?: () => Date
}): CanonicalStore<C> {
  const { db, collection, stored, now = () => new Date() } = options
  const documents = db.collection<Canonical>(collection)

  function toGuardedWrite(write: DocumentWrite<C>, syncedAt: Date, savedBy: string): GuardedWrite {
    const { id } = write
    const rev = (write.guard ?? 0) + 1
    const guard = write.guard === undefined ? undefined : { rev: write.guard }
    if (write.what === 'document')
      return { id, guard, document: toDocument(write.document, { rev, syncedAt, savedBy }) }
    const opened = { rev, inputs: [], 'projection.reach': write.reach, 'projection.savedBy': savedBy }
    return { id, guard, update: { $set: opened } }
  }

  function toDocument(
    { merchantId, version, policy, content, inputs, reach, digest }: Draft<C>,
    { rev, syncedAt, savedBy }: { rev: number; syncedAt: Date; savedBy: string },
  ): Document {
    return {
      ...{ merchantId, version, rev, policyVersion: policy, syncedAt },
      ...stored(content),
      inputs,
      projection: { reach, digest, savedBy },
    }
  }

  return {
    async reaching(ids) {
      const projection = { rev: 1, version: 1, policyVersion: 1, inputs: 1, projection: 1 }
      const found = await findInChunks(ids, (some) =>
        documents.find({ 'projection.reach': { $in: some } }, { projection }).toArray(),
      )
      return found.map(({ _id: id, rev, version, policyVersion, inputs, projection: { reach, digest } }) => ({
        ...{ id, rev, version, reach, digest },
        policy: policyVersion ?? 0,
        inputs: inputs.map(({ recordId, version: at }) => ({ recordId, version: at })),
      }))
    },

    async write(writes) {
      const savedBy = randomUUID()
      const syncedAt = now()
      const guarded = writes.map((write) => toGuardedWrite(write, syncedAt, savedBy))
      return writeGuarded(db.collection(collection), guarded, { path: 'projection.savedBy', text: savedBy })
    },

    async madeBefore(policy, { limit }) {
      const older = { $or: [{ policyVersion: { $lt: policy } }, { policyVersion: { $exists: false } }] }
      const found = await documents
        .find(older, { projection: { _id: 1 } })
        .sort({ _id: 1 })
        .limit(limit)
        .toArray()
      return found.map(({ _id }) => _id)
    },
  }
}
