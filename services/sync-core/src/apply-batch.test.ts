import { fc, test } from '@fast-check/vitest'
import { describe, test as example, expect } from 'vitest'
import { applierOver } from '../test/apply.ts'
import { inBatches } from '../test/arbitrary.ts'
import { contentOf } from '../test/documents.ts'
import { customer, days, decoded, deletion, event, hours, noon, order, product } from '../test/events.ts'
import { createMemoryStores } from '../test/memory-stores.ts'
import type { Event } from './pure/admit.ts'

const atOnce = async () => undefined

/** What the database says in the end, apart from versions. */
async function after(batches: readonly (readonly Event[])[]) {
  const stores = createMemoryStores()
  const apply = applierOver(stores.storesFor(atOnce))
  for (const batch of batches) await apply(batch.map(decoded))
  const users = [...stores.users.values()].map(({ id, content }) => [id, content] as const)
  const catalog = [...stores.catalog.values()].map(({ id, content }) => [id, content] as const)
  return {
    records: Object.fromEntries([...stores.records].map(([name, record]) => [name, contentOf(record)])),
    users: Object.fromEntries(users),
    catalog: Object.fromEntries(catalog),
    versions: [...stores.records.values()].map(({ id, version }) => [id, version]),
    userVersions: [...stores.users.values()].map(({ id, version }) => [id, version]),
    itemVersions: [...stores.catalog.values()].map(({ id, version }) => [id, version]),
  }
}

const perhaps = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 3, nil: null })
const head = fc.record({
  entityId: fc.constantFrom('1', '2', '3'),
  source: fc.constantFrom('shopify', 'html'),
  storeId: fc.constantFrom('north', 'south'),
  merchantId: fc.constantFrom('optik', 'rival'),
  platformAt: fc.tuple(fc.nat(27), fc.nat(3)).map(([day, hour]) => noon + days(day) + hours(hour)),
  triggeredAt: fc.constantFrom(null, noon),
})
const stated = fc
  .tuple(
    head,
    fc.record({
      email: perhaps(fc.constantFrom('a@x.at', 'A@X.at', 'b@x.at', 'c@x.at')),
      firstName: perhaps(fc.constantFrom('Ann', 'Bea')),
      phone: perhaps(fc.constantFrom('+43 1', '+43 2')),
      acceptsMarketing: perhaps(fc.boolean()),
      createdAt: perhaps(fc.constantFrom(noon, noon - 1)),
      tags: perhaps(fc.subarray(['x', 'y'])),
      preferences: perhaps(fc.dictionary(fc.constantFrom('shape', '$size'), fc.constantFrom('round', 'oval'))),
      addresses: perhaps(
        fc.array(fc.record({ id: fc.constantFrom('1', '2'), city: fc.constantFrom('Wien', 'wien ', '') })),
      ),
      cleared: fc.subarray(['email', 'phone']),
    }),
  )
  .map(([of, said]) => customer({ ...of, ...said }))
const gone = fc.tuple(head, fc.boolean()).map(([of, terminal]) => deletion('customer', { ...of, terminal }))
const customers = fc.array(fc.oneof({ arbitrary: stated, weight: 8 }, { arbitrary: gone, weight: 1 }), {
  minLength: 1,
  maxLength: 14,
})
const variant = fc.record({
  id: fc.constantFrom('1', '2', '3'),
  sku: perhaps(fc.constantFrom('VS-1', 'vs-1 ', 'VS-2', 'n/a')),
  barcode: perhaps(fc.constantFrom('4006381333931', '4006381333930', '036000291452')),
  price: perhaps(fc.constantFrom('9', '10')),
})
const listed = fc
  .tuple(
    head,
    fc.record({
      title: perhaps(fc.constantFrom('Round', 'Square')),
      frameShape: perhaps(fc.constantFrom('Round', 'rund', 'superb')),
      tags: perhaps(fc.subarray(['x', 'y'])),
      createdAt: perhaps(fc.constantFrom(noon, noon - 1)),
      variants: perhaps(fc.array(variant, { maxLength: 3 })),
      complete: fc.record({ variants: fc.boolean() }),
    }),
  )
  .map(([of, said]) => product({ ...of, ...said }))
const unlisted = fc
  .tuple(head, fc.record({ terminal: fc.boolean(), childId: perhaps(fc.constantFrom('1', '2')) }))
  .map(([of, said]) => deletion('product', { ...of, ...said }))
const products = fc.array(fc.oneof({ arbitrary: listed, weight: 8 }, { arbitrary: unlisted, weight: 1 }), {
  minLength: 1,
  maxLength: 14,
})

const deliveredOf = (events: fc.Arbitrary<Event[]>) =>
  events.chain((all) =>
    fc.tuple(
      fc.constant(all),
      fc.shuffledSubarray([...all, ...all], { minLength: all.length }),
      fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1 }),
    ),
  )

const redelivered = ([all, some, sizes]: [Event[], Event[], number[]]) =>
  inBatches([...some, ...all.filter((one) => !some.includes(one))], sizes)
const merchantOf = (id: string) => id.split('|')[0]

test.prop([deliveredOf(customers)], { numRuns: 1_000 })(
  'two stores of two merchants on two platforms: any order, repetition and batching ends in the same records and users',
  async (delivery) => {
    const { records, users } = await after(redelivered(delivery))
    const expected = await after([delivery[0]])
    expect({ records, users }).toEqual({ records: expected.records, users: expected.users })
    for (const [id, user] of Object.entries(users)) {
      const named = 'redirectTo' in user ? [user.redirectTo] : 'members' in user ? user.members : []
      for (const other of named) expect(merchantOf(other)).toBe(merchantOf(id))
    }
  },
  120_000,
)

test.prop([deliveredOf(products)], { numRuns: 1_000 })(
  'the same for products: the same catalogue, with every offer in it once, and no two of one store in one item',
  async (delivery) => {
    const { records, catalog } = await after(redelivered(delivery))
    const expected = await after([delivery[0]])
    expect({ records, catalog }).toEqual({ records: expected.records, catalog: expected.catalog })
    const items = Object.entries(catalog).flatMap(([id, item]) => ('redirectTo' in item ? [] : [{ id, item }]))
    expect(items.flatMap(({ item }) => item.members).sort()).toEqual(Object.keys(catalog).sort())
    for (const { id, item } of items) {
      expect(item.members).toContain(id)
      const stores = item.offers.map(({ platform, storeId }) => `${platform} ${storeId}`)
      expect(new Set(stores).size).toBe(stores.length)
      for (const other of item.members) expect(merchantOf(other)).toBe(merchantOf(id))
    }
  },
  120_000,
)

test.prop([fc.oneof(customers, products), fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1 })])(
  'a second reading of everything changes nothing, not even a version',
  async (all, sizes) => {
    const once = inBatches(all, sizes)
    expect(await after([...once, ...once])).toEqual(await after(once))
  },
)

describe('a batch', () => {
  example('gets one outcome for each record, in order', async () => {
    const apply = applierOver(createMemoryStores().storesFor(atOnce))
    const outcomes = await apply(
      [
        order({ status: 'paid' }),
        order({ platformAt: -1 }),
        deletion('product', { confirmed: false }),
        order({ entityId: 'a|b' }),
        event('StoreStated', { entityType: 'order' }),
        order({ paidAt: 8_640_000_000_000_001 }),
        deletion('analytics', {}),
        deletion('order', { childId: '7' }),
        order({ payloadRef: 'blob' }),
        product({ variants: [{ id: '1', updatedAt: -8_640_000_000_000_001 }] }),
      ].map(decoded),
    )
    expect(outcomes).toEqual([
      { kind: 'done' },
      { kind: 'rejected', reason: 'platformAt is no time from 1970 on' },
      { kind: 'done' },
      { kind: 'rejected', reason: 'merchantId, source, storeId or entityId cannot be part of an id' },
      { kind: 'rejected', reason: 'StoreStated does not state an entity of its entityType' },
      { kind: 'rejected', reason: 'paidAt is no time' },
      { kind: 'skipped', reason: 'not kept yet: analytics' },
      { kind: 'rejected', reason: 'childId: such an entity has no parts of its own' },
      { kind: 'rejected', reason: 'payloadRef: the payload was not read back' },
      { kind: 'rejected', reason: 'variants[].updatedAt is no time' },
    ])
  })

  example('keeps entities of different types apart although their ids are the same', async () => {
    const { records } = await after([[order({ status: 'paid' }), customer({ email: 'a@x.at' })]])
    expect(Object.keys(records)).toEqual(['orders optik|shopify|north|1', 'customers optik|shopify|north|1'])
  })

  example('that was saved but not projected is projected when it comes again', async () => {
    const stores = createMemoryStores()
    const open = stores.storesFor(atOnce)
    const away = { ...open.users, reaching: () => Promise.reject(new Error('the database is away')) }
    const batch = [decoded(customer({ email: 'a@x.at' }))]
    await expect(applierOver({ ...open, users: away })(batch)).rejects.toThrow('away')
    expect(stores.users.size).toBe(0)
    await applierOver(open)(batch)
    expect([...stores.users.keys()]).toEqual(['optik|shopify|north|1'])
  })

  example('is given up after too many lost guards, so that it comes again', async () => {
    const stores = createMemoryStores().storesFor(atOnce)
    const contested = {
      ...stores.records,
      saveMany: async (_: unknown, all: readonly { id: string }[]) => new Set(all.map(({ id }) => id)),
    }
    await expect(applierOver({ ...stores, records: contested })([decoded(order({}))])).rejects.toThrow(/orders: guards/)
    const refused = {
      ...stores.users,
      write: async (all: readonly { id: string }[]) => new Set(all.map(({ id }) => id)),
    }
    await expect(applierOver({ ...stores, users: refused })([decoded(customer({}))])).rejects.toThrow(/users: guards/)
  })
})
