import { Binary, type Collection, type Db } from 'mongodb'

/** A sealed payload as the database keeps it: in pieces, because a document holds at most 16 MB. */
type PieceDocument = {
  /** `<reference>:<number>`, numbers in three digits from 000. */
  readonly _id: string
  /** How many pieces the payload has. */
  readonly count: number
  readonly bytes: Binary
  readonly destroyAt: Date
}

export type PayloadStore = {
  /** Resolves when the payload is durable. A reference is used once. */
  insert(reference: string, sealed: Buffer, destroyAt: Date): Promise<void>
  /** The whole payload; undefined when there is none, or when it is not whole. */
  find(reference: string): Promise<Buffer | undefined>
  /** Removes every payload whose time has come; resolves with how many pieces. */
  destroyDue(now: Date): Promise<number>
}

const pieceBytes = 8 * 1024 * 1024

/** The collection `vault_payloads`; nothing else reads or writes it. */
export function createPayloadStore(db: Db): PayloadStore {
  const pieces = collection(db)
  return {
    async insert(reference, sealed, destroyAt) {
      const count = Math.ceil(sealed.length / pieceBytes)
      const documents = Array.from({ length: count }, (_, index) => ({
        _id: idOf(reference, index),
        ...{ count, destroyAt },
        bytes: new Binary(sealed.subarray(index * pieceBytes, (index + 1) * pieceBytes)),
      }))
      await pieces.insertMany(documents)
    },
    async find(reference) {
      const found = await pieces
        // `;` follows `:`
        .find({ _id: { $gte: `${reference}:`, $lt: `${reference};` } }, { readPreference: 'primary' })
        .sort({ _id: 1 })
        .toArray()
      if (found.length === 0 || found.some(({ count }) => count !== found.length)) return undefined
      return Buffer.concat(found.map(({ bytes }) => bytes.value()))
    },
    async destroyDue(now) {
      const { deletedCount } = await pieces.deleteMany({ destroyAt: { $lte: now } })
      return deletedCount
    },
  }
}

export async function indexPayloads(db: Db): Promise<string> {
  return `vault_payloads.${await collection(db).createIndex({ destroyAt: 1 }, { name: 'due' })}`
}

const idOf = (reference: string, index: number): string => `${reference}:${String(index).padStart(3, '0')}`

/** The event that refers to a payload is published next, and is worth nothing without it. */
const collection = (db: Db): Collection<PieceDocument> =>
  db.collection<PieceDocument>('vault_payloads', { writeConcern: { w: 'majority', journal: true } })
