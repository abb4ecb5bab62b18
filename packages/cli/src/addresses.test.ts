import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeRunFile } from '@varai/dev-stack'
import { kafkaSettings } from '@varai/runtime'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findAddresses, readSettings } from './addresses.ts'
import { Refusal } from './refusal.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'varai-cli-'))
  await writeRunFile(folder, {
    kafka: { brokers: ['127.0.0.1:1', '127.0.0.1:2'] },
    registry: { url: 'http://127.0.0.1:3/apis/ccompat/v7' },
    mongo: { url: 'mongodb://127.0.0.1:4', database: 'running' },
    redis: { url: 'redis://127.0.0.1:5' },
  })
})
afterAll(() => rm(folder, { recursive: true }))

test('a running stack gives all addresses; flags win over it', async () => {
  const found = await findAddresses({ runFile: join(folder, 'run.json'), mongoDatabase: 'mine' }, { HOME: '/' })
  expect(found).toMatchObject({
    KAFKA_BROKERS: '127.0.0.1:1,127.0.0.1:2',
    SCHEMA_REGISTRY_URL: 'http://127.0.0.1:3/apis/ccompat/v7',
    MONGO_URL: 'mongodb://127.0.0.1:4',
    MONGO_DATABASE: 'mine',
    REDIS_URL: 'redis://127.0.0.1:5',
    HOME: '/',
  })
})

test('flags win over the environment, and an address that is given keeps the running stack out', async () => {
  const env = { KAFKA_BROKERS: 'a:1', MONGO_URL_FILE: '/secret', VARAI_TOPIC_PREFIX: 'test.' }
  const found = await findAddresses({ brokers: 'b:2', mongo: 'mongodb://m' }, env)
  expect(found).toMatchObject({ KAFKA_BROKERS: 'b:2', MONGO_URL: 'mongodb://m', VARAI_TOPIC_PREFIX: 'test.' })
  expect(found['MONGO_URL_FILE']).toBeUndefined()
  expect(found['SCHEMA_REGISTRY_URL']).toBeUndefined()
})

test('where nothing runs, one line says what to do', async () => {
  await expect(findAddresses({ runFile: join(folder, 'none.json') }, {})).rejects.toMatchObject({
    exitCode: 1,
    message: `Nothing runs by ${join(folder, 'none.json')}.`,
  })
})

test('what is missing or bad is named, with exit code 2', () => {
  const read = () => readSettings({ KAFKA_BROKERS: 'no port' }, { kafka: kafkaSettings })
  expect(read).toThrow(Refusal)
  expect(read).toThrow(/KAFKA_BROKERS.*SCHEMA_REGISTRY_URL/s)
})
