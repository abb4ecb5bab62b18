import type {} from '@varai/dev-stack/vitest'
import { cableTo } from '@varai/testkit'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, expect, inject, test, vi } from 'vitest'
import { createLog } from '../log.ts'
import { openQuickRedis } from './quick-redis.ts'
import { createVersionedCache, type VersionedCache } from './versioned-cache.ts'

const server = new URL(inject('stack').redis.url)
const prefix = `versioned-${process.pid}.`
const log = createLog({ service: 'cache', level: 'silent' })
const bare = new Redis(server.href)
const key = `${prefix}thing:a|b`
let cable: Awaited<ReturnType<typeof cableTo>>
let patient: Redis
let quick: Redis
let cache: VersionedCache
let time = 0

beforeAll(async () => {
  cable = await cableTo({ host: server.hostname, port: Number(server.port) })
  patient = openQuickRedis({ url: server.href, prefix, answerWithinMs: 20_000 })
  quick = openQuickRedis({ url: `redis://127.0.0.1:${cable.port}${server.pathname}`, prefix })
  for (const redis of [patient, quick]) redis.on('error', () => undefined)
})
beforeEach(async () => {
  await vi.waitFor(() => expect([patient.status, quick.status]).toEqual(['ready', 'ready']), 20_000)
  cache = cacheOver(patient)
  await bare.del(key)
})
afterAll(async () => {
  patient.disconnect()
  quick.disconnect()
  await cable.close()
  await bare.del(key)
  bare.disconnect()
})

const cacheOver = (redis: Redis) => createVersionedCache({ redis, name: 'thing', seconds: 60, log, now: () => time })
const of = (version: number, says?: string) => ({
  ...{ id: 'a|b', version },
  document: says === undefined ? undefined : { says },
})
const load = (version: number, says: string) => vi.fn(async () => of(version, says))
const never = async () => {
  throw new Error('loaded')
}

test('a version is replaced by newer ones alone, in any order, and lives for its time', async () => {
  for (const order of [
    [9, 10, 8],
    [10, 9, 8],
    [8, 9, 10],
  ]) {
    await bare.del(key)
    for (const version of order) await cache.put([of(version, `v${version}`)])
    expect(await bare.get(key)).toBe('{"version":10,"says":"v10"}')
    expect(await cache.read('a|b', never)).toBe('{"version":10,"says":"v10"}')
    expect(await bare.ttl(key)).toBeGreaterThan(50)
  }
})

test('very many at once: the newest wins', async () => {
  const all = Array.from({ length: 450 }, (_, at) => of(((at * 7) % 450) + 1, 'x'))
  await Promise.all([cache.put(all), cache.put(all.toReversed())])
  expect(await bare.get(key)).toBe('{"version":450,"says":"x"}')
})

test('what is not there is loaded, and there from then on; what is newer there stays', async () => {
  const first = load(3, 'loaded')
  expect(await cache.read('a|b', first)).toBe('{"version":3,"says":"loaded"}')
  expect(await cache.read('a|b', never)).toBe('{"version":3,"says":"loaded"}')
  await bare.del(key)
  const slow = async () => {
    await cache.put([of(5, 'newer')])
    return of(4, 'older')
  }
  expect(await cache.read('a|b', slow)).toBe('{"version":4,"says":"older"}')
  expect(await cache.read('a|b', never)).toBe('{"version":5,"says":"newer"}')
})

test('what is gone is read anew each time, and no older version comes back', async () => {
  await cache.put([of(3, 'there')])
  await cache.put([of(4)])
  await cache.put([of(3, 'there')])
  expect(await cache.read('a|b', async () => undefined)).toBeUndefined()
  expect(await cache.read('a|b', load(1, 'began anew'))).toBe('{"version":1,"says":"began anew"}')
})

test('without Redis, or with one that hangs: nothing waits long, all is loaded', async () => {
  await cache.put([of(1, 'x')])
  const hasty = cacheOver(quick)
  cable.be('mute')
  expect(await hasty.read('a|b', load(2, 'y'))).toBe('{"version":2,"says":"y"}')
  const asked = vi.spyOn(quick, 'get')
  await hasty.put([of(2, 'y')])
  expect(await hasty.read('a|b', load(2, 'y'))).toBe('{"version":2,"says":"y"}')
  // left alone for a while
  expect(asked).not.toHaveBeenCalled()
  cable.be('open')
  await vi.waitFor(async () => {
    time += 60_000
    expect(await hasty.read('a|b', never)).toBe('{"version":1,"says":"x"}')
  }, 20_000)
})
