import { type Db, type Document, type Filter, MongoClient } from 'mongodb'

/** What `varai get` can look up, and where it lies. */
export const collections = {
  order: 'orders',
  product: 'products',
  customer: 'customers',
  user: 'users',
  item: 'catalog',
  session: 'ai_sessions',
} as const
export type Kind = keyof typeof collections
export const kinds = Object.keys(collections) as Kind[]

export type Wanted = {
  kind: Kind
  /**
   * The whole id (merchant|platform|store|id; of an item with |variant), the platform's own id, or for customers and
   * users an e-mail address.
   */
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
  if (wanted.kind === 'item') return followRedirects(db, collections.item, [wanted.id])
  if (wanted.kind !== 'user')
    return find(db, collections[wanted.kind], await filterOf(db, collections[wanted.kind], wanted))
  if (isWholeId(wanted.id)) return followRedirects(db, collections.user, [wanted.id])
  const records = await find(db, collections.customer, await filterOf(db, collections.customer, wanted))
  return followRedirects(
    db,
    collections.user,
    records.map(({ _id }) => _id),
  )
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

/** Only equality on indexed fields: what is not said (the merchant, the store) is filled in with all there are. */
async function filterOf(db: Db, collection: string, { id, merchant, store }: Wanted): Promise<Filter<Found>> {
  const fits = (prefix: string) => {
    const [merchantId, , storeId] = prefix.split('|')
    return (merchant === undefined || merchantId === merchant) && (store === undefined || storeId === store)
  }
  if (isWholeId(id)) return fits(id) ? { _id: id } : { _id: { $in: [] } }
  const prefixes = (await storePrefixes(db, collection)).filter(fits)
  if (!id.includes('@')) return { _id: { $in: prefixes.map((prefix) => `${prefix}|${id}`) } }
  const address = id.trim().normalize('NFC').toLowerCase().normalize('NFC')
  const merchants = new Set(prefixes.map((prefix) => prefix.split('|')[0]))
  return {
    emailKey: { $in: [...merchants].map((merchantId) => `${merchantId}|${address}`) },
    ...(store !== undefined && { storeId: store }),
  }
}

/** Every merchant|platform|store of a collection, found by leaping through the index of ids from one to the next. */
async function storePrefixes(db: Db, collection: string): Promise<string[]> {
  const prefixes: string[] = []
  const first = { ...limits, sort: { _id: 1 }, projection: { _id: 1 } } as const
  let behind = ''
  for (;;) {
    const next = await db.collection<Found>(collection).findOne({ _id: { $gt: behind } }, first)
    if (next === null) return prefixes
    const prefix = next._id.split('|').slice(0, 3).join('|')
    prefixes.push(prefix)
    // `}` follows `|`: the first text that no id of this store can be before.
    behind = `${prefix}}`
  }
}

/** A record that is not the first of its person (or a variant of its item) has a document that only names another. Each once. */
async function followRedirects(db: Db, collection: string, ids: readonly string[]): Promise<Found[]> {
  const persons = new Map<string, Found>()
  const seen = new Set<string>()
  let open = [...ids]
  while (open.length > 0) {
    for (const id of open) seen.add(id)
    const found = await find(db, collection, { _id: { $in: open } })
    for (const document of found) if (document['redirectTo'] === undefined) persons.set(document._id, document)
    open = found.flatMap(({ redirectTo }) =>
      typeof redirectTo === 'string' && !seen.has(redirectTo) ? [redirectTo] : [],
    )
  }
  return [...persons.values()]
}
