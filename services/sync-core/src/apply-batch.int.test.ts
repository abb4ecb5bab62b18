import { pause } from '@varai/runtime/guarded-writes'
import type { Document } from 'mongodb'
import { beforeEach, expect, test } from 'vitest'
import { applierOver, type Stores } from '../test/apply.ts'
import { storesOf, testDatabase } from '../test/database.ts'
import { customer, decoded, hours, noon, order, product } from '../test/events.ts'
import { createMemoryStores } from '../test/memory-stores.ts'
import type { Event } from './pure/admit.ts'

const db = testDatabase('batches')
let stores: Stores
beforeEach(() => {
  stores = storesOf(db())
})

const customers = async () => db().collection('customers').find().toArray()
/** What each document of a collection says, without its guards, versions and times. */
const said = async (collection: 'users' | 'catalog') => {
  const found = await db().collection<Document & { _id: string }>(collection).find().sort({ _id: 1 }).toArray()
  return found.map(({ _id, projection, inputs, redirectTo, members }) => {
    const made = inputs.map(({ recordId }: { recordId: string }) => recordId)
    return { _id, digest: projection.digest, reach: projection.reach, made, redirectTo, members }
  })
}
const users = () => said('users')
const inMemory = async (all: readonly Event[], collection: 'users' | 'catalog' = 'users') => {
  const memory = createMemoryStores()
  await applierOver(memory.storesFor(async () => undefined))(all.map(decoded))
  return [...memory[collection].values()]
    .sort((one, other) => (one.id < other.id ? -1 : 1))
    .map(({ id, digest, reach, content }) => ({
      ...{ _id: id, digest, reach, made: reach.filter((each) => !/^[@~]/.test(each)) },
      redirectTo: 'redirectTo' in content ? content.redirectTo : undefined,
      members: 'members' in content ? content.members : undefined,
    }))
}

test('50 first deliveries of one customer from 4 stores at once: one user with 4 members', async () => {
  const all = Array.from({ length: 50 }, (_, at) =>
    customer({ entityId: '1', storeId: `store-${at % 4}`, email: 'ann@x.at', createdAt: noon, platformAt: noon + at }),
  )
  await Promise.all(all.map((event) => applierOver(stores, pause)([decoded(event)])))
  expect(await customers()).toHaveLength(4)
  const live = (await users()).filter(({ redirectTo }) => redirectTo === undefined)
  expect(live).toMatchObject([
    { members: ['optik|shopify|store-0|1', ...[1, 2, 3].map((at) => `optik|shopify|store-${at}|1`)] },
  ])
  expect(await users()).toEqual(await inMemory(all))
})

test('two consumers, each with its own mix of statements about the same customers, whose e-mails wander', async () => {
  const emails = ['a@x.at', 'b@x.at', 'c@x.at', 'd@x.at', 'none']
  const all = Array.from({ length: 240 }, (_, at) =>
    customer({
      entityId: `${at % 12}`,
      // two that are of one store are never one by their address
      storeId: at % 12 > 9 ? 'north' : `store-${at % 12}`,
      merchantId: at % 3 === 0 ? 'rival' : 'optik',
      platformAt: noon + hours((at * 37) % 100),
      createdAt: noon - (at % 12),
      email: emails[(at * 7) % 5] ?? null,
      firstName: `name-${at}`,
    }),
  )
  const mine = (which: number) => all.filter((_, at) => (at * 11) % 3 === which || at % 10 === 0)
  await Promise.all(
    [0, 1, 2].map(async (which) => {
      const apply = applierOver(storesOf(db()), pause)
      const batch = mine(which).map(decoded)
      for (let at = 0; at < batch.length; at += 16) await apply(batch.slice(at, at + 16))
    }),
  )
  expect(await users()).toEqual(await inMemory(all))
})

test('a process that dies between saving and projecting: the redelivery projects', async () => {
  const split = [
    customer({ entityId: '1', email: 'a@x.at', createdAt: noon }),
    customer({ entityId: '2', storeId: 'south', email: 'a@x.at', createdAt: noon + 1 }),
    customer({ entityId: '2', storeId: 'south', email: 'b@x.at', platformAt: noon + 1 }),
  ]
  await applierOver(stores)(split.slice(0, 2).map(decoded))
  const dying = { ...stores, users: { ...stores.users, write: () => Promise.reject(new Error('killed')) } }
  await expect(applierOver(dying)(split.slice(2).map(decoded))).rejects.toThrow('killed')
  expect((await users()).map(({ redirectTo }) => redirectTo)).toEqual([undefined, 'optik|shopify|north|1'])
  await applierOver(stores)(split.slice(2).map(decoded))
  expect(await users()).toEqual(await inMemory(split))
})

test('three consumers, each with its own mix of statements about the same products, whose numbers wander', async () => {
  const all = Array.from({ length: 150 }, (_, at) =>
    product({
      entityId: `${at % 5}`,
      storeId: ['north', 'south', 'west'][at % 3] ?? '',
      merchantId: at % 4 === 0 ? 'rival' : 'optik',
      platformAt: noon + hours((at * 37) % 100),
      createdAt: noon - (at % 5),
      title: `title-${at}`,
      variants: [at, at + 1].map((nth) => ({
        id: `${nth % 3}`,
        sku: `S${((at % 5) + (at % 7 === 0 ? 1 : 0)) % 5}-${nth % 3}`,
        price: `${at}`,
      })),
      complete: { variants: at % 2 === 0 },
    }),
  )
  const mine = (which: number) => all.filter((_, at) => (at * 11) % 3 === which || at % 10 === 0)
  await Promise.all(
    [0, 1, 2].map(async (which) => {
      const apply = applierOver(storesOf(db()), pause)
      const batch = mine(which).map(decoded)
      for (let at = 0; at < batch.length; at += 16) await apply(batch.slice(at, at + 16))
    }),
  )
  const found = await said('catalog')
  expect(found).toEqual(await inMemory(all, 'catalog'))
  expect(found.filter(({ redirectTo }) => redirectTo !== undefined).length).toBeGreaterThan(3)
})

test('a number of more products than can share one joins nothing', async () => {
  const all = Array.from({ length: 52 }, (_, at) =>
    product({ entityId: '1', storeId: `store-${at}`, variants: [{ id: '1', sku: 'GIFT' }], createdAt: noon + at }),
  )
  await applierOver(stores, pause)(all.slice(0, 50).map(decoded))
  expect((await said('catalog')).filter(({ redirectTo }) => redirectTo === undefined)).toHaveLength(1)
  await applierOver(stores, pause)(all.map(decoded))
  expect((await said('catalog')).filter(({ redirectTo }) => redirectTo === undefined)).toHaveLength(52)
})

test('an address of more accounts than a person has joins nobody, however many come at once; one less, and it does', async () => {
  const said = (at: number, email: string) =>
    customer({ entityId: '1', storeId: `store-${at}`, email, createdAt: noon + at, platformAt: noon + at })
  const all = Array.from({ length: 70 }, (_, at) => said(at, 'hall@x.at'))
  const people = async () => (await users()).filter(({ redirectTo }) => redirectTo === undefined).length
  await applierOver(stores, pause)(all.slice(0, 20).map(decoded))
  expect(await people()).toBe(1)
  await applierOver(stores, pause)(all.slice(20).map(decoded))
  expect(await people()).toBe(70)
  expect(await users()).toEqual(await inMemory(all))

  // who is left is joined, though nothing is said of them any more
  const left = Array.from({ length: 50 }, (_, at) => said(20 + at, `own-${at}@x.at`)).map((event) => ({
    ...event,
    value: { ...event.value, platformAt: noon + hours(1) },
  })) as Event[]
  await applierOver(stores, pause)(left.slice(0, 19).map(decoded))
  expect(await people()).toBe(70)
  await applierOver(stores, pause)(left.slice(19).map(decoded))
  expect(await people()).toBe(51)
  expect(await users()).toEqual(await inMemory([...all, ...left]))

  await db().dropDatabase()
  const gone = customer({ entityId: '1', storeId: 'store-20', email: null, cleared: ['email'], platformAt: noon + 99 })
  await applierOver(stores, pause)(all.slice(0, 21).map(decoded))
  expect(await people()).toBe(21)
  await applierOver(stores, pause)([decoded(gone)])
  expect(await people()).toBe(2)
})

test('two consumers that fold into one order lose nothing', async () => {
  const all = Array.from({ length: 40 }, (_, at) =>
    order({
      platformAt: noon + at,
      refunds: [{ id: `${at}`, lines: [], transactions: [], adjustments: [] }],
      status: `${at}`,
    }),
  )
  await Promise.all(all.map((event) => applierOver(stores, pause)([decoded(event)])))
  const found = await db().collection('orders').findOne({})
  expect(found?.['refunds']).toHaveLength(40)
  expect(found).toMatchObject({ version: 40, status: '39' })
  await Promise.all(all.map((event) => applierOver(stores, pause)([decoded(event)])))
  expect(await db().collection('orders').findOne({})).toEqual(found)
})
