import { randomUUID } from 'node:crypto'
import type { Collection, Db } from 'mongodb'
import { decimalForm as decimal } from './decimal-form.ts'
import { findInChunks } from './find-in-chunks.ts'
import { fromDocument, type RecordDocument, toDocument } from './pure/document.ts'
import { orderKind, type RecordKind } from './pure/kinds.ts'
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
  /** All orders of some customers, by their records' ids. Reads all orders of their stores: not for every day. */
  ordersOf(customers: readonly string[]): Promise<RecordState[]>
  /** The records of a kind that follow an id, in the order of their ids; an empty id comes before all. */
  pageAfter(kind: RecordKind, id: string, limit: number): Promise<RecordState[]>
  /** The same, but for keys that more than so many records have: these are told instead of read. */
  findSharing(
    kind: RecordKind,
    of: {
      readonly ids: readonly string[]
      readonly keyField: string
      readonly keys: readonly string[]
      readonly most: number
    },
  ): Promise<{ readonly records: RecordState[]; readonly crowded: string[] }>
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
        document: Object.assign(toDocument(record, savedAt, decimal), { savedBy }),
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

    async ordersOf(customers) {
      const found: RecordDocument[] = []
      for (const customer of customers) {
        const [merchantId, platform, storeId, customerId] = customer.split('|')
        const store = `${merchantId}|${platform}|${storeId}|`
        const within = { $gte: store, $lt: `${store.slice(0, -1)}}` }
        found.push(...(await collectionOf(orderKind).find({ _id: within, customerId }).toArray()))
      }
      return found.map((document) => fromDocument(document, orderKind, decimal))
    },

    async pageAfter(kind, id, limit) {
      const documents = await collectionOf(kind)
        .find({ _id: { $gt: id } })
        .sort({ _id: 1 })
        .limit(limit)
        .toArray()
      return documents.map((document) => fromDocument(document, kind, decimal))
    },

    async findSharing(kind, { ids, keyField, keys, most }) {
      const collection = collectionOf(kind)
      const crowded: string[] = []
      const sharing = async (some: string[]) => {
        const enough = some.length * usual + most
        const found = await collection
          .find({ [keyField]: { $in: some } })
          .limit(enough + 1)
          .toArray()
        const isWhole = found.length <= enough
        const crowds = isWhole
          ? new Set(crowdsIn(found, keyField, most))
          : await crowdsAmong(collection, { keyField, keys: some, most })
        if (crowds.size === 0 && isWhole) return found
        const others = some.filter((key) => !crowds.has(key))
        crowded.push(...some.filter((key) => crowds.has(key)))
        return others.length === 0 ? [] : collection.find({ [keyField]: { $in: others } }).toArray()
      }
      const found = await Promise.all([
        findInChunks(ids, (some) => collection.find({ _id: { $in: some } }).toArray()),
        findInChunks(keys, sharing),
      ])
      return { records: found.flat().map((document) => fromDocument(document, kind, decimal)), crowded }
    },
  }
}

/** So many records share a key at most, nearly always: where there are more, it is looked at key by key. */
const usual = 10

const keysIn = (document: RecordDocument, keyField: string): unknown[] => {
  const held = document[keyField]
  return Array.isArray(held) ? held : [held]
}

/** Keys that more than so many of these have. */
function crowdsIn(documents: readonly RecordDocument[], keyField: string, most: number): string[] {
  const holders = new Map<unknown, Set<string>>()
  for (const document of documents) {
    for (const key of keysIn(document, keyField)) {
      const of = holders.get(key) ?? new Set()
      holders.set(key, of.add(document._id))
    }
  }
  return [...holders].flatMap(([key, { size }]) => (size > most ? [String(key)] : []))
}

/** The same of keys that very many may have: of each, no more is read than is needed to tell. */
async function crowdsAmong(
  collection: Collection<RecordDocument>,
  { keyField, keys, most }: { readonly keyField: string; readonly keys: readonly string[]; readonly most: number },
): Promise<ReadonlySet<string>> {
  const counts = await Promise.all(
    keys.map(async (key) => {
      const some = collection.find({ [keyField]: key }, { projection: { _id: 1 }, limit: most + 1 })
      return { key, isCrowd: (await some.toArray()).length > most }
    }),
  )
  return new Set(counts.flatMap(({ key, isCrowd }) => (isCrowd ? [key] : [])))
}
