import { createLog, logLevelFrom, parseConfig } from '@varai/runtime'
import { MongoClient } from 'mongodb'
import { migrationShape } from './config.ts'
import { migrate } from './migrations.ts'

// A step of its own, run before a release starts: a start of many replicas must not build indexes many times.
const log = createLog({ service: 'sync-core', level: logLevelFrom(process.env) })
const { mongo } = parseConfig(process.env, migrationShape)
const client = new MongoClient(mongo.url, mongo.options)
try {
  log.info({ applied: await migrate(client.db(mongo.database)) }, 'migrate.done')
} finally {
  await client.close()
}
