// The shortest thing that does something like it: kafkajs hands over a batch, the last event of each entity in the batch
// replaces the whole document. Nothing is guarded, so a repeated or late event undoes a newer one; a field that an event
// does not state is lost; a record that cannot be read stops it for ever; decimals stay the bytes of Avro.
import { createServer } from 'node:http'
import { SchemaRegistry } from '@kafkajs/confluent-schema-registry'
import { Kafka, logLevel } from 'kafkajs'
import { MongoClient } from 'mongodb'

const env = process.env
const registry = new SchemaRegistry({ host: env.SCHEMA_REGISTRY_URL })
const mongo = await new MongoClient(env.MONGO_URL).connect()
const documents = mongo.db(env.MONGO_DATABASE).collection(env.MONGO_COLLECTION)
const kafka = new Kafka({ clientId: 'bare', brokers: env.KAFKA_BROKERS.split(','), logLevel: logLevel.ERROR })
const mebibyte = 1024 * 1024
const consumer = kafka.consumer({
  groupId: env.GROUP,
  maxWaitTimeInMs: 500,
  maxBytesPerPartition: 10 * mebibyte,
  maxBytes: 20 * mebibyte,
})
await consumer.connect()
await consumer.subscribe({ topics: [env.TOPIC], fromBeginning: true })
const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve))
await consumer.run({
  async eachBatch({ batch }) {
    const events = await Promise.all(batch.messages.map(({ value }) => registry.decode(value)))
    const last = new Map(events.map((event) => [event.entityId, event]))
    await documents.bulkWrite(
      [...last].map(([_id, event]) => ({ replaceOne: { filter: { _id }, replacement: { ...event }, upsert: true } })),
      { ordered: false },
    )
  },
})
await joined
createServer((_, response) => response.end()).listen(env.PORT, '127.0.0.1')
process.once('SIGTERM', async () => {
  await consumer.disconnect()
  await mongo.close()
  process.exit()
})
