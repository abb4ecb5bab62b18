import { createLog, logLevelFrom, parseConfig } from '@varai/runtime'
import { MongoClient } from 'mongodb'
import { migrationShape } from './config.ts'
import { createIndexes } from './indexes.ts'

// A step of its own, run before a release starts: a start of many replicas must not build indexes many times.
const log = createLog({ service: 'analytics', level: logLevelFrom(process.env) })
const { mongo } = parseConfig(process.env, migrationShape)
const client = new MongoClient(mongo.url, mongo.options)
try {
  const indexes = await createIndexes(client.db(mongo.database))
  log.info({ indexes }, 'migrate.done')
} finally {
  await client.close()
}
