import { Binary, type Collection, type Db, MongoServerError } from 'mongodb'

/** A key as the database keeps it. */
export type StoredKey = {
  /** `store-day|<day>|<merchant>|<platform>|<store>`, `subject-references|<merchant>`, or `service|<name>` */
  readonly id: string
  /** Names this very key: the next one under the same id would have another. */
  readonly keyId: string
  readonly masterKeyId: string
  readonly wrapped: Buffer
  readonly createdAt: Date
  /** Absent for a key that no time destroys. */
  readonly destroyAt?: Date
}

type KeyDocument = Omit<StoredKey, 'id' | 'wrapped'> & { readonly _id: string; readonly wrapped: Binary }

export type KeyStore = {
  find(id: string): Promise<StoredKey | undefined>
  /** Keeps the key unless the id has one already; resolves with the one that is kept, durably. */
  insertOnce(key: StoredKey): Promise<StoredKey>
  /** Removes every key whose time has come; resolves with how many. */
  destroyDue(now: Date): Promise<number>
}

const duplicateKey = 11_000

/** The collection `vault_keys`; nothing else reads or writes it. */
export function createKeyStore(db: Db): KeyStore {
  const keys = collection(db)
  const find = async (id: string) => {
    const found = await keys.findOne({ _id: id }, { readPreference: 'primary' })
    return found === null ? undefined : fromDocument(found)
  }
  return {
    find,
    async insertOnce(key) {
      try {
        await keys.insertOne(toDocument(key))
        return key
      } catch (error) {
        if (!(error instanceof MongoServerError) || error.code !== duplicateKey) throw error
      }
      const kept = await find(key.id)
      if (kept === undefined) throw new Error(`the key ${key.id} was destroyed while it was being made`)
      return kept
    },
    async destroyDue(now) {
      const { deletedCount } = await keys.deleteMany({ destroyAt: { $lte: now } })
      return deletedCount
    },
  }
}

export async function indexKeys(db: Db): Promise<string> {
  return `vault_keys.${await collection(db).createIndex({ destroyAt: 1 }, { name: 'due' })}`
}

/** A key that is not on disk everywhere when something is sealed with it may be lost, and that with it. */
const collection = (db: Db): Collection<KeyDocument> =>
  db.collection<KeyDocument>('vault_keys', { writeConcern: { w: 'majority', journal: true } })

const toDocument = ({ id, wrapped, ...rest }: StoredKey): KeyDocument => ({
  _id: id,
  ...rest,
  wrapped: new Binary(wrapped),
})

const fromDocument = ({ _id, wrapped, ...rest }: KeyDocument): StoredKey => ({
  id: _id,
  ...rest,
  wrapped: Buffer.from(wrapped.value()),
})
