import { createLog } from '@varai/runtime'
import { pause } from '@varai/runtime/guarded-writes'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeEach, expect, inject, test, vi } from 'vitest'
import { applierOver, type Stores } from '../test/apply.ts'
import { storesOf, testDatabase } from '../test/database.ts'
import { decoded, deletion, interaction, noon, recommended, session } from '../test/events.ts'
import type { Event } from './pure/admit.ts'
import { aiSessionKind } from './pure/kinds.ts'
import { createSessionCaches, type SessionCaches } from './session-caches.ts'

const db = testDatabase('copies')
const { url } = inject('stack').redis
const prefix = `copies-${process.pid}.`
const log = createLog({ service: 'copies', level: 'silent' })
const redis = new Redis(url)
const id = 'optik|shopify|north|s-1'
const [sessionKey, recommendationsKey] = [`${prefix}ai_session:${id}`, `${prefix}recommendations:${id}`]

let stores: Stores
let caches: SessionCaches
beforeEach(async () => {
  stores = storesOf(db())
  await redis.del(sessionKey, recommendationsKey)
  caches = createSessionCaches({ redis: { url, options: {} }, prefix, records: stores.records, log })
})
afterEach(() => caches.close())
afterAll(async () => {
  await redis.del(sessionKey, recommendationsKey)
  redis.disconnect()
})

const applyWith = (own: SessionCaches) => {
  const apply = applierOver(stores, pause, undefined, undefined, undefined, undefined, own.put)
  return (events: readonly Event[]) => apply(events.map(decoded))
}
const of = { entityId: 's-1' }
const begun = session({ ...of, startedAt: noon, email: 'ann@x.at' })
const shown = recommended({ ...of, platformAt: noon + 1, recommendationId: 'r-1', items: [{ sku: 'VS-1' }] })
const viewed = interaction({ ...of, platformAt: noon + 2, interactionId: 'i', interactionType: 'product_viewed' })
const ended = session({ ...of, platformAt: noon + 9_000, completedAt: noon + 9_000 })
/** The copy, once it is of that version: the connection may be young. */
const copyOf = async (key: string, version: number, again: () => Promise<unknown>) => {
  const read = async () => {
    await again()
    const text = await redis.get(key)
    expect(text).toContain(`{"version":${version},`)
    return JSON.parse(text ?? '') as Record<string, unknown>
  }
  return vi.waitFor(read, 20_000)
}

test('copies follow their session, each for its time, without how to reach anybody', async () => {
  const apply = applyWith(caches)
  await apply([begun])
  await apply([shown, viewed])
  const copy = await copyOf(sessionKey, 2, () => apply([begun]))
  expect(copy).toMatchObject({ sessionId: 's-1', startedAt: noon, createdAt: noon, interactions: [{ at: noon + 2 }] })
  expect(copy).not.toHaveProperty('email')
  await apply([ended])
  expect(await copyOf(sessionKey, 3, () => apply([begun]))).toMatchObject({ duration: 9 })
  expect(await copyOf(recommendationsKey, 3, () => apply([begun]))).toMatchObject({
    recommendations: [{ id: 'r-1', items: [{ sku: 'VS-1' }] }],
  })
  expect(await redis.ttl(sessionKey)).toBeGreaterThan(3_500)
  const left = await redis.ttl(recommendationsKey)
  expect(left).toBeGreaterThan(1_700)
  expect(left).toBeLessThanOrEqual(1_800)
})

test('a slow process replaces nothing that is newer', async () => {
  const kept: Parameters<SessionCaches['put']>[0][] = []
  const slow = applierOver(
    stores,
    pause,
    undefined,
    undefined,
    undefined,
    undefined,
    async (some) => void kept.push(some),
  )
  await slow([decoded(begun)])
  await applyWith(caches)([viewed])
  await copyOf(sessionKey, 2, () => applyWith(caches)([viewed]))
  for (const some of kept) await caches.put(some)
  expect(await redis.get(sessionKey)).toContain('{"version":2,')
})

test('what Redis forgot is read from the database, and copied again', async () => {
  await applyWith(caches)([begun, shown])
  await copyOf(sessionKey, 1, () => applyWith(caches)([begun]))
  const before = await caches.session(id)
  await redis.del(sessionKey, recommendationsKey)
  expect(await caches.session(id)).toBe(before)
  expect(await redis.get(sessionKey)).toBe(before)
  expect(await caches.recommendations(id)).toContain('VS-1')
  expect(await caches.session('optik|shopify|north|nobody')).toBeUndefined()
})

test('a session that is gone has no copy, and no older one comes back', async () => {
  await applyWith(caches)([begun, shown])
  await copyOf(sessionKey, 1, () => applyWith(caches)([begun]))
  const old = await stores.records.loadMany(aiSessionKind, [id])
  await applyWith(caches)([deletion('ai_session', { ...of, platformAt: noon + 99_999 })])
  await caches.put([...old.values()])
  expect(await redis.get(sessionKey)).toBe('{"version":2,"gone":true}')
  expect(await caches.session(id)).toBeUndefined()
  expect(await caches.recommendations(id)).toBeUndefined()
})

test('without Redis batches are applied, and sessions read, as ever', async () => {
  const nowhere = { url: 'redis://127.0.0.1:9', options: {} }
  for (const server of [nowhere, undefined]) {
    const away = createSessionCaches({ redis: server, prefix, records: stores.records, log })
    expect(await applyWith(away)([begun, shown])).toEqual([{ kind: 'done' }, { kind: 'done' }])
    expect(await away.session(id)).toContain('"sessionId":"s-1"')
    away.close()
  }
})
