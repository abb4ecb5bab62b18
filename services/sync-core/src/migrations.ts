import { setTimeout as after } from 'node:timers/promises'
import type { Db } from 'mongodb'

/** A change of the database's layout. Applied once, in order; safe to apply again, and by two at once. */
export type Migration = { readonly name: string; readonly apply: (db: Db) => Promise<unknown> }

const migrations: readonly Migration[] = [
  {
    name: '0001-indexes',
    apply: (db) =>
      Promise.all([
        db
          .collection('orders')
          .createIndexes([{ name: 'store-orders', key: { merchantId: 1, storeId: 1, createdAt: -1 } }]),
        // who shares an e-mail; the key names the merchant, so that one look finds those of a whole batch
        db.collection('customers').createIndexes([{ name: 'email', key: { emailKey: 1 }, sparse: true }]),
        // which documents concern a record
        db.collection('users').createIndexes([{ name: 'reach', key: { 'projection.reach': 1 } }]),
        db.collection('products').createIndexes([{ name: 'sku', key: { merchantId: 1, 'variants.sku': 1 } }]),
      ]),
  },
  {
    name: '0002-catalog',
    apply: (db) =>
      Promise.all([
        // who shares a SKU or a GTIN; the key names the merchant
        db.collection('products').createIndexes([{ name: 'catalog', key: { catalogKeys: 1 }, sparse: true }]),
        db.collection('catalog').createIndexes([
          { name: 'reach', key: { 'projection.reach': 1 } },
          { name: 'policy', key: { policyVersion: 1, _id: 1 } },
        ]),
        db.collection('users').createIndexes([{ name: 'policy', key: { policyVersion: 1, _id: 1 } }]),
      ]),
  },
  {
    name: '0003-parts',
    // which product lists a variant, where a deletion names it alone; the key names the store
    apply: (db) => db.collection('products').createIndexes([{ name: 'parts', key: { partIds: 1 }, sparse: true }]),
  },
  {
    name: '0004-changes',
    // documents with changes that were not told; nearly always none
    apply: (db) =>
      Promise.all(
        ['users', 'catalog'].map((name) =>
          db.collection(name).createIndexes([{ name: 'pending', key: { 'pending.at': 1 }, sparse: true }]),
        ),
      ),
  },
  {
    name: '0005-decisions',
    apply: (db) =>
      db.collection('decisions').createIndexes([
        { name: 'about', key: { about: 1 }, sparse: true },
        { name: 'open', key: { state: 1, at: 1 } },
        { name: 'document', key: { collection: 1, documentId: 1, at: 1 } },
      ]),
  },
  {
    name: '0006-conflicts',
    // what a person is to look at, of one merchant
    apply: (db) =>
      db.collection('conflicts').createIndexes([{ name: 'queue', key: { merchantId: 1, 'entries.state': 1 } }]),
  },
  {
    name: '0007-ai-records',
    apply: (db) =>
      Promise.all([
        db.collection('ai_sessions').createIndexes([
          // the newest sessions of a customer; the key names the store
          {
            name: 'user',
            key: { userKey: 1, createdAt: -1, _id: 1 },
            partialFilterExpression: { userKey: { $exists: true } },
          },
          // those that are kept for a time
          { name: 'age', key: { 'summary.level': 1, _id: 1, createdAt: 1 } },
          { name: 'gone', key: { deletedReason: 1, _id: 1 }, sparse: true },
        ]),
        db.collection('recommendations').createIndexes([{ name: 'session', key: { sessionKey: 1 } }]),
        // whom a consent concerns; those that were withdrawn
        db.collection('consents').createIndexes([
          { name: 'named', key: { consentKeys: 1 } },
          { name: 'level', key: { level: 1, _id: 1 } },
        ]),
      ]),
  },
  {
    name: '0008-verdicts',
    apply: (db) =>
      db.collection('verdicts').createIndexes([
        // what was said of a record
        { name: 'pair', key: { pair: 1 } },
        { name: 'open', key: { state: 1, at: 1 } },
      ]),
  },
  {
    name: '0009-erasures',
    apply: (db) =>
      Promise.all([
        // whom an erasure concerns
        db.collection('erasures').createIndexes([{ name: 'names', key: { names: 1 } }]),
        // what accounts stated in conflicts
        db.collection('conflicts').createIndexes([{ name: 'record', key: { 'entries.sides.record': 1 } }]),
        // sessions in which a customer was ever named
        db.collection('ai_sessions').createIndexes([{ name: 'named', key: { 'named.id': 1 }, sparse: true }]),
      ]),
  },
]

const log = (db: Db) => db.collection<{ _id: string; appliedAt: Date }>('migrations')
const idOf = ({ name }: Migration): string => `sync-core/${name}`

/** Names of the migrations that the database still lacks, in order. */
export async function pendingMigrations(db: Db): Promise<string[]> {
  const ids = migrations.map(idOf)
  const applied = await log(db)
    .find({ _id: { $in: ids } })
    .map(({ _id }) => _id)
    .toArray()
  return migrations.filter((migration) => !applied.includes(idOf(migration))).map(({ name }) => name)
}

/** Applies what the database lacks; returns its names. */
export async function migrate(db: Db): Promise<string[]> {
  const pending = await pendingMigrations(db)
  for (const migration of migrations.filter(({ name }) => pending.includes(name))) {
    await migration.apply(db)
    await log(db).updateOne({ _id: idOf(migration) }, { $setOnInsert: { appliedAt: new Date() } }, { upsert: true })
  }
  return pending
}

/**
 * Resolves when the database lacks nothing. Rejects when `stopping` aborts. A service never migrates by itself: many
 * replicas would do so at once, and old ones still run.
 */
export async function untilMigrated(
  db: Db,
  options: {
    readonly stopping: AbortSignal
    readonly onPending: (names: readonly string[]) => void
    readonly everyMs?: number
  },
): Promise<void> {
  for (let first = true; ; first = false) {
    const pending = await pendingMigrations(db)
    if (pending.length === 0) return
    if (first) options.onPending(pending)
    await after(options.everyMs ?? 1_000, undefined, { signal: options.stopping })
  }
}
