import { createLog, logLevelFrom, parseConfig } from '@varai/runtime'
import { vaultMigrations } from '@varai/vault'
import { MongoClient } from 'mongodb'
import { migrationShape } from './config.ts'

// A step of its own, run before a release starts: a start of many replicas must not build indexes many times.
const log = createLog({ service: 'ingest-shopify', level: logLevelFrom(process.env) })
const { mongo } = parseConfig(process.env, migrationShape)
const client = new MongoClient(mongo.url, mongo.options)
try {
  log.info({ indexes: await vaultMigrations(client.db(mongo.database)) }, 'migrate.done')
} finally {
  await client.close()
}
