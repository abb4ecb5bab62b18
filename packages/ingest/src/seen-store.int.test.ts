import type {} from '@varai/dev-stack/vitest'
import { createLog } from '@varai/runtime'
import { cableTo } from '@varai/testkit'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, expect, inject, test, vi } from 'vitest'
import { createSeenStore, type SeenStore } from './seen-store.ts'

const server = new URL(inject('stack').redis.url)
const prefix = `seen-${process.pid}.`
const log = createLog({ service: 'seen-store', level: 'silent' })
const redis = new Redis(server.href)
const stores: SeenStore[] = []

let cable: Awaited<ReturnType<typeof cableTo>>
beforeAll(async () => {
  cable = await cableTo({ host: server.hostname, port: Number(server.port) })
})
afterEach(() => cable.be('open'))
afterAll(async () => {
  for (const store of stores) store.close()
  await cable.close()
  await redis.del(...['a', 'b', 'c', 'd', 'e', 'f', 'h'].map((id) => `${prefix}webhook:${id}`))
  redis.disconnect()
})

async function open(url = `redis://127.0.0.1:${cable.port}${server.pathname}`, now?: () => number) {
  const store = createSeenStore({ url, prefix, log, ...(now === undefined ? {} : { now }) })
  stores.push(store)
  await vi.waitFor(() => expect(store.reachable).toBe(true), 20_000)
  return store
}

test('an id is remembered for two days, by every process', async () => {
  const [one, other] = [await open(), await open()]
  expect(await one.has('a')).toBe(false)
  await one.remember('a')
  expect(await other.has('a')).toBe(true)
  const left = await redis.ttl(`${prefix}webhook:a`)
  expect(left).toBeGreaterThan(48 * 3_600 - 60)
  expect(left).toBeLessThanOrEqual(48 * 3_600)
})

test('ids that come together each get their answer', async () => {
  const store = await open()
  await Promise.all(['f', 'h'].map((id) => store.remember(id)))
  expect(await Promise.all(['f', 'g', 'h'].map((id) => store.has(id)))).toEqual([true, false, true])
})

test('a text is remembered with an id', async () => {
  const store = await open()
  await store.remember('e', '{"ok":true}')
  expect(await store.recall('e')).toBe('{"ok":true}')
  expect(await store.recall('unknown')).toBeUndefined()
  cable.be('cut')
  await vi.waitFor(() => expect(store.reachable).toBe(false), 20_000)
  expect(await store.recall('e')).toBeUndefined()
})

test('while Redis is away nothing was seen and nothing waits; it comes back by itself', async () => {
  const store = await open()
  await store.remember('b')
  cable.be('cut')
  await vi.waitFor(() => expect(store.reachable).toBe(false), 20_000)
  expect(await store.has('b')).toBe(false)
  await store.remember('c')
  cable.be('open')
  await vi.waitFor(async () => expect(await store.has('b')).toBe(true), { timeout: 10_000 })
  expect(await store.has('c')).toBe(false)
})

test('a Redis that hangs is waited for once, then left alone for a while', async () => {
  let time = 0
  const store = await open(undefined, () => time)
  await store.remember('d')
  cable.be('mute')
  await Promise.all([store.has('d'), store.remember('d')])
  expect(await store.has('d')).toBe(false)
  expect(store.reachable).toBe(false)
  // The line passes again, but the store does not ask yet: so it did not wait either.
  cable.be('open')
  expect(await store.has('d')).toBe(false)
  const later = async () => {
    time += 1_000
    return store.has('d')
  }
  await vi.waitFor(async () => expect(await later()).toBe(true), { timeout: 10_000 })
})

test('a Redis that was never there stops nothing', async () => {
  cable.be('cut')
  const store = createSeenStore({ url: `redis://127.0.0.1:${cable.port}`, prefix, log })
  stores.push(store)
  expect(await store.has('a')).toBe(false)
  await store.remember('a')
})
