import { randomUUID } from 'node:crypto'
import type { Db } from 'mongodb'
import { decimalForm as decimal } from './decimal-form.ts'
import { findInChunks } from './find-in-chunks.ts'
import { fromDocument, type RecordDocument, toDocument } from './pure/document.ts'
import type { RecordKind } from './pure/kinds.ts'
import type { RecordState } from './pure/record.ts'
import { writeGuarded } from './write-guarded.ts'

export type RecordStore = {
  /** The records of a kind that exist, by id. */
  loadMany(kind: RecordKind, ids: readonly string[]): Promise<Map<string, RecordState>>
  /**
   * Saves records of one kind, each only onto the version before its own. Returns the ids of those that someone else
   * saved meanwhile: they are to be loaded and decided again.
   */
  saveMany(kind: RecordKind, records: readonly RecordState[]): Promise<Set<string>>
  /** Records of a kind with any of these ids or, in the field that the kind derives for them, any of these keys. */
  find(
    kind: RecordKind,
    of: { readonly ids: readonly string[]; readonly keyField: string; readonly keys: readonly string[] },
  ): Promise<RecordState[]>
  /** The records of a kind that follow an id, in the order of their ids; an empty id comes before all. */
  pageAfter(kind: RecordKind, id: string, limit: number): Promise<RecordState[]>
  /** Those of some keys that more than so many records of a kind have. */
  crowded(
    kind: RecordKind,
    of: { readonly keyField: string; readonly keys: readonly string[]; readonly most: number },
  ): Promise<string[]>
}

/** Records in their collections: `orders`, `customers`, `products`, `inventory`, `stores`. */
export function createRecordStore(db: Db, now: () => Date = () => new Date()): RecordStore {
  const collectionOf = (kind: RecordKind) => db.collection<RecordDocument>(kind.collection)

  return {
    async loadMany(kind, ids) {
      const documents = await findInChunks(ids, (some) =>
        collectionOf(kind)
          .find({ _id: { $in: some } })
          .toArray(),
      )
      return new Map(documents.map((document) => [document._id, fromDocument(document, kind, decimal)]))
    },

    async saveMany(kind, records) {
      const savedBy = randomUUID()
      const savedAt = now()
      const writes = records.map((record) => ({
        id: record.id,
        guard: record.version === 1 ? undefined : { version: record.version - 1 },
        document: { ...toDocument(record, savedAt, decimal), savedBy },
      }))
      return writeGuarded(db.collection(kind.collection), writes, { path: 'savedBy', text: savedBy })
    },

    async find(kind, { ids, keyField, keys }) {
      const collection = collectionOf(kind)
      const found = await Promise.all([
        findInChunks(ids, (some) => collection.find({ _id: { $in: some } }).toArray()),
        findInChunks(keys, (some) => collection.find({ [keyField]: { $in: some } }).toArray()),
      ])
      return found.flat().map((document) => fromDocument(document, kind, decimal))
    },

    async pageAfter(kind, id, limit) {
      const documents = await collectionOf(kind)
        .find({ _id: { $gt: id } })
        .sort({ _id: 1 })
        .limit(limit)
        .toArray()
      return documents.map((document) => fromDocument(document, kind, decimal))
    },

    async crowded(kind, { keyField, keys, most }) {
      const holders = new Map(keys.map((key) => [key, new Set<string>()]))
      // the keys alone: where many records have one, whole records would be much to read
      const found = await findInChunks(keys, (some) =>
        collectionOf(kind)
          .find({ [keyField]: { $in: some } }, { projection: { [keyField]: 1 } })
          .toArray(),
      )
      for (const document of found) {
        const held: unknown = document[keyField]
        for (const key of Array.isArray(held) ? held : [held]) holders.get(key)?.add(document._id)
      }
      return keys.filter((key) => (holders.get(key)?.size ?? 0) > most)
    },
  }
}
