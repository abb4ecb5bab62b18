import type {} from '@varai/dev-stack/vitest'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest'
import { createRollupStore, type RollupStore } from './rollup-store.ts'

let client: MongoClient
let rollups: RollupStore
const database = `rollup_store_test_${process.pid}`
beforeAll(async () => {
  client = await MongoClient.connect(inject('stack').mongo.url)
})
beforeEach(async () => {
  await client.db(database).dropDatabase()
  rollups = createRollupStore(client.db(database))
})
afterAll(async () => {
  await client?.db(database).dropDatabase()
  await client?.close()
})

const bucket = (hour: string) => `orders|acme|shopify|acme.myshopify.com|${hour}|EUR`
const count = (orders: number) => ({ orders, cancelled: 0, grossTotal: '0', withoutTotal: 0 })
const shown = async () =>
  (await rollups.readHours({ merchantId: 'acme', from: '2026-01-01-00', to: '2027-01-01-00', limit: 10 })).map(
    ({ hour, orders }) => [hour, orders],
  )

test('a count over a revision that is gone is not written, and named; the others are', async () => {
  const [noon, one] = [bucket('2026-05-01-12'), bucket('2026-05-01-13')]
  expect(await rollups.writeMany([{ bucket: noon, rev: 0, count: count(1) }])).toEqual([])
  expect(await rollups.writeMany([{ bucket: noon, rev: 1, count: count(2) }])).toEqual([])
  expect(
    await rollups.writeMany([
      { bucket: noon, rev: 1, count: count(9) },
      { bucket: one, rev: 0, count: count(5) },
    ]),
  ).toEqual([noon])
  expect(await shown()).toEqual([
    ['2026-05-01-12', 2],
    ['2026-05-01-13', 5],
  ])
  expect(await rollups.revisions([noon, one, bucket('2026-05-01-14')])).toEqual(
    new Map([
      [noon, 2],
      [one, 1],
    ]),
  )
})

test('of two that both saw no roll-up, one writes it', async () => {
  const noon = bucket('2026-05-01-12')
  const lost = await Promise.all(
    [1, 2].map((orders) => rollups.writeMany([{ bucket: noon, rev: 0, count: count(orders) }])),
  )
  expect(lost.flat()).toEqual([noon])
})

test('an hour that lost its orders stays, with a revision, and is not shown', async () => {
  const noon = bucket('2026-05-01-12')
  await rollups.writeMany([{ bucket: noon, rev: 0, count: count(1) }])
  await rollups.writeMany([{ bucket: noon, rev: 1, count: count(0) }])
  expect(await shown()).toEqual([])
  expect(await rollups.revisions([noon])).toEqual(new Map([[noon, 2]]))
})
