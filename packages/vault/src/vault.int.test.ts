import { randomBytes, randomUUID } from 'node:crypto'
import type {} from '@varai/dev-stack/vitest'
import type { StoreRef } from '@varai/runtime/stores'
import { testClock } from '@varai/testkit'
import { BSON, type Db, MongoClient } from 'mongodb'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test, vi } from 'vitest'
import { localMasterKey, type MasterKey, UnwrapError } from './master-key.ts'
import { vaultMigrations } from './migrations.ts'
import { SealError } from './seal.ts'
import { createVault, KeyLostError, PayloadLostError } from './vault.ts'

const one: StoreRef = { merchantId: 'demo', platform: 'shopify', storeId: 'one.myshopify.com' }
const two: StoreRef = { merchantId: 'demo', platform: 'shopify', storeId: 'two.myshopify.com' }
const bytes = Buffer.from('{"email":"ada@example.com"}')
const masterKeyBytes = randomBytes(32)

let client: MongoClient
let db: Db
beforeAll(async () => {
  client = await MongoClient.connect(inject('stack').mongo.url)
  db = client.db(`vault-${randomUUID()}`)
  await vaultMigrations(db)
})
afterAll(async () => {
  await db.dropDatabase()
  await client.close()
})
beforeEach(async () => {
  await stored().deleteMany({})
  await pieces().deleteMany({})
})

const stored = () => db.collection<{ _id: string; keyId: string; destroyAt: Date }>('vault_keys')
const pieces = () => db.collection<{ _id: string }>('vault_payloads')

/** A vault as one process would have it: with a memory of its own. */
function processAt(start: string, masterKey: MasterKey = localMasterKey(masterKeyBytes)) {
  const clock = testClock(start)
  return { clock, vault: createVault({ db, masterKey, now: clock.now }) }
}

test('what one process sealed another opens, until the 30 days are over', async () => {
  const sealed = await processAt('2026-06-01T23:59:59Z').vault.sealRaw(one, bytes)
  expect(sealed.includes('ada@')).toBe(false)
  expect((await processAt('2026-07-01T23:59:59Z').vault.openRaw(sealed))?.equals(bytes)).toBe(true)
  expect(await processAt('2026-07-02T00:00:00Z').vault.openRaw(sealed)).toBeUndefined()
})

test('one key for one store and day, other keys for other stores and days', async () => {
  const { vault, clock } = processAt('2026-06-01T12:00:00Z')
  await vault.sealRaw(one, bytes)
  await vault.sealRaw(one, bytes)
  await vault.sealRaw(two, bytes)
  clock.set('2026-06-02T00:00:00Z')
  await vault.sealRaw(one, bytes)
  expect(
    (await stored().find().sort({ _id: 1 }).toArray()).map((key) => [key._id, key.destroyAt.toISOString()]),
  ).toEqual([
    ['store-day|2026-06-01|demo|shopify|one.myshopify.com', '2026-07-02T00:00:00.000Z'],
    ['store-day|2026-06-01|demo|shopify|two.myshopify.com', '2026-07-02T00:00:00.000Z'],
    ['store-day|2026-06-02|demo|shopify|one.myshopify.com', '2026-07-03T00:00:00.000Z'],
  ])
})

test('many processes that need the first key of a day at once all get the same one', async () => {
  const vaults = Array.from({ length: 12 }, () => processAt('2026-06-01T00:00:00Z').vault)
  const sealed = await Promise.all(vaults.map((vault) => vault.sealRaw(one, bytes)))
  expect(await stored().countDocuments()).toBe(1)
  const opened = await Promise.all(sealed.map((payload, index) => vaults.at(index - 1)?.openRaw(payload)))
  expect(opened.every((content) => content?.equals(bytes))).toBe(true)
})

test('the database holds no key in the clear, and a key moved to another store is refused', async () => {
  const { vault } = processAt('2026-06-01T12:00:00Z')
  const key = await vault.storeDayKey(one, '2026-06-01')
  const theirs = await vault.sealRaw(two, bytes)
  expect(key).toBeDefined()
  const kept = BSON.serialize({ kept: await stored().find().toArray() })
  expect(Buffer.from(kept).includes(key?.key ?? '')).toBe(false)

  const ours = await stored().findOne({ _id: /one/ })
  await stored().updateOne(
    { _id: /two/ },
    { $set: { ...ours, _id: 'store-day|2026-06-01|demo|shopify|two.myshopify.com' } },
  )
  await expect(processAt('2026-06-01T12:00:00Z').vault.openRaw(theirs)).rejects.toThrow(UnwrapError)
})

test('changed bytes are refused, and so is what was never sealed', async () => {
  const { vault } = processAt('2026-06-01T12:00:00Z')
  const sealed = await vault.sealRaw(one, bytes)
  sealed.writeUInt8(sealed.readUInt8(sealed.length - 1) ^ 1, sealed.length - 1)
  await expect(vault.openRaw(sealed)).rejects.toThrow(SealError)
  await expect(vault.openRaw(bytes)).rejects.toThrow(SealError)
})

test('destroying takes what is due and nothing else, and may run twice and at the same time', async () => {
  const { vault, clock } = processAt('2026-06-01T12:00:00Z')
  const old = await vault.sealRaw(one, bytes)
  clock.set('2026-06-02T12:00:00Z')
  const younger = await vault.sealRaw(one, bytes)
  clock.set('2026-07-02T00:00:00Z')
  const [first, second] = await Promise.all([
    vault.destroyExpired(),
    processAt('2026-07-02T00:00:00Z').vault.destroyExpired(),
  ])
  expect(first + second).toBe(1)
  expect(await vault.destroyExpired()).toBe(0)
  expect(await vault.openRaw(old)).toBeUndefined()
  expect((await vault.openRaw(younger))?.equals(bytes)).toBe(true)
})

test('a key is unreadable from its time on, also in a process that holds it and before anybody swept', async () => {
  const { vault, clock } = processAt('2026-06-01T12:00:00Z')
  const sealed = await vault.sealRaw(one, bytes)
  clock.set('2026-07-01T23:59:59.999Z')
  expect(await vault.openRaw(sealed)).toBeDefined()
  clock.advance(1)
  expect(await vault.openRaw(sealed)).toBeUndefined()
  expect(await stored().countDocuments()).toBe(1)
})

test('a destroyed key never comes back: opening and asking make none, sealing makes only those of today', async () => {
  const sealed = await processAt('2026-06-01T12:00:00Z').vault.sealRaw(one, bytes)
  const { vault } = processAt('2026-07-02T00:00:00Z')
  await vault.destroyExpired()
  expect(await vault.openRaw(sealed)).toBeUndefined()
  expect(await vault.storeDayKey(one, '2026-06-01')).toBeUndefined()
  expect(await vault.storeDayKey(one, '2026-06-30')).toBeUndefined()
  expect(await vault.storeDayKey(one, '2026-07-04')).toBeUndefined()
  expect(await stored().countDocuments()).toBe(0)
  expect(await vault.storeDayKey(one, '2026-07-03')).toBeDefined()
})

test('a key that is gone before its time is a loss to be noticed, also when another took its place', async () => {
  const sealed = await processAt('2026-06-01T12:00:00Z').vault.sealRaw(one, bytes)
  await stored().deleteMany({})
  const { vault } = processAt('2026-06-01T12:00:00Z')
  await expect(vault.openRaw(sealed)).rejects.toThrow(KeyLostError)
  expect(await stored().countDocuments()).toBe(0)
  await vault.sealRaw(one, bytes)
  await expect(vault.openRaw(sealed)).rejects.toThrow(KeyLostError)
})

test('keys in use are read from the database once', async () => {
  const master = localMasterKey(masterKeyBytes)
  const unwrap = vi.spyOn(master, 'unwrap')
  await processAt('2026-06-01T12:00:00Z').vault.sealRaw(one, bytes)
  const { vault } = processAt('2026-06-01T12:00:00Z', master)
  const sealed = await Promise.all(Array.from({ length: 50 }, () => vault.sealRaw(one, bytes)))
  await Promise.all(sealed.map((payload) => vault.openRaw(payload)))
  expect(unwrap).toHaveBeenCalledTimes(1)
})

test('another master key is told apart from tampering, and a rotated one reads on', async () => {
  const sealed = await processAt('2026-06-01T12:00:00Z').vault.sealRaw(one, bytes)
  const other = randomBytes(32)
  await expect(processAt('2026-06-01T12:00:00Z', localMasterKey(other)).vault.openRaw(sealed)).rejects.toThrow(
    /wrapped by master key [0-9a-f]{16}; this process has/,
  )
  const rotated = processAt('2026-06-01T12:00:00Z', localMasterKey(other, [masterKeyBytes])).vault
  expect((await rotated.openRaw(sealed))?.equals(bytes)).toBe(true)
})

test('a failure is not remembered: the next call tries again', async () => {
  const master = localMasterKey(masterKeyBytes)
  vi.spyOn(master, 'wrap').mockRejectedValueOnce(new Error('the key service is away'))
  const { vault } = processAt('2026-06-01T12:00:00Z', master)
  await expect(vault.sealRaw(one, bytes)).rejects.toThrow('the key service is away')
  expect(await vault.openRaw(await vault.sealRaw(one, bytes))).toBeDefined()
})

describe('a payload set aside', () => {
  const large = randomBytes(20 * 1024 * 1024)

  test('is read back whole by another process, however large, until the 30 days are over', async () => {
    const reference = await processAt('2026-06-01T12:00:00Z').vault.setAside(one, large)
    expect(reference).toMatch(/^payload:2026-06-01:[\w-]{22}$/)
    expect(await pieces().countDocuments()).toBe(3)
    expect((await processAt('2026-07-01T23:59:59Z').vault.readBack(one, reference))?.equals(large)).toBe(true)
    const { vault } = processAt('2026-07-02T00:00:00Z')
    expect(await vault.readBack(one, reference)).toBeUndefined()
    expect(await vault.destroyExpired()).toBe(1)
    expect([await stored().countDocuments(), await pieces().countDocuments()]).toEqual([0, 0])
  })

  test('lies sealed, and belongs to its store alone', async () => {
    const { vault } = processAt('2026-06-01T12:00:00Z')
    const reference = await vault.setAside(one, bytes)
    const kept = Buffer.from(BSON.serialize({ kept: await pieces().find().toArray() }))
    expect(kept.includes('ada@')).toBe(false)
    await expect(vault.readBack(two, reference)).rejects.toThrow(SealError)
    await expect(vault.readBack(one, 'payload:2026-06-01')).rejects.toThrow(SealError)
    await expect(vault.readBack(one, `${reference}:000`)).rejects.toThrow(SealError)
  })

  test('of which a piece is missing is lost, not shorter', async () => {
    const { vault } = processAt('2026-06-01T12:00:00Z')
    const [first, second] = await Promise.all([vault.setAside(one, large), vault.setAside(one, large)])
    await pieces().deleteOne({ _id: `${first}:002` })
    await expect(vault.readBack(one, first)).rejects.toThrow(PayloadLostError)
    expect((await vault.readBack(one, second))?.equals(large)).toBe(true)
    await stored().deleteMany({})
    await expect(processAt('2026-06-01T12:00:00Z').vault.readBack(one, second)).rejects.toThrow(KeyLostError)
  })
})

test('a subject has one reference in all processes and at all times', async () => {
  const subject = { is: 'guest', email: 'ada@example.com' } as const
  const vaults = Array.from({ length: 8 }, () => processAt('2026-06-01T12:00:00Z').vault)
  const references = await Promise.all(vaults.map((vault) => vault.subjectRef(one, subject)))
  const { vault } = processAt('2036-06-01T12:00:00Z')
  await vault.destroyExpired()
  expect(new Set([...references, await vault.subjectRef(one, subject)]).size).toBe(1)
  expect(await vault.subjectRef({ ...one, merchantId: 'other' }, subject)).not.toBe(references[0])
  expect((await stored().find().toArray()).map(({ _id }) => _id)).toEqual([
    'subject-references|demo',
    'subject-references|other',
  ])
})

test('the ledger keeps a request as it first came, when it was first handed over, and what each service said first', async () => {
  const ledger = processAt('2026-06-01T12:00:00Z').vault.requests
  const request = {
    ...{ requestId: 'shopify|one|1', kind: 'customer_redact', scope: 'record', store: one, subjectRef: 'sub_1' },
    ...{ requestedAt: 1, receivedAt: 2, legalDueAt: 3 },
  }
  await Promise.all([ledger.record(request), ledger.record(request), ledger.record(request)])
  await ledger.handedOver('shopify|one|1', 4)
  await ledger.record({ ...request, legalDueAt: 9 })
  await ledger.handedOver('shopify|one|1', 9)
  const done = { service: 'sync-core', outcome: 'done', reason: null, counts: { customers: 1 } }
  await ledger.confirmed('shopify|one|1', { ...done, at: 5 })
  await ledger.confirmed('shopify|one|1', { ...done, outcome: 'nothing-held', counts: {}, at: 9 })
  await ledger.confirmed('nobody asked for it', { ...done, at: 5 })
  expect(await db.collection('privacy_requests').find().toArray()).toEqual([
    {
      ...{ _id: 'shopify|one|1', kind: 'customer_redact', scope: 'record', ...one, subjectRef: 'sub_1' },
      ...{ requestedAt: new Date(1), receivedAt: new Date(2), legalDueAt: new Date(3), handedOverAt: new Date(4) },
      confirmations: [{ ...done, at: new Date(5) }],
    },
  ])
})

test('the migration may run again', async () => {
  expect(await vaultMigrations(db)).toEqual(['vault_keys.due', 'vault_payloads.due', 'privacy_requests.due'])
  expect((await stored().indexes()).map((index) => index.name)).toEqual(['_id_', 'due'])
})
