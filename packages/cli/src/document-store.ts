import { type Db, type Document, type Filter, MongoClient } from 'mongodb'

/** What `varai get` can look up, and where it lies. */
export const collections = { order: 'orders', product: 'products', customer: 'customers', user: 'users' } as const
export type Kind = keyof typeof collections
export const kinds = Object.keys(collections) as Kind[]

export type Wanted = {
  kind: Kind
  /** The whole id (merchant|platform|store|id), the platform's own id, or for customers and users an e-mail address. */
  id: string
  merchant?: string | undefined
  store?: string | undefined
}

export type Found = Document & { _id: string }

/** As many as are worth listing; more asks for a narrower question. */
const most = 20
/** Whoever asks sits before a terminal. */
const limits = { maxTimeMS: 15_000 }

/** Every document that the words may mean; users as the persons they are now. At most 20. */
export async function findDocuments(db: Db, wanted: Wanted): Promise<Found[]> {
  if (wanted.kind !== 'user') return find(db, collections[wanted.kind], filterOf(wanted))
  const records = await find(db, collections.customer, filterOf(wanted))
  const named = isWholeId(wanted.id) ? [wanted.id] : records.map(({ _id }) => _id)
  return followRedirects(db, named)
}

/** Runs `work` with a database that is there within 5 s, or rejects. */
export async function withDatabase<T>(
  mongo: { url: string; database: string; options: object },
  work: (db: Db) => Promise<T>,
): Promise<T> {
  const client = new MongoClient(mongo.url, { ...mongo.options, serverSelectionTimeoutMS: 5_000, appName: 'varai' })
  try {
    await client.connect()
    return await work(client.db(mongo.database))
  } finally {
    await client.close()
  }
}

const find = (db: Db, collection: string, filter: Filter<Found>): Promise<Found[]> =>
  db.collection<Found>(collection).find(filter, limits).sort({ _id: 1 }).limit(most).toArray()

const isWholeId = (id: string): boolean => id.split('|').length === 4

function filterOf({ id, merchant, store }: Wanted): Filter<Found> {
  const within = {
    ...(merchant !== undefined && { merchantId: merchant }),
    ...(store !== undefined && { storeId: store }),
  }
  if (isWholeId(id)) return { _id: id, ...within }
  if (id.includes('@')) return { emailKey: keyEndingWith(merchant, addressOf(id)), ...within }
  return { _id: keyEndingWith(merchant, `[^|]+\\|${store === undefined ? '[^|]+' : escaped(store)}\\|${escaped(id)}`) }
}

/** For `merchant|…`. Without the merchant an index is read from end to end, but no document that is not meant. */
const keyEndingWith = (merchant: string | undefined, end: string): RegExp =>
  new RegExp(`^${merchant === undefined ? '[^|]+' : escaped(merchant)}\\|${end}$`)

const addressOf = (email: string): string => escaped(email.trim().normalize('NFC').toLowerCase().normalize('NFC'))

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** A record that is not the first of its person has a document that only names another. Each person once. */
async function followRedirects(db: Db, ids: readonly string[]): Promise<Found[]> {
  const persons = new Map<string, Found>()
  const seen = new Set<string>()
  let open = [...ids]
  while (open.length > 0) {
    for (const id of open) seen.add(id)
    const found = await find(db, collections.user, { _id: { $in: open } })
    for (const document of found) if (document['redirectTo'] === undefined) persons.set(document._id, document)
    open = found.flatMap(({ redirectTo }) =>
      typeof redirectTo === 'string' && !seen.has(redirectTo) ? [redirectTo] : [],
    )
  }
  return [...persons.values()]
}
