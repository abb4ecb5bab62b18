import type {} from '@varai/dev-stack/vitest'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest'
import { createFactStore, type FactStore } from './fact-store.ts'
import { foldOrder, type OrderFact } from './pure/order-fact.ts'
import { statedOrder } from './pure/order-statement.ts'
import { orderStated, sampleTime } from './test-orders.ts'

let client: MongoClient
let facts: FactStore
const database = `fact_store_test_${process.pid}`
beforeAll(async () => {
  client = await MongoClient.connect(inject('stack').mongo.url)
})
beforeEach(async () => {
  await client.db(database).dropDatabase()
  facts = createFactStore(client.db(database))
})
afterAll(async () => {
  await client?.db(database).dropDatabase()
  await client?.close()
})

let events = 0
function fold(held: OrderFact | undefined, fields: Parameters<typeof orderStated>[0]): OrderFact {
  const read = statedOrder(
    orderStated({ createdAt: sampleTime, platformAt: sampleTime + ++events, eventId: `e${events}`, ...fields }),
  )
  if (!read.ok) throw new Error(read.reason)
  return foldOrder(held, [read.statement]).fact
}
const loadOne = async (fact: OrderFact) => (await facts.loadMany([fact.id])).get(fact.id)

test('what was saved is loaded, to the last digit', async () => {
  const fact = fold(undefined, {
    currency: 'EUR',
    total: '12345678901234.000001',
    cancelledAt: sampleTime,
    test: false,
  })
  expect(await facts.saveMany([fact])).toBe(true)
  expect(await loadOne(fact)).toEqual({ ...fact, version: 1 })
})

test('of two that decided from one version, the second is told and changes nothing; the others of its save are saved', async () => {
  const first = fold(undefined, { total: '1' })
  await facts.saveMany([first])
  const held = await loadOne(first)
  expect(await facts.saveMany([fold(held, { total: '2' })])).toBe(true)
  const other = fold(undefined, { entityId: '1002' })
  expect(await facts.saveMany([fold(held, { total: '3' }), other])).toBe(false)
  expect((await loadOne(first))?.stated.total?.value).toBe('2')
  expect((await loadOne(other))?.version).toBe(1)
})

test('of two that both saw nothing, one inserts', async () => {
  const [one, two] = [fold(undefined, { total: '1' }), fold(undefined, { total: '2' })]
  const saved = await Promise.all([facts.saveMany([one]), facts.saveMany([two])])
  expect(saved.toSorted()).toEqual([false, true])
  expect((await loadOne(one))?.version).toBe(1)
})

test('only the version that was counted is cleared of the roll-ups it left', async () => {
  const fact = fold(undefined, { currency: 'EUR' })
  await facts.saveMany([fact])
  const first = await loadOne(fact)
  await facts.saveMany([fold(first, { currency: 'USD' })])
  const second = await loadOne(fact)
  await facts.saveMany([fold(second, { currency: 'SEK' })])
  if (second !== undefined) await facts.clearLeft([second])
  const third = await loadOne(fact)
  expect(third?.left).toHaveLength(2)
  if (third !== undefined) await facts.clearLeft([third])
  expect((await loadOne(fact))?.left).toEqual([])
})
