import { randomUUID } from 'node:crypto'
import type { Db } from 'mongodb'
import { findInChunks } from '../find-in-chunks.ts'
import type { Entry } from '../pure/conflict/review.ts'
import { isPlainObject, type Plain, type PlainObject, textOf, toPlainObject } from '../pure/plain.ts'
import { writeGuarded } from '../write-guarded.ts'

/** All disagreements that a canonical document has, and had. */
export type Reviewed = {
  /** `collection|document id`. */
  readonly id: string
  readonly merchantId: string
  /** The document's version that they are of. */
  readonly documentVersion: number
  readonly entries: readonly Entry[]
}

export type ConflictStore = {
  load(ids: readonly string[]): Promise<Map<string, Reviewed>>
  /** Saves each onto the version that it was made from (none: it is new); returns the ids of those that are not. */
  save(all: readonly { readonly reviewed: Reviewed; readonly before: number | undefined }[]): Promise<Set<string>>
  /** Takes out what these records stated until a time (ms), wherever it is listed, and what was said of their documents. */
  forget(records: readonly string[], until: number): Promise<void>
}

type StoredEntry = Omit<Entry, 'since' | 'openedAt' | 'changedAt' | 'closed' | 'sides'> & {
  readonly since: Date
  readonly openedAt: Date
  readonly changedAt: Date
  readonly closed?: { readonly at: Date; readonly because: 'agreed' | 'redirected' | 'deleted' }
  /** Values as JSON text: shops name members of some, with dots and dollars. */
  readonly sides: readonly (Readonly<Record<string, unknown>> & { readonly values: string })[]
}
type Stored = {
  _id: string
  merchantId: string
  collection: string
  documentId: string
  documentVersion: number
  entries: StoredEntry[]
  savedBy: string
}

/**
 * The queue of conflicts: a document for each canonical document that ever had any, with an entry for each group of
 * fields. One write replaces them all, so that no two versions of the canonical document are ever mixed.
 */
export function createConflictStore(db: Db): ConflictStore {
  const conflicts = db.collection<Stored>('conflicts')
  const load = async (ids: readonly string[]) => {
    const found = await findInChunks(ids, (some) => conflicts.find({ _id: { $in: some } }).toArray())
    return new Map(found.map((stored) => [stored._id, toReviewed(stored)]))
  }
  const save: ConflictStore['save'] = async (all) => {
    const savedBy = randomUUID()
    const writes = all.map(({ reviewed, before }) => {
      const { id, merchantId, documentVersion, entries } = reviewed
      const [collection, ...rest] = id.split('|')
      const document = { merchantId, collection, documentId: rest.join('|'), documentVersion, savedBy }
      return {
        id,
        guard: before === undefined ? undefined : { documentVersion: before },
        document: { ...document, entries: entries.map(toStored) },
      }
    })
    return writeGuarded(db.collection('conflicts'), writes, { path: 'savedBy', text: savedBy })
  }
  return {
    load,
    save,
    async forget(records, until) {
      if (records.length === 0) return
      const held = { record: { $in: [...records] }, since: { $lte: new Date(until) } }
      for (;;) {
        const found = await conflicts
          .find({ 'entries.sides': { $elemMatch: held } })
          .limit(atOnce)
          .toArray()
        if (found.length === 0) return
        await save(
          found.map(toReviewed).map((of) => ({ reviewed: forgetting(of, records, until), before: of.documentVersion })),
        )
      }
    },
  }
}

const atOnce = 100

/** Without what these records stated until then. The entries stay: they say that there was something to decide. */
const forgetting = (of: Reviewed, records: readonly string[], until: number): Reviewed => ({
  ...of,
  entries: of.entries.map((entry) => ({
    ...entry,
    sides: entry.sides.filter(({ record, since }) => !(records.includes(String(record)) && Number(since) <= until)),
  })),
})

const toStored = ({ since, openedAt, changedAt, closed, sides, ...entry }: Entry): StoredEntry => ({
  ...entry,
  ...{ since: new Date(since), openedAt: new Date(openedAt), changedAt: new Date(changedAt) },
  sides: sides.map(({ values, since: at, ...side }) => ({
    ...side,
    since: new Date(Number(at)),
    values: textOf(values ?? null),
  })),
  ...(closed === undefined ? {} : { closed: { ...closed, at: new Date(closed.at) } }),
})

const toReviewed = ({ _id: id, merchantId, documentVersion, entries }: Stored): Reviewed => ({
  ...{ id, merchantId, documentVersion },
  entries: entries.map(({ since, openedAt, changedAt, closed, sides, ...entry }) => ({
    ...entry,
    ...{ since: since.getTime(), openedAt: openedAt.getTime(), changedAt: changedAt.getTime() },
    sides: sides.map(toSide),
    ...(closed === undefined ? {} : { closed: { ...closed, at: closed.at.getTime() } }),
  })),
})

function toSide({ values, since, ...side }: StoredEntry['sides'][number]): PlainObject {
  const read: unknown = JSON.parse(values)
  const stated: Plain = isPlainObject(read) ? toPlainObject(read) : {}
  return { ...toPlainObject(side), since: since instanceof Date ? since.getTime() : 0, values: stated }
}
