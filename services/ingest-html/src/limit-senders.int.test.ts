import type {} from '@varai/dev-stack/vitest'
import { createLog } from '@varai/runtime'
import { cableTo } from '@varai/testkit'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, expect, inject, test, vi } from 'vitest'
import { createSenderLimiter, lineOf, type SenderLimiter } from './limit-senders.ts'

const server = new URL(inject('stack').redis.url)
const redis = new Redis(server.href)
const log = createLog({ service: 'limits', level: 'silent' })
const limiters: SenderLimiter[] = []
let cable: Awaited<ReturnType<typeof cableTo>>
let prefix = ''
let tests = 0

beforeAll(async () => {
  cable = await cableTo({ host: server.hostname, port: Number(server.port) })
})
afterEach(() => {
  cable.be('open')
  for (const limiter of limiters.splice(0)) limiter.close()
})
afterAll(async () => {
  await cable.close()
  redis.disconnect()
})

const limits = { requestsPerAddress: 3, eventsPerKey: 10 }

/** Two processes of one environment, both connected. */
async function open() {
  tests += 1
  prefix = `limits-${process.pid}-${tests}.`
  const make = () => {
    const url = `redis://127.0.0.1:${cable.port}${server.pathname}`
    const limiter = createSenderLimiter({ url, prefix, masterKey: Buffer.alloc(32, 7), limits, log })
    limiters.push(limiter)
    return limiter
  }
  const both = [make(), make()] as const
  for (const [at, limiter] of both.entries()) {
    await vi.waitFor(async () => {
      await limiter.key(`probe-${at}`, 1)
      expect(await redis.exists(`${prefix}limit:key:probe-${at}`)).toBe(1)
    }, 20_000)
  }
  return both
}

test('processes share what an address may, and say when it may come again', async () => {
  const [one, other] = await open()
  const waits = [await one.address('203.0.113.9'), await other.address('203.0.113.9'), await one.address('203.0.113.9')]
  expect(waits).toEqual([0, 0, 0])
  for (const limiter of [one, other, one]) {
    const wait = await limiter.address('203.0.113.9')
    expect(wait).toBeGreaterThanOrEqual(1)
    expect(wait).toBeLessThanOrEqual(60)
  }
  expect(await other.address('203.0.113.10')).toBe(0)
})

test('a key is limited by its events', async () => {
  const [one, other] = await open()
  expect(await one.key('atelier', 6)).toBe(0)
  expect(await other.key('atelier', 5)).toBeGreaterThan(0)
  expect(await one.key('other', 10)).toBe(0)
})

test('no address is in Redis', async () => {
  const [one] = await open()
  await one.address('203.0.113.9')
  const keys = await redis.keys(`${prefix}*`)
  expect(keys.some((key) => key.startsWith(`${prefix}limit:address:`))).toBe(true)
  expect(keys.join()).not.toContain('203.0.113.9')
  expect(await redis.ttl(keys.find((key) => key.includes(':address:')) ?? '')).toBeLessThanOrEqual(60)
})

test.for(['cut', 'mute'] as const)('Redis %s: each process limits by itself', async (state) => {
  const [one] = await open()
  cable.be(state)
  const waits: number[] = []
  for (let asked = 0; asked < 4; asked += 1) waits.push(await one.address('203.0.113.9'))
  expect(waits.slice(0, 3)).toEqual([0, 0, 0])
  expect(waits[3]).toBeGreaterThan(0)
})

test('one line of IPv6 is one address', () => {
  expect(lineOf('2001:db8:1:2:3::4')).toBe(lineOf('2001:db8:1:2:ffff::1'))
  expect(lineOf('2001:db8:1:3::4')).not.toBe(lineOf('2001:db8:1:2::4'))
  expect(lineOf('::ffff:203.0.113.9')).toBe('203.0.113.9')
  expect(lineOf('nonsense')).toBe('unknown')
})
