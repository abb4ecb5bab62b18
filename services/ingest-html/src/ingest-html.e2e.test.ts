import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type {} from '@varai/dev-stack/vitest'
import { createCodec, createKafka, ensureTopics, readDeadLetters, tail } from '@varai/kafka'
import { createLog } from '@varai/runtime'
import { lanes, laneTopic } from '@varai/schemas'
import { type ServiceProcess, startServiceProcess } from '@varai/testkit'
import { createVault, localMasterKey } from '@varai/vault'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { event, signed } from './test-api.ts'
import { analysisWithRawData, holdsMarker, sessionWithRawData } from './test-raw-face.ts'

const stack = inject('stack')
const name = `ingest-html-e2e-${process.pid}`
const masterKey = randomBytes(32)
const log = createLog({ service: name, level: 'silent' })
const kafka = createKafka({ brokers: stack.kafka.brokers, clientId: name, topicPrefix: `${name}.` }, log)
const codec = createCodec({ registryUrl: stack.registry.url, log })
const mongo = new MongoClient(stack.mongo.url)

let folder: string
let env: Record<string, string>
let child: ServiceProcess
let url: string

async function start(changes: Record<string, string> = {}) {
  const process = startServiceProcess(join(import.meta.dirname, 'main.ts'), { ...env, PORT: '0', ...changes })
  const listening = await process.logged('api.listening')
  return { process, url: String(listening['url']) }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingest-html-e2e-'))
  env = {
    ...{ KAFKA_BROKERS: stack.kafka.brokers.join(','), SCHEMA_REGISTRY_URL: stack.registry.url },
    ...{ MONGO_URL: stack.mongo.url, MONGO_DATABASE: name, REDIS_URL: stack.redis.url },
    ...{ VARAI_TOPIC_PREFIX: `${name}.`, VARAI_MASTER_KEY: masterKey.toString('base64') },
    ...{ VARAI_STORES: join(folder, 'stores.yaml'), VARAI_COLLECT_EVENTS_PER_KEY: '60' },
  }
  const store = {
    ...{ platform: 'html', id: 'atelier', currency: 'EUR', publishableKey: 'pk_atelier' },
    allowedOrigins: ['https://atelier.example'],
    webhookSecrets: { current: { literal: 'new' }, previous: { literal: 'old' } },
  }
  // JSON is YAML.
  await writeFile(env['VARAI_STORES'] ?? '', JSON.stringify({ merchants: [{ id: 'm1', stores: [store] }] }))
  await ensureTopics(kafka, { partitions: 2 })
  ;({ process: child, url } = await start())
  await vi.waitFor(async () => expect((await fetch(`${url}/readyz`)).status).toBe(200), 60_000)
})
afterAll(async () => {
  await child?.stop()
  await mongo.db(name).dropDatabase()
  await mongo.close()
  await rm(folder, { recursive: true, force: true })
})

async function post(path: string, body: string, headers: Record<string, string>, to = url) {
  const response = await fetch(to + path, { method: 'POST', headers, body })
  return { status: response.status, headers: response.headers, answer: (await response.json()) as unknown }
}
function send(events: readonly unknown[], to = url) {
  const body = JSON.stringify({ events })
  return post('/api/v1/events', body, signed(body), to)
}
function collect(events: readonly unknown[]) {
  const body = JSON.stringify({ sentAt: new Date().toISOString(), events })
  return post('/collect?key=pk_atelier', body, { origin: 'https://atelier.example', 'content-type': 'text/plain' })
}

/** Everything on the lanes, with the exact bytes. */
async function onTheLanes() {
  const found = []
  const topics = lanes.map(laneTopic)
  for await (const record of tail({ kafka, codec, topics, from: 'earliest', untilEnd: true })) found.push(record)
  return found
}
async function eventsOf(entityId: string) {
  return (await onTheLanes()).flatMap(({ decoded }) =>
    decoded.ok && 'entityId' in decoded.value && decoded.value.entityId === entityId ? [decoded.value] : [],
  )
}

test('a batch with one bad event: the others are on their lanes, the bad one is told and kept sealed', async () => {
  const sessionId = randomUUID()
  const bad = event({ id: 'bad', sessionId, data: { productId: 7 } })
  const started = event({ id: `s-${sessionId}`, event: 'ai_session_started', sessionId, region: 'EU', data: {} })
  expect(await send([started, bad, event({ id: 'click', event: 'product_clicked', sessionId })])).toMatchObject({
    status: 200,
    answer: {
      results: [
        { status: 'accepted' },
        { id: 'bad', status: 'rejected', reasons: [expect.stringMatching(/^data.productId: /)] },
        { id: 'click', status: 'accepted' },
      ],
    },
  })
  const events = await eventsOf(sessionId)
  expect(events).toHaveLength(2)
  expect(events).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ eventName: 'ai_session_started', priority: 'high', region: 'EU', source: 'html' }),
      expect.objectContaining({
        eventName: 'product_clicked',
        priority: 'medium',
        region: 'NA',
        interactionId: 'click',
      }),
    ]),
  )
  const vault = createVault({ db: mongo.db(name), masterKey: localMasterKey(masterKey) })
  const kept = []
  for await (const letter of readDeadLetters({ kafka, from: 'earliest', untilEnd: true })) kept.push(letter)
  expect(kept).toHaveLength(1)
  const bytes = kept[0]?.bytes ?? Buffer.alloc(0)
  expect(bytes.includes(sessionId)).toBe(false)
  expect(JSON.parse(String(await vault.openRaw(bytes)))).toEqual(bad)
})

test('raw face data is in no record of Kafka, nor in the log', async () => {
  const ids = Array.from({ length: 20 }, () => randomUUID())
  for (const id of ids) {
    expect(await send([sessionWithRawData(id), analysisWithRawData(id)])).toMatchObject({
      answer: { results: [{ status: 'accepted' }, { status: 'accepted' }] },
    })
  }
  const own = randomUUID()
  expect(await collect([sessionWithRawData(own), analysisWithRawData(own)])).toMatchObject({ answer: { accepted: 2 } })
  const records = await onTheLanes()
  expect(records.length).toBeGreaterThanOrEqual(2 * ids.length + 2)
  expect(await eventsOf(own)).toHaveLength(2)
  for (const { bytes, key, decoded } of records) {
    expect(decoded.ok).toBe(true)
    expect(holdsMarker(bytes ?? '')).toBe(false)
    expect(holdsMarker(`${key}${JSON.stringify(decoded)}`)).toBe(false)
  }
  expect(holdsMarker(child.lines.join('\n'))).toBe(false)
})

test('what a page says too much of is answered with 429 and when to come again', async () => {
  const batch = () => collect(Array.from({ length: 50 }, () => event()))
  const answers = [await batch(), await batch()]
  const refused = answers.find(({ status }) => status === 429)
  expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0)
})

test('Kafka away: nothing is promised, and the same batch later is the same event', async () => {
  const sessionId = randomUUID()
  const batch = [event({ id: `e-${sessionId}`, sessionId })]
  const away = await start({ KAFKA_BROKERS: '127.0.0.1:9' })
  try {
    const answer = await send(batch, away.url)
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBe('5')
  } finally {
    await away.process.stop()
  }
  expect((await send(batch)).status).toBe(200)
  expect(await eventsOf(sessionId)).toMatchObject([{ eventId: `html|atelier|server:e-${sessionId}|0` }])
})

test('stops cleanly', async () => {
  const other = await start()
  expect(await other.process.stop('SIGTERM')).toBe(0)
})
