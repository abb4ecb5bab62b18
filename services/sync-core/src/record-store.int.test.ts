import { Decimal128 } from 'mongodb'
import { beforeEach, describe, expect, test } from 'vitest'
import { testDatabase } from '../test/database.ts'
import { customer, deletion, noon, order, product, statement } from '../test/events.ts'
import type { Event } from './pure/admit.ts'
import { withChange } from './pure/change/record-change.ts'
import { foldRecord } from './pure/fold/fold-record.ts'
import { kindOf, type RecordKind } from './pure/kinds.ts'
import type { RecordState } from './pure/record.ts'
import { createRecordStore, type RecordStore } from './record-store.ts'

const db = testDatabase('records')
const savedAt = new Date(noon)
let records: RecordStore
beforeEach(() => {
  records = createRecordStore(db(), () => savedAt)
})

const kind = (entityType: string): RecordKind => {
  const found = kindOf(entityType)
  if (found === undefined) throw new Error(`no kind: ${entityType}`)
  return found
}
const [orders, customers, products] = [kind('order'), kind('customer'), kind('product')]
const fold = (held: RecordState | undefined, ...events: Event[]) => foldRecord(held, events.map(statement)).record
const load = async (of: RecordKind, id: string) => (await records.loadMany(of, [id])).get(id)

describe('a record comes back as it was saved', () => {
  const order1 = order({
    total: '99999999999999.000001',
    createdAt: noon,
    items: [{ sku: 'A.1', price: '12.5', quantity: 2, properties: [{ name: '$lens', value: 'x' }] }],
    refunds: [{ id: '7', createdAt: noon, total: '-0.000001' }],
    cleared: ['note'],
  })
  const customer1 = customer({ preferences: { 'frame.shape': 'round', $size: 'M' }, addresses: [{ city: 'Wien' }] })
  const product1 = product({
    variants: [
      { id: '$1', price: '9' },
      { id: 'a.b', updatedAt: noon },
    ],
    lensWidthMm: '52.5',
  })
  test.each([
    ['order', [order1]],
    ['customer', [customer1]],
    ['product', [product1, deletion('product', { platformAt: noon + 1, childId: 'a.b' })]],
    ['store', [deletion('store', { terminal: true })]],
  ])('%s', async (entityType, events) => {
    const record = withChange(undefined, fold(undefined, ...events), noon)
    expect(await records.saveMany(kind(entityType), [record])).toEqual(new Set())
    expect(await load(kind(entityType), record.id)).toEqual(record)
  })
})

test('money is Decimal128, times are dates, what was cleared is null, what nobody stated is not there', async () => {
  const record = fold(
    undefined,
    order({
      total: '10.5',
      createdAt: noon,
      cleared: ['note'],
      items: [{ price: '1', sku: null, properties: [] }],
      taxLines: [],
    }),
  )
  await records.saveMany(orders, [record])
  const document = await db().collection('orders').findOne({ platformId: '1' })
  expect(document).toMatchObject({
    _id: 'optik|shopify|north|1',
    merchantId: 'optik',
    platform: 'shopify',
    storeId: 'north',
    version: 1,
    deleted: false,
    total: Decimal128.fromString('10.5'),
    createdAt: new Date(noon),
    updatedAt: new Date(noon),
    syncedAt: savedAt,
    note: null,
    taxLines: [],
    refunds: [],
  })
  expect(document).not.toHaveProperty('email')
  expect(document?.['items'][0]).toEqual({ price: Decimal128.fromString('1'), properties: [] })
})

describe('of two that decided from one version', () => {
  const first = order({ status: 'pending' })
  const [paid, refunded] = [
    order({ platformAt: noon + 1, status: 'paid' }),
    order({ platformAt: noon + 2, status: 'refunded' }),
  ]

  test('the second is told and changes nothing; the others of its save are saved', async () => {
    await records.saveMany(orders, [fold(undefined, first)])
    const held = await load(orders, 'optik|shopify|north|1')
    expect(await records.saveMany(orders, [fold(held, paid)])).toEqual(new Set())
    const other = fold(undefined, order({ entityId: '2' }))
    expect(await records.saveMany(orders, [fold(held, refunded), other])).toEqual(new Set(['optik|shopify|north|1']))
    expect((await load(orders, 'optik|shopify|north|1'))?.registers.values['status']).toBe('paid')
    expect(await load(orders, other.id)).toEqual(other)
  })

  test('a new one is inserted once', async () => {
    const [one, two, other] = [fold(undefined, first), fold(undefined, paid), fold(undefined, order({ entityId: '2' }))]
    const lost = await Promise.all([records.saveMany(orders, [one]), records.saveMany(orders, [other, two])])
    expect(lost.flatMap((ids) => [...ids])).toEqual([one.id])
    expect(await load(orders, other.id)).toEqual(other)
  })

  test('at once and many: each is saved by one of them', async () => {
    const all = Array.from({ length: 60 }, (_, at) => fold(undefined, order({ entityId: `${at}` })))
    await records.saveMany(orders, all)
    const later = (platformAt: number, status: string) =>
      all.map((record, at) => fold(record, order({ entityId: `${at}`, platformAt, status })))
    const lost = await Promise.all([
      records.saveMany(orders, later(noon + 1, 'paid')),
      records.saveMany(orders, later(noon + 2, 'voided').toReversed()),
    ])
    expect(lost[0].size + lost[1].size).toBe(60)
    const saved = await records.loadMany(
      orders,
      all.map(({ id }) => id),
    )
    for (const { id, registers } of saved.values()) {
      expect(registers.values['status']).toBe(lost[0].has(id) ? 'voided' : 'paid')
    }
  })
})

test('customers are found by id and by e-mail, those of other merchants are not', async () => {
  const [ann, bob, cid, eve] = [
    customer({ entityId: '1', email: ' Ann@X.at' }),
    customer({ entityId: '2', email: 'ann@x.at', storeId: 'south' }),
    customer({ entityId: '3', email: 'cid@x.at' }),
    customer({ entityId: '4', email: 'ann@x.at', merchantId: 'rival' }),
  ].map((event) => fold(undefined, event))
  if (!ann || !bob || !cid || !eve) throw new Error('not folded')
  await records.saveMany(customers, [ann, bob, cid, eve])
  const ids = async (of: { ids: string[]; emailKeys: string[] }) => {
    const found = await records.find(customers, { ids: of.ids, keyField: 'emailKey', keys: of.emailKeys })
    return new Set(found.map(({ id }) => id))
  }
  expect(await ids({ ids: [cid.id], emailKeys: ['optik|ann@x.at'] })).toEqual(new Set([ann.id, bob.id, cid.id]))
  expect(await ids({ ids: [], emailKeys: ['rival|ann@x.at'] })).toEqual(new Set([eve.id]))
  expect(await ids({ ids: [], emailKeys: [] })).toEqual(new Set())
})

test('of a key that more records have than asked for, none is read, however many have it; of the others all', async () => {
  const all = Array.from({ length: 40 }, (_, at) =>
    fold(undefined, customer({ entityId: `${at}`, email: at < 4 ? `few-${at % 2}@x.at` : 'many@x.at' })),
  ).flatMap((record) => record ?? [])
  await records.saveMany(customers, all)
  const keys = ['optik|few-0@x.at', 'optik|few-1@x.at', 'optik|many@x.at', 'optik|none@x.at']
  const sharing = async (most: number, ids: string[] = []) => {
    const { records: found, crowded } = await records.findSharing(customers, { ids, keyField: 'emailKey', keys, most })
    return { count: new Set(found.map(({ id }) => id)).size, crowded: crowded.sort() }
  }
  expect(await sharing(36)).toEqual({ count: 40, crowded: [] })
  expect(await sharing(35)).toEqual({ count: 4, crowded: ['optik|many@x.at'] })
  // more than is usual for so many keys: they are looked at one by one
  expect(await sharing(1)).toEqual({ count: 0, crowded: keys.slice(0, 3) })
  expect(
    await sharing(
      1,
      all.slice(0, 1).map(({ id }) => id),
    ),
  ).toMatchObject({ count: 1 })
  await records.saveMany(
    customers,
    Array.from({ length: 30 }, (_, at) =>
      fold(undefined, customer({ entityId: `more-${at}`, email: 'many@x.at' })),
    ).flatMap((record) => record ?? []),
  )
  expect(await sharing(2)).toEqual({ count: 4, crowded: ['optik|many@x.at'] })
})

test('products say when they were last saved under their own name', async () => {
  await records.saveMany(products, [fold(undefined, product({ title: 'Round' }))])
  expect(await db().collection('products').findOne({})).toMatchObject({ lastSyncAt: savedAt, title: 'Round' })
})
