import { indexRows } from '@varai/ml-data'
import { createLog, logLevelFrom, parseConfig } from '@varai/runtime'
import { MongoClient } from 'mongodb'
import { migrationShape } from './config.ts'
import { indexFacts } from './fact-store.ts'

// A step of its own, run before a release starts: a start of many replicas must not build indexes many times.
const log = createLog({ service: 'ml-collector', level: logLevelFrom(process.env) })
const { mongo } = parseConfig(process.env, migrationShape)
const client = new MongoClient(mongo.url, mongo.options)
try {
  const db = client.db(mongo.database)
  log.info({ indexes: [...(await indexFacts(db)), ...(await indexRows(db))] }, 'migrate.done')
} finally {
  await client.close()
}
