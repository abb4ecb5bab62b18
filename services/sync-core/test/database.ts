import type {} from '@varai/dev-stack/vitest'
import { type Db, MongoClient } from 'mongodb'
import { afterAll, beforeAll, beforeEach, inject } from 'vitest'
import { createCanonicalStore } from '../src/canonical-store.ts'
import { decimalForm } from '../src/decimal-form.ts'
import { createVerdictStore } from '../src/decisions/verdict-store.ts'
import { createErasureStore } from '../src/erasures/erasure-store.ts'
import { migrate } from '../src/migrations.ts'
import { type ItemContent, itemForms, storedItem } from '../src/pure/project/catalog-item.ts'
import { storedUser, type UserContent, userForms } from '../src/pure/project/user.ts'
import { createRecordStore } from '../src/record-store.ts'
import { createSessionStore } from '../src/session-store.ts'
import type { Stores } from './apply.ts'

/** A database of the real stack for one test file, empty and migrated before each test. */
export function testDatabase(name: string): () => Db {
  const database = `sync_${name}_${process.pid}`
  let client: MongoClient
  beforeAll(async () => {
    client = await MongoClient.connect(inject('stack').mongo.url)
  })
  beforeEach(async () => {
    await client.db(database).dropDatabase()
    await migrate(client.db(database))
  })
  afterAll(async () => {
    await client?.db(database).dropDatabase()
    await client?.close()
  })
  return () => client.db(database)
}

/** The stores of a service over a database. */
export const storesOf = (db: Db, now = () => new Date()): Stores => ({
  records: createRecordStore(db, now),
  sessions: createSessionStore(db),
  users: createCanonicalStore({
    ...{ db, now, collection: 'users', forms: userForms() },
    stored: (user: UserContent) => storedUser(user, decimalForm),
  }),
  catalog: createCanonicalStore({
    ...{ db, now, collection: 'catalog', forms: itemForms() },
    stored: (item: ItemContent) => storedItem(item, decimalForm),
  }),
  verdicts: createVerdictStore(db),
  erasures: createErasureStore(db),
})
