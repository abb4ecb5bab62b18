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
  return {
    records: Object.fromEntries([...stores.records].map(([name, record]) => [name, contentOf(record)])),
    users: Object.fromEntries(users),
    versions: [...stores.records.values()].map(({ id, version }) => [id, version]),
    userVersions: [...stores.users.values()].map(({ id, version }) => [id, version]),
  }
}

const perhaps = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 3, nil: null })
const head = fc.record({
  entityId: fc.constantFrom('1', '2', '3'),
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
      cleared: fc.subarray(['email', 'phone']),
    }),
  )
  .map(([of, said]) => customer({ ...of, ...said }))
const gone = fc.tuple(head, fc.boolean()).map(([of, terminal]) => deletion('customer', { ...of, terminal }))
const customers = fc.array(fc.oneof({ arbitrary: stated, weight: 8 }, { arbitrary: gone, weight: 1 }), {
  minLength: 1,
  maxLength: 14,
})
const delivered = customers.chain((all) =>
  fc.tuple(
    fc.constant(all),
    fc.shuffledSubarray([...all, ...all], { minLength: all.length }),
    fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1 }),
  ),
)

test.prop([delivered], { numRuns: 1_000 })(
  'two stores of two merchants: any order, any repetition, any batching ends in the same records and users',
  async ([all, some, sizes]) => {
    const { records, users } = await after(inBatches([...some, ...all.filter((one) => !some.includes(one))], sizes))
    const expected = await after([all])
    expect({ records, users }).toEqual({ records: expected.records, users: expected.users })
    for (const [id, user] of Object.entries(users)) {
      const named = 'redirectTo' in user ? [user.redirectTo] : user.members
      for (const other of named) expect(other.split('|')[0]).toBe(id.split('|')[0])
    }
  },
  120_000,
)

test.prop([customers, fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1 })])(
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
        deletion('ai_session', {}),
        deletion('order', { childId: '7' }),
        order({ payloadRef: 'blob' }),
        product({ variants: [{ id: '1', updatedAt: -8_640_000_000_000_001 }] }),
      ].map(decoded),
    )
    expect(outcomes).toEqual([
      { kind: 'done' },
      { kind: 'rejected', reason: 'platformAt is no time from 1970 on' },
      { kind: 'skipped', reason: 'a deletion without a time, not confirmed by the store' },
      { kind: 'rejected', reason: 'merchantId, source, storeId or entityId cannot be part of an id' },
      { kind: 'rejected', reason: 'StoreStated does not state an entity of its entityType' },
      { kind: 'rejected', reason: 'paidAt is no time' },
      { kind: 'skipped', reason: 'not kept yet: ai_session' },
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
    const { records, users } = stores.storesFor(atOnce)
    const away = { ...users, reaching: () => Promise.reject(new Error('the database is away')) }
    const batch = [decoded(customer({ email: 'a@x.at' }))]
    await expect(applierOver({ records, users: away })(batch)).rejects.toThrow('away')
    expect(stores.users.size).toBe(0)
    await applierOver({ records, users })(batch)
    expect([...stores.users.keys()]).toEqual(['optik|shopify|north|1'])
  })

  example('is given up after too many lost guards, so that it comes again', async () => {
    const { records, users } = createMemoryStores().storesFor(atOnce)
    const contested = {
      ...records,
      saveMany: async (_: unknown, all: readonly { id: string }[]) => new Set(all.map(({ id }) => id)),
    }
    await expect(applierOver({ records: contested, users })([decoded(order({}))])).rejects.toThrow(/orders: guards/)
    const refused = { ...users, write: async (all: readonly { id: string }[]) => new Set(all.map(({ id }) => id)) }
    await expect(applierOver({ records, users: refused })([decoded(customer({}))])).rejects.toThrow(/users: guards/)
  })
})
