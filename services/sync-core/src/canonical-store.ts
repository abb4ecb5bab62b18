import { randomUUID } from 'node:crypto'
import type { Db, Document } from 'mongodb'
import { findInChunks } from './find-in-chunks.ts'
import type { HeldUser, Input, UserDraft, UserWrite } from './pure/project/plan.ts'
import type { LiveUser, UserContent } from './pure/project/user.ts'
import { type GuardedWrite, writeGuarded } from './write-guarded.ts'

export type CanonicalStore = {
  /** What is known of the `users` documents that reach any of these customer records. */
  reaching(recordIds: readonly string[]): Promise<HeldUser[]>
  /** Applies each write whose guard still holds; returns the ids of the others. */
  write(writes: readonly UserWrite[]): Promise<Set<string>>
}

type UserDocument = Document & {
  _id: string
  rev: number
  version: number
  inputs: Input[]
  projection: { reach: string[]; digest: string; savedBy: string }
}

/** Canonical documents: `users`. */
export function createCanonicalStore(db: Db, now: () => Date = () => new Date()): CanonicalStore {
  const users = db.collection<UserDocument>('users')

  return {
    async reaching(recordIds) {
      const projection = { rev: 1, version: 1, inputs: 1, projection: 1 }
      const found = await findInChunks(recordIds, (some) =>
        users.find({ 'projection.reach': { $in: some } }, { projection }).toArray(),
      )
      return found.map(({ _id: id, rev, version, inputs, projection: { reach, digest } }) => ({
        id,
        rev,
        version,
        inputs: inputs.map(({ recordId, version: at }) => ({ recordId, version: at })),
        reach,
        digest,
      }))
    },

    async write(writes) {
      const savedBy = randomUUID()
      const syncedAt = now()
      const guarded = writes.map((write) => toGuardedWrite(write, syncedAt, savedBy))
      return writeGuarded(db.collection('users'), guarded, {
        path: 'projection.savedBy',
        text: savedBy,
      })
    },
  }
}

function toGuardedWrite(write: UserWrite, syncedAt: Date, savedBy: string): GuardedWrite {
  const { id } = write
  const rev = (write.guard ?? 0) + 1
  const guard = write.guard === undefined ? undefined : { rev: write.guard }
  if (write.what === 'document') return { id, guard, document: toDocument(write.document, { rev, syncedAt, savedBy }) }
  const opened = { rev, inputs: [], 'projection.reach': write.reach, 'projection.savedBy': savedBy }
  return { id, guard, update: { $set: opened } }
}

function toDocument(
  { merchantId, version, content, inputs, reach, digest }: UserDraft,
  { rev, syncedAt, savedBy }: { rev: number; syncedAt: Date; savedBy: string },
): Document {
  return {
    merchantId,
    version,
    rev,
    syncedAt,
    ...contentOf(content),
    inputs,
    projection: { reach, digest, savedBy },
  }
}

const contentOf = (content: UserContent): Document =>
  'redirectTo' in content ? { redirectTo: content.redirectTo } : personOf(content)

const dateOf = (ms: number | null): Date | null => (ms === null ? null : new Date(ms))

function personOf({ deleted, deletedAt, createdAt, values, platforms, members, provenance }: LiveUser): Document {
  return {
    deleted,
    ...(deletedAt === null ? {} : { deletedAt: dateOf(deletedAt) }),
    createdAt: dateOf(createdAt),
    ...values,
    platforms: Object.fromEntries(
      Object.entries(platforms).map(([platform, accounts]) => [
        platform,
        accounts.map((account) => ({ ...account, createdAt: dateOf(account.createdAt) })),
      ]),
    ),
    faceAnalysisData: null,
    preferences: {},
    aiSessions: [],
    members,
    provenance: Object.fromEntries(
      Object.entries(provenance).map(([field, { record, since, rule }]) => [
        field,
        { record, since: new Date(since), rule },
      ]),
    ),
  }
}
