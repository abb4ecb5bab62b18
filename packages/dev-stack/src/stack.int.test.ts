import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { StateDirInUse } from './lock.ts'
import { isAlive, processBorn } from './process/identity.ts'
import { formatProgress, type ProgressEvent } from './progress.ts'
import { type Stack, startStack } from './start-stack.ts'

let stateDir: string
let stops: (() => Promise<void>)[] = []
const stopLater = <S extends { stop(): Promise<void> }>(stack: S): S => {
  stops.push(() => stack.stop())
  return stack
}
beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'varai-stack-'))
})
afterEach(async () => {
  await Promise.all(stops.map((stop) => stop()))
  stops = []
  await rm(stateDir, { recursive: true })
})
const native = { mode: 'native' } as const

test('all four boot, keep what they were given over a stop and a start, and keep their addresses', async () => {
  const events: ProgressEvent[] = []
  const first = stopLater(await startStack({ stateDir, ...native, progress: (event) => events.push(event) }))
  const lines = events.map(formatProgress)
  for (const component of ['kafka', 'registry', 'mongo', 'redis']) {
    expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^${component}: ready on .* in \\d+\\.\\d s$`)))
  }
  await fill(first)
  const cluster = await clusterId()
  const { pid } = first.addresses.kafka
  await first.stop()
  expect(await processBorn(pid ?? 0)).toBeUndefined()
  expect(await readdir(join(stateDir, 'pids'))).toEqual([])

  const second = stopLater(await startStack({ stateDir, ...native }))
  expect(withoutPids(second)).toEqual(withoutPids(first))
  expect(await held(second)).toEqual({ mongo: 1, redis: '$5\r\nvalue\r\n', registry: ['a-subject'] })
  expect(await clusterId()).toBe(cluster)
  await second.stop()

  const empty = stopLater(await startStack({ stateDir, ...native, fresh: true }))
  expect(await held(empty)).toEqual({ mongo: 0, redis: '$-1\r\n', registry: [] })
  expect(await clusterId()).not.toBe(cluster)
}, 180_000)

describe('a component for fault tests', () => {
  test('killed and restarted it answers at the same address with what it had, and no failure is told', async () => {
    const stack = stopLater(await startStack({ stateDir, ...native, components: ['mongo', 'redis'] }))
    let failed: unknown
    stack.failure.catch((error: unknown) => {
      failed = error
    })
    const before = stack.addresses.mongo
    const documents = new MongoClient(before.url)
    await documents.db('t').collection('kept').insertOne({ a: 1 })
    await documents.close()
    await stack.kill('mongo')
    expect(await processBorn(before.pid ?? 0)).toBeUndefined()
    await stack.restart('mongo')
    expect(stack.addresses.mongo.url).toBe(before.url)
    expect(stack.addresses.mongo.pid).not.toBe(before.pid)
    expect(await countKept(stack.addresses.mongo.url)).toBe(1)
    expect(failed).toBeUndefined()
  })

  test('that dies by itself is named with the end of its log', async () => {
    const stack = stopLater(await startStack({ stateDir, ...native, components: ['redis'] }))
    process.kill(stack.addresses.redis.pid ?? 0, 'SIGTERM') // redis logs that it got this one
    await expect(stack.failure).rejects.toThrow(/^redis ended unexpectedly \(.*\)\. The end of its log .*SIGTERM/s)
  })
})

test('a component that cannot start is named with the end of its log, and the others are stopped', async () => {
  const first = await startStack({ stateDir, ...native, components: ['redis'] })
  await first.stop()
  const folder = join(stateDir, 'data', 'redis', 'appendonly.aof')
  await writeFile(folder, 'nothing that Redis ever wrote\r\n')
  const failing = startStack({ stateDir, ...native, components: ['mongo', 'redis'] })
  await expect(failing).rejects.toThrow(/^redis ended before it was ready \(exit code 1\).*Bad file format/s)
  expect(await readdir(join(stateDir, 'pids'))).toEqual([])
})

test('a second stack on one state folder is refused by the pid of the first, another folder is free', async () => {
  const first = stopLater(await startStack({ stateDir, ...native, components: ['redis'] }))
  const again = startStack({ stateDir, ...native, components: ['redis'] })
  await expect(again).rejects.toThrow(StateDirInUse)
  await expect(again).rejects.toThrow(`started by process ${process.pid}`)
  const other = stopLater(await startStack({ stateDir: join(stateDir, 'other'), ...native, components: ['redis'] }))
  expect(other.addresses.redis.url).not.toBe(first.addresses.redis.url)
  await first.stop()
  stopLater(await startStack({ stateDir, ...native, components: ['redis'] }))
})

describe('addresses from the environment', () => {
  test('are used, and what is behind them is left running', async () => {
    const real = stopLater(await startStack({ stateDir, ...native, components: ['redis'] }))
    const env = { ...process.env, VARAI_REDIS_URL: real.addresses.redis.url }
    const borrowed = await startStack({ stateDir: join(stateDir, 'other'), components: ['redis'], env })
    expect(borrowed.addresses).toEqual({ redis: { url: real.addresses.redis.url } })
    expect(borrowed.chosen.redis).toEqual({ how: 'environment', detail: 'VARAI_REDIS_URL' })
    await expect(borrowed.kill('redis')).rejects.toThrow('did not start it')
    await borrowed.stop()
    expect(await redis(real.addresses.redis.url, 'PING')).toBe('+PONG\r\n')
  })

  test('where nothing answers are an error that names the variable', async () => {
    const env = { ...process.env, VARAI_REDIS_URL: 'redis://127.0.0.1:9' }
    const stack = startStack({ stateDir, components: ['redis'], env })
    await expect(stack).rejects.toThrow('redis: nothing answers at the address in VARAI_REDIS_URL')
  })
})

test('a start that is given up leaves nothing running', async () => {
  const giveUp = new AbortController()
  const starting = startStack({
    stateDir,
    ...native,
    components: ['registry', 'redis'],
    signal: giveUp.signal,
    progress: ({ about, kind }) => about === 'registry' && kind === 'starting' && giveUp.abort(new Error('Ctrl-C')),
  })
  await expect(starting).rejects.toThrow('Ctrl-C')
  expect(await readdir(join(stateDir, 'pids')).catch(() => [])).toEqual([])
  stopLater(await startStack({ stateDir, ...native, components: ['redis'] }))
})

test('identity tells a process from a later one with its pid', async () => {
  const born = (await processBorn(process.pid)) ?? ''
  expect(await isAlive({ pid: process.pid, born })).toBe(true)
  expect(await isAlive({ pid: process.pid, born: `${born}0` })).toBe(false)
})

async function fill(stack: Stack): Promise<void> {
  const { mongo, redis: cache, registry } = stack.addresses
  const client = new MongoClient(mongo.url)
  await client.db('t').collection('kept').insertOne({ a: 1 })
  await client.close()
  expect(await redis(cache.url, 'SET key value')).toBe('+OK\r\n')
  const answer = await fetch(`${registry.url}/subjects/a-subject/versions`, {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    body: JSON.stringify({ schema: '{"type":"string"}' }),
  })
  expect(answer.status).toBe(200)
}

async function held(stack: Stack) {
  const { mongo, redis: cache, registry } = stack.addresses
  const subjects: unknown = await (await fetch(`${registry.url}/subjects`)).json()
  return { mongo: await countKept(mongo.url), redis: await redis(cache.url, 'GET key'), registry: subjects }
}

async function countKept(url: string): Promise<number> {
  const client = new MongoClient(url)
  try {
    return await client.db('t').collection('kept').countDocuments()
  } finally {
    await client.close()
  }
}

const redis = (url: string, command: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(`${command}\r\n`))
    socket.once('error', reject)
    socket.once('data', (data) => {
      socket.destroy()
      resolve(data.toString())
    })
  })

async function clusterId(): Promise<string | undefined> {
  const text = await readFile(join(stateDir, 'data', 'kafka', 'log', 'meta.properties'), 'utf8')
  return /cluster\.id=(\S+)/.exec(text)?.[1]
}

const withoutPids = ({ addresses }: Stack) => ({
  kafka: addresses.kafka.brokers,
  registry: addresses.registry.url,
  mongo: addresses.mongo.url,
  redis: addresses.redis.url,
})
