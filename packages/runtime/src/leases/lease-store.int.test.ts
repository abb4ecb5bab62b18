import { randomUUID } from 'node:crypto'
import type {} from '@varai/dev-stack/vitest'
import { type Db, MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { createLeaseStore, type Lease } from './lease-store.ts'

let client: MongoClient
let db: Db
let time = Date.UTC(2026, 10, 22)
beforeAll(async () => {
  client = await MongoClient.connect(inject('stack').mongo.url)
  db = client.db(`leases-${randomUUID()}`)
})
afterAll(async () => {
  await db.dropDatabase()
  await client.close()
})

/** As one process has it. */
const processOf = () => createLeaseStore(db, 'leases', () => time)
async function claimed(id: string): Promise<Lease> {
  const claim = await processOf().claim(id, 60_000)
  if (claim.kind !== 'claimed') throw new Error(`not now, until ${claim.until}`)
  return claim.lease
}

test('of twenty that want it at once one gets it', async () => {
  for (const round of ['first', 'again']) {
    const claims = await Promise.all(Array.from({ length: 20 }, () => processOf().claim('many', 60_000)))
    const won = claims.flatMap((claim) => (claim.kind === 'claimed' ? [claim.lease] : []))
    expect(won, round).toHaveLength(1)
    for (const lease of won) await processOf().release(lease, 0, {})
  }
})

test('what is saved is there for the next one, who comes when it is due', async () => {
  const lease = await claimed('due')
  expect(lease).toMatchObject({ token: 1, state: undefined })
  expect(await processOf().hold(lease, 60_000, { cursor: 7 })).toBe(true)
  expect(await processOf().release(lease, time + 900_000, { cursor: 8 })).toBe(true)
  expect(await processOf().claim('due', 60_000)).toEqual({
    ...{ kind: 'not now', until: time + 900_000, state: { cursor: 8 } },
  })
  time += 900_000
  expect(await claimed('due')).toEqual({ id: 'due', token: 2, state: { cursor: 8 } })
})

test('who lost the lease saves nothing, however late it wakes up', async () => {
  const slept = await claimed('fenced')
  expect(await processOf().claim('fenced', 60_000)).toMatchObject({ kind: 'not now', until: time + 60_000 })
  time += 60_000
  const now = await claimed('fenced')
  expect(await processOf().hold(now, 60_000, { by: 'the new one' })).toBe(true)
  expect(await processOf().hold(slept, 60_000, { by: 'the old one' })).toBe(false)
  expect(await processOf().hold(slept, 60_000)).toBe(false)
  expect(await processOf().release(slept, 0, { by: 'the old one' })).toBe(false)
  expect(await processOf().claim('fenced', 60_000)).toMatchObject({ kind: 'not now', state: { by: 'the new one' } })
})

test('one that is held stays held', async () => {
  const lease = await claimed('held')
  time += 50_000
  expect(await processOf().hold(lease, 60_000)).toBe(true)
  time += 50_000
  expect(await processOf().claim('held', 60_000)).toMatchObject({ kind: 'not now' })
})
