import { randomUUID } from 'node:crypto'
import type { Db, Document } from 'mongodb'
import type { Unpublished } from './changes/publish-changes.ts'
import { decimalForm } from './decimal-form.ts'
import { findInChunks } from './find-in-chunks.ts'
import type { Change } from './pure/change/change.ts'
import { imageOf } from './pure/change/image.ts'
import type { Forms } from './pure/form.ts'
import type { PlainObject } from './pure/plain.ts'
import type { DocumentWrite, Draft, Held, Input } from './pure/project/plan.ts'
import { crowdMarkOf } from './read-groups.ts'
import { type GuardedWrite, writeGuarded } from './write-guarded.ts'

export type CanonicalStore<C> = {
  /** What is known of the documents that reach any of these nodes. */
  reaching(ids: readonly string[]): Promise<Held[]>
  /** Applies each write whose guard still holds; returns the ids of the others. */
  write(writes: readonly DocumentWrite<C>[]): Promise<Set<string>>
  /** Ids of some documents that were made by an older policy than this one, in their order. */
  madeBefore(policy: number, options: { readonly limit: number }): Promise<string[]>
  /** Ids of documents: one of each crowd that any were made in. */
  crowded(): Promise<string[]>
  /** What the document of some content says. */
  image(content: C): PlainObject
  /** Some documents with changes from before a time (ms) that may not have been told. */
  unpublished(options: { readonly before: number; readonly limit: number }): Promise<Unpublished[]>
  /** Takes the changes out of those documents that still have that guard. */
  clear(documents: readonly { readonly id: string; readonly rev: number }[]): Promise<void>
}

type Canonical = Document & {
  _id: string
  rev: number
  version: number
  /** Absent in what was made before there were policies. */
  policyVersion?: number
  merchantId: string
  inputs: Input[]
  /** Absent where there are none, as the next. */
  decisions?: string[]
  pending?: (Omit<Change, 'at'> & { readonly at: Date })[]
  projection: { reach: string[]; digest: string; savedBy: string }
}

/** Canonical documents of one collection; `stored` turns their content into what lies there. */
export function createCanonicalStore<C>(options: {
  readonly db: Db
  readonly collection: string
  readonly stored: (content: C) => Document
  /** Forms of the fields that documents show. */
  readonly forms: Forms
  readonly now?: () => Date
}): CanonicalStore<C> {
  const { db, collection, stored, forms, now = () => new Date() } = options
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
    { merchantId, version, policy, content, inputs, reach, digest, decisions, pending }: Draft<C>,
    { rev, syncedAt, savedBy }: { rev: number; syncedAt: Date; savedBy: string },
  ): Document {
    return {
      ...{ merchantId, version, rev, policyVersion: policy, syncedAt },
      ...stored(content),
      inputs,
      ...(decisions.length === 0 ? {} : { decisions }),
      ...(pending.length === 0
        ? {}
        : { pending: pending.map(({ at, ...change }) => ({ ...change, at: new Date(at) })) }),
      projection: { reach, digest, savedBy },
    }
  }

  const toUnpublished = (document: Canonical): Unpublished => ({
    ...{ id: document._id, merchantId: document.merchantId, version: document.version, rev: document.rev },
    pending: document.pending?.map(({ at, ...change }) => ({ ...change, at: at.getTime() })) ?? [],
    image: () => imageOf(document, forms, decimalForm),
  })

  return {
    async reaching(ids) {
      const found = await findInChunks(ids, (some) => documents.find({ 'projection.reach': { $in: some } }).toArray())
      return found.map((document) => ({
        ...toUnpublished(document),
        ...{ reach: document.projection.reach, digest: document.projection.digest },
        policy: document.policyVersion ?? 0,
        decisions: document.decisions ?? [],
        inputs: document.inputs.map(({ recordId, version, beside }) => ({
          ...{ recordId, version },
          ...(beside === undefined ? {} : { beside }),
        })),
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

    async crowded() {
      const first = crowdMarkOf('')
      const inCrowd = { 'projection.reach': { $gte: first } }
      const reaching = documents.find(inCrowd, { projection: { 'projection.reach': 1 } })
      const found = new Map<string, string>()
      for await (const { _id, projection } of reaching) {
        for (const mark of projection.reach) if (mark.startsWith(first)) found.set(mark, _id)
      }
      return [...new Set(found.values())]
    },

    image: (content) => imageOf(stored(content), forms, decimalForm),

    async unpublished({ before, limit }) {
      const older = { 'pending.at': { $lt: new Date(before) } }
      return (await documents.find(older).limit(limit).toArray()).map(toUnpublished)
    },

    async clear(told) {
      if (told.length === 0) return
      const updates = told.map(({ id, rev }) => ({
        updateOne: { filter: { _id: id, rev }, update: { $unset: { pending: true } } },
      }))
      await documents.bulkWrite(updates, { ordered: false })
    },
  }
}
