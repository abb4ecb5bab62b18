import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Service, startService } from '@varai/dev-stack'
import type {} from '@varai/dev-stack/vitest'
import { createCodec, createKafka, createPublisher, ensureTopics, type PublishedRecord } from '@varai/kafka'
import { createLog } from '@varai/runtime'
import { eventKey, laneTopic } from '@varai/schemas'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { customer, type LaneEvent, noon } from '../../test/events.ts'
import { migrate } from '../migrations.ts'

const stack = inject('stack')
const name = `conflicts-e2e-${process.pid}`
const env = {
  KAFKA_BROKERS: stack.kafka.brokers.join(','),
  SCHEMA_REGISTRY_URL: stack.registry.url,
  MONGO_URL: stack.mongo.url,
  MONGO_DATABASE: name,
  VARAI_TOPIC_PREFIX: `${name}.`,
  VARAI_MASTER_KEY: randomBytes(32).toString('base64'),
}
const log = createLog({ service: name, level: 'silent' })
const kafka = createKafka({ brokers: stack.kafka.brokers, clientId: name, topicPrefix: `${name}.` }, log)
const publisher = createPublisher({ kafka, codec: createCodec({ registryUrl: stack.registry.url, log }), log })
const mongo = new MongoClient(stack.mongo.url)
const db = mongo.db(name)

let stateDir: string
const services: Service[] = []
const start = async (as: string, entry: string) => {
  const own = { name: as, entry: join(import.meta.dirname, entry), env: { ...process.env, ...env }, stateDir }
  const service = await startService(own)
  services.push(service)
  return service
}
beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'conflicts-e2e-'))
  await ensureTopics(kafka, { partitions: 2 })
  await publisher.connect(['CustomerStated'])
  await migrate(db)
})
afterAll(async () => {
  await Promise.all(services.map((service) => service.stop()))
  await publisher.close()
  await db.dropDatabase()
  await mongo.close()
  await rm(stateDir, { recursive: true, force: true })
})

const publish = async (event: LaneEvent) => {
  // the union pairs each record with its value; TypeScript loses sight of the pair where it is taken apart
  const { record, value } = event as unknown as PublishedRecord<'CustomerStated'>
  await publisher.publish({ topic: laneTopic('medium'), key: eventKey(event.value), record, value })
}
const said = (storeId: string, at: number, phone: string) =>
  customer({ entityId: '1', storeId, email: 'ann@x.at', phone, createdAt: noon, platformAt: noon + at })
const id = 'optik|shopify|north|1'
type Queued = { _id: string; entries: { group: string; state: string }[] }
const queue = () => db.collection<Queued>('conflicts').findOne({ _id: `users|${id}` })
const soon = { timeout: 60_000, interval: 100 }

test('from events to the queue, through a decision and a kill, to the end of a disagreement, and of a person', async () => {
  const [core, conflicts] = await Promise.all([start('core', '../main.ts'), start('conflicts', 'main.ts')])
  await publish(said('north', 1, '+43 1 5877001'))
  await publish(said('south', 2, '+43 1 5877002'))
  await expect
    .poll(queue, soon)
    .toMatchObject({ entries: [{ group: 'phone', state: 'settled', rule: 'last_write_wins' }] })

  await conflicts.kill()
  const document = await db.collection<{ _id: string; version: number }>('users').findOne({ _id: id })
  const asked = { what: 'take', record: id, pinned: false }
  await db.collection<{ _id: string; [field: string]: unknown }>('decisions').insertOne({
    ...{
      _id: 'd1',
      merchantId: 'optik',
      collection: 'users',
      documentId: id,
      version: document?.version,
      group: 'phone',
    },
    ...{ by: 'mia', why: 'she said so', at: new Date(), state: 'asked', asked: JSON.stringify(asked) },
  })
  await expect
    .poll(() => db.collection<{ _id: string }>('users').findOne({ _id: id }), soon)
    .toMatchObject({ phone: '+43 1 5877001', provenance: { phone: { rule: 'decision', decision: 'd1' } } })
  await conflicts.restart()
  await expect.poll(queue, soon).toMatchObject({ entries: [{ state: 'settled', rule: 'decision', decision: 'd1' }] })

  await publish(said('south', 3, '+43 1 5877001'))
  await expect.poll(queue, soon).toMatchObject({ entries: [{ state: 'closed', closed: { because: 'agreed' } }] })

  const word = { by: 'mia', why: 'saw both passports', at: new Date(), state: 'asked' }
  await db
    .collection<{ _id: string; [field: string]: unknown }>('verdicts')
    .insertOne({ _id: 'v1', merchantId: 'optik', pair: [id, 'optik|shopify|south|1'], says: 'not_same', ...word })
  await expect.poll(queue, soon).toMatchObject({
    entries: [
      { group: 'identity', state: 'settled', rule: 'not_same' },
      { group: 'phone', state: 'closed' },
    ],
  })
  const ended = await Promise.all([core.stop(), conflicts.stop()])
  expect(ended.map(({ code }) => code)).toEqual([0, 0])
})
