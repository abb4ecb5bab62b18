import { randomUUID } from 'node:crypto'
import type {} from '@varai/dev-stack/vitest'
import { type Db, Decimal128, MongoClient } from 'mongodb'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { createShop } from '../create-shop.ts'
import { topicsWithStock } from '../shop/options.ts'
import { agrees, compareWithTruth } from './compare.ts'
import { type ExpectedRecord, mergeTruths, recordCollections } from './truth.ts'

const shopOf = (storeId: string) =>
  createShop({ seed: 5, merchantId: 'optik', storeId, secret: 's', deliveries: 600, topics: topicsWithStock })
const truth = mergeTruths(shopOf('a.myshopify.com').truth(), shopOf('b.myshopify.com').truth())
const total = recordCollections.reduce((sum, collection) => sum + truth.records[collection].size, truth.users.size)

let client: MongoClient
let db: Db
beforeAll(async () => {
  client = await MongoClient.connect(inject('stack').mongo.url)
  db = client.db(`truth-${randomUUID()}`)
})
afterAll(async () => {
  await db.dropDatabase()
  await client.close()
})

type Stored = { _id: string; [field: string]: unknown }
const stored = (name: string) => db.collection<Stored>(name)
const compare = () => compareWithTruth(db, truth)
const someOrder = (is: (order: ExpectedRecord) => boolean): ExpectedRecord => {
  const found = [...truth.records.orders.values()].find(is)
  if (found === undefined) throw new Error('no such order')
  return found
}
const live = someOrder(({ deleted }) => !deleted)

/** Writes down what must be there, as the system would: with fields of its own, and without what is empty. */
beforeEach(async () => {
  for (const collection of recordCollections) {
    await stored(collection).deleteMany({})
    const documents = [...truth.records[collection].values()].map(({ id, fields, deleted }) => ({
      _id: id,
      ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)),
      ...(deleted && { deleted }),
      syncedAt: new Date(),
    }))
    await stored(collection).insertMany(documents)
  }
  await stored('users').deleteMany({})
  const users = [...truth.users.values()].map((user) => ({
    _id: user.id,
    merchantId: 'optik',
    ...('redirectTo' in user ? { redirectTo: user.redirectTo } : { ...user.fields, deleted: user.deleted }),
  }))
  await stored('users').insertMany(users)
})

test('a database that holds what it must agrees', async () => {
  const comparison = await compare()
  expect(comparison).toEqual({ checked: total, agreeing: total, differences: [], missing: [], unexpected: [] })
  expect(agrees(comparison)).toBe(true)
})

describe('is told', () => {
  test('a field that differs, with both values', async () => {
    await stored('orders').updateOne({ _id: live.id }, { $set: { total: Decimal128.fromString('0.01') } })
    const comparison = await compare()
    expect(comparison).toMatchObject({
      checked: total,
      agreeing: total - 1,
      differences: [{ collection: 'orders', id: live.id, field: 'total', expected: live.fields['total'] }],
    })
    expect(agrees(comparison)).toBe(false)
  })

  test('a field that should have been emptied', async () => {
    const order = someOrder(({ fields, deleted }) => fields['note'] === null && !deleted)
    await stored('orders').updateOne({ _id: order.id }, { $set: { note: 'long gone' } })
    expect((await compare()).differences).toMatchObject([{ id: order.id, field: 'note', expected: null }])
  })

  test('a part of a list', async () => {
    await stored('orders').updateOne({ _id: live.id }, { $set: { 'items.0.id': '1' } })
    expect((await compare()).differences).toMatchObject([{ id: live.id, field: 'items[0].id', found: '1' }])
  })

  test('a document that is missing', async () => {
    await stored('orders').deleteOne({ _id: live.id })
    expect(await compare()).toMatchObject({ agreeing: total - 1, missing: [{ collection: 'orders', id: live.id }] })
  })

  test('a document that nothing accounts for, of these stores only', async () => {
    const of = { merchantId: 'optik', platform: 'shopify' }
    await stored('products').insertOne({ _id: 'ours', ...of, storeId: 'a.myshopify.com' })
    await stored('products').insertOne({ _id: 'theirs', ...of, storeId: 'elsewhere.myshopify.com' })
    expect((await compare()).unexpected).toEqual([{ collection: 'products', id: 'ours' }])
  })

  test('what lives and should not, and what should and does not', async () => {
    const dead = someOrder(({ deleted }) => deleted)
    await stored('orders').updateOne({ _id: dead.id }, { $unset: { deleted: '' } })
    await stored('orders').updateOne({ _id: live.id }, { $set: { deleted: true } })
    const found = (await compare()).differences.map(({ id, field, expected }) => [id, field, expected])
    expect(found).toHaveLength(2)
    expect(found).toContainEqual([dead.id, 'deleted', true])
    expect(found).toContainEqual([live.id, 'deleted', false])
  })
})

describe('of people', () => {
  const users = [...truth.users.values()]
  const redirect = users.find((user) => 'redirectTo' in user)?.id ?? ''
  const person = users.find((user) => 'fields' in user && !user.deleted)?.id ?? ''

  test('is told one who should be another', async () => {
    await stored('users').updateOne({ _id: redirect }, { $unset: { redirectTo: '' } })
    await stored('users').updateOne({ _id: person }, { $set: { redirectTo: redirect } })
    const found = (await compare()).differences.map(({ id, field }) => [id, field])
    expect(found).toHaveLength(2)
    expect(found).toContainEqual([redirect, 'redirectTo'])
    expect(found).toContainEqual([person, 'redirectTo'])
  })

  test('is told an account of somebody else', async () => {
    await stored('users').updateOne({ _id: person }, { $set: { 'platforms.shopify.0.id': '1' } })
    expect((await compare()).differences).toMatchObject([{ id: person, field: 'platforms.shopify[0].id', found: '1' }])
  })

  test('is told one too many, of these stores only', async () => {
    await stored('users').insertOne({ _id: 'optik|shopify|a.myshopify.com|0', merchantId: 'optik' })
    await stored('users').insertOne({ _id: 'optik|shopify|elsewhere.myshopify.com|0', merchantId: 'optik' })
    expect((await compare()).unexpected).toEqual([{ collection: 'users', id: 'optik|shopify|a.myshopify.com|0' }])
  })
})

test('a tombstone may be silent of the dead, and must not lie', async () => {
  const dead = someOrder(({ deleted }) => deleted)
  await stored('orders').updateOne({ _id: dead.id }, { $unset: { items: '', name: '' } })
  expect(agrees(await compare())).toBe(true)
  await stored('orders').updateOne({ _id: dead.id }, { $set: { name: '#0' } })
  expect((await compare()).differences).toMatchObject([{ id: dead.id, field: 'name', found: '#0' }])
})

test('a comparison can leave out what did not change of late', async () => {
  const times = [...truth.records.orders.values()].map(({ changedAt }) => changedAt.getTime())
  const since = new Date(Math.max(...times))
  const { checked } = await compareWithTruth(db, truth, { since })
  expect(checked).toBeGreaterThan(0)
  expect(checked).toBeLessThan(total)
})
