// Becomes Kafka Connect, standalone, with MongoDB's sink: one process, so that it can be paused, measured and ended as
// the others are. `serve-connect.ts <libs> <plugins> <folder>`; addresses come from the environment.
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { javaCommand } from '@varai/dev-stack/install'

const [, , libs = '', plugins = '', folder = ''] = process.argv
const { env } = process
const need = (name: string): string => {
  const value = env[name]
  if (value === undefined) throw new Error(`${name} is not set`)
  return value
}
const write = (name: string, settings: Readonly<Record<string, string>>): string => {
  const file = join(folder, name)
  writeFileSync(
    file,
    Object.entries(settings)
      .map(([key, value]) => `${key}=${value}\n`)
      .join(''),
  )
  return file
}

mkdirSync(folder, { recursive: true })
const offsets = join(folder, 'offsets')
rmSync(offsets, { force: true })
const converter = 'value.converter.apicurio.registry'
const worker = write('worker.properties', {
  'bootstrap.servers': need('KAFKA_BROKERS'),
  'plugin.path': plugins,
  listeners: `http://127.0.0.1:${need('PORT')}`,
  'offset.storage.file.filename': offsets,
  'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
  'value.converter': 'io.apicurio.registry.utils.converter.AvroConverter',
  [`${converter}.url`]: new URL('/apis/registry/v2', need('SCHEMA_REGISTRY_URL')).href,
  [`${converter}.as-confluent`]: 'true',
  [`${converter}.id-handler`]: 'io.apicurio.registry.serde.Legacy4ByteIdHandler',
  [`${converter}.use-id`]: 'contentId',
  'consumer.max.poll.records': '500',
  'consumer.auto.offset.reset': 'earliest',
})
// One task writes whole documents in the order of the records: more tasks only made it slower.
const sink = write('sink.properties', {
  name: need('GROUP'),
  'connector.class': 'com.mongodb.kafka.connect.MongoSinkConnector',
  'tasks.max': '1',
  topics: need('TOPIC'),
  'connection.uri': need('MONGO_URL'),
  database: need('MONGO_DATABASE'),
  collection: need('MONGO_COLLECTION'),
  'max.batch.size': '500',
  'bulk.write.ordered': 'true',
  'writemodel.strategy': 'com.mongodb.kafka.connect.sink.writemodel.strategy.ReplaceOneDefaultStrategy',
  // The record's key becomes the document's id, a plain text as in the other contestants' documents.
  transforms: 'id',
  'transforms.id.type': 'org.apache.kafka.connect.transforms.HoistField$Key',
  'transforms.id.field': '_id',
  'document.id.strategy': 'com.mongodb.kafka.connect.sink.processor.id.strategy.ProvidedInKeyStrategy',
  // Without it the sink logs a warning for every record, which is slow and nobody's way of running it.
  'document.id.strategy.overwrite.existing': 'true',
})

const given = javaCommand(env)
const java = given.includes('/')
  ? given
  : execFileSync('/bin/sh', ['-c', `command -v ${given}`], { encoding: 'utf8' }).trim()
const args = [
  ...['-Xms256m', '-Xmx1g', '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-cp', join(libs, '*')],
  ...['org.apache.kafka.connect.cli.ConnectStandalone', worker, sink],
]
process.execve?.(java, [java, ...args], env)
throw new Error('this Node cannot become another program')
