import type {} from '@varai/dev-stack/vitest'
import { type Db, MongoClient } from 'mongodb'
import { afterAll, beforeAll, beforeEach, inject } from 'vitest'
import { migrate } from '../src/migrations.ts'

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
