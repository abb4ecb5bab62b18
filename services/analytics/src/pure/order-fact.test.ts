import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { bucketId, hourOf, parseBucketId } from './hourly-bucket.ts'
import { momentOf } from './moment.ts'
import { bucketsOf, contributionOf, foldOrder, type OrderFact } from './order-fact.ts'
import type { CountedFields, OrderStatement } from './order-statement.ts'

const order = {
  id: 'acme|shopify|acme.myshopify.com|1001',
  merchantId: 'acme',
  platform: 'shopify',
  storeId: 'acme.myshopify.com',
}
const noon = Date.UTC(2026, 4, 1, 12, 30)
const hour = 3_600_000
const bucket = (text: string, currency = 'EUR') => `orders|acme|shopify|acme.myshopify.com|${text}|${currency}`

let events = 0
const at = (platformAt: number, triggeredAt: number | null = null) =>
  momentOf({ platformAt, triggeredAt, eventId: `shopify|acme.myshopify.com|${++events}|0` })
const stated = (fields: Partial<CountedFields>, moment = at(noon)): OrderStatement => ({
  order,
  moment,
  kind: 'stated',
  fields,
})
const deleted = (moment = at(noon), terminal = false): OrderStatement => ({ order, moment, kind: 'deleted', terminal })
const placed = { createdAt: noon, currency: 'EUR', total: '120.5', cancelledAt: null, test: false }
const fold = (...statements: OrderStatement[]) => foldOrder(undefined, statements).fact

describe('what an order adds', () => {
  test('it counts in the UTC hour in which it was made, in its currency', () => {
    expect(contributionOf(fold(stated(placed)))).toEqual({
      bucket: bucket('2026-05-01-12'),
      cancelled: false,
      total: '120.5',
    })
  })

  test('nothing until a statement says when it was made', () => {
    const refundOnly = fold(stated({ total: '100' }))
    expect(contributionOf(refundOnly)).toBeNull()
    expect(contributionOf(foldOrder(refundOnly, [stated(placed, at(noon - hour))]).fact)).toMatchObject({
      total: '100',
    })
  })

  test('a test order and a deleted order add nothing; a later statement restores the latter', () => {
    expect(contributionOf(fold(stated({ ...placed, test: true })))).toBeNull()
    const gone = fold(stated(placed), deleted(at(noon + 1)))
    expect(contributionOf(gone)).toBeNull()
    expect(contributionOf(foldOrder(gone, [stated({}, at(noon + 2))]).fact)).not.toBeNull()
  })

  test('a terminal deletion is not undone by a later statement', () => {
    expect(contributionOf(fold(deleted(at(noon), true), stated(placed, at(noon + hour))))).toBeNull()
  })

  test('of a deletion and a statement of the same time the deletion wins', () => {
    expect(contributionOf(fold(deleted(), stated(placed)))).toBeNull()
    expect(contributionOf(fold(stated(placed), deleted()))).toBeNull()
    expect(contributionOf(fold(stated(placed, at(noon, noon + 5)), deleted()))).toBeNull()
  })

  test('an older statement that comes late does not move it', () => {
    const held = fold(stated({ ...placed, total: '90', cancelledAt: noon }, at(noon + hour)))
    const decision = foldOrder(held, [stated(placed, at(noon))])
    expect(decision).toEqual({ fact: held, changed: false })
  })

  test('silence keeps a value, emptying takes it away', () => {
    const held = fold(stated({ ...placed, cancelledAt: noon }))
    expect(contributionOf(foldOrder(held, [stated({}, at(noon + 1))]).fact)?.cancelled).toBe(true)
    expect(contributionOf(foldOrder(held, [stated({ cancelledAt: null }, at(noon + 1))]).fact)?.cancelled).toBe(false)
  })

  test('the time of triggering settles ties of the platform time; none is the lowest', () => {
    const polled = stated({ total: '2' }, at(noon, noon + 5))
    expect(contributionOf(fold(polled, stated({ ...placed, total: '1' }, at(noon))))?.total).toBe('2')
  })
})

describe('the roll-ups it concerns', () => {
  const twelve = bucket('2026-05-01-12')

  test('the one it counts in; after a move also the one it left', () => {
    const held = fold(stated(placed))
    expect(bucketsOf(held)).toEqual([twelve])
    const moved = foldOrder(held, [stated({ createdAt: noon + hour }, at(noon + 1))]).fact
    expect(bucketsOf(moved)).toEqual([twelve, bucket('2026-05-01-13')])
    const again = foldOrder(moved, [stated({ currency: 'USD' }, at(noon + 2))]).fact
    expect(bucketsOf(again)).toEqual([twelve, bucket('2026-05-01-13'), bucket('2026-05-01-13', 'USD')])
  })

  test('one that counts no more left the one it was in; back again it left none', () => {
    const gone = foldOrder(fold(stated(placed)), [deleted(at(noon + 1))]).fact
    expect(bucketsOf(gone)).toEqual([twelve])
    expect(foldOrder(gone, [stated({}, at(noon + 2))]).fact.left).toEqual([])
  })

  test('a restatement is kept with its moment, and moves nothing', () => {
    const decision = foldOrder(fold(stated(placed)), [stated(placed, at(noon + 1))])
    expect(decision).toMatchObject({
      changed: true,
      fact: { left: [], stated: { total: { moment: expect.stringContaining(String(noon + 1)) } } },
    })
  })
})

const moments = fc.record({
  platformAt: fc.integer({ min: noon, max: noon + 3 }),
  triggeredAt: fc.option(fc.integer({ min: noon, max: noon + 2 })),
})
const fields = fc.record(
  {
    createdAt: fc.constantFrom(noon, noon + hour, null),
    cancelledAt: fc.constantFrom(noon, null),
    currency: fc.constantFrom('EUR', 'USD', null),
    total: fc.constantFrom('0', '1.5', '-3', null),
    test: fc.constantFrom(true, false, null),
  },
  { requiredKeys: [] },
)
/** Event ids repeat on purpose, also over different contents. */
const statements: fc.Arbitrary<OrderStatement> = fc
  .tuple(moments, fc.integer({ min: 0, max: 9 }), fc.oneof({ weight: 4, arbitrary: fields }, fc.boolean()))
  .map(([moment, event, what]) => {
    const common = { order, moment: momentOf({ ...moment, eventId: `e${event}` }) }
    return typeof what === 'boolean'
      ? { ...common, kind: 'deleted', terminal: what && event > 7 }
      : { ...common, kind: 'stated', fields: what }
  })

/** Where it was in between does depend on the batches. */
const withoutLeft = (fact: OrderFact | undefined) => ({ ...fact, left: [] })

describe('properties', () => {
  property.prop([
    fc.array(statements, { minLength: 1, maxLength: 12 }).chain((all) =>
      fc.record({
        all: fc.constant(all),
        arrival: fc
          .array(fc.constantFrom(...all), { maxLength: 12 })
          .chain((repeats) => fc.shuffledSubarray([...all, ...repeats], { minLength: all.length + repeats.length })),
        cut: fc.integer({ min: 1, max: 5 }),
      }),
    ),
  ])('any order, any repetition, any batching ends in the same fact', ({ all, arrival, cut }) => {
    let held: OrderFact | undefined
    for (let from = 0; from < arrival.length; from += cut) held = foldOrder(held, arrival.slice(from, from + cut)).fact
    expect(withoutLeft(held)).toEqual(withoutLeft(foldOrder(undefined, all).fact))
  })

  property.prop([fc.array(statements, { minLength: 1, maxLength: 12 })])(
    'every roll-up it ever counted in is concerned until that was cleared',
    (all) => {
      let held: OrderFact | undefined
      const entered = new Set<string>()
      for (const statement of all) {
        held = foldOrder(held, [statement]).fact
        const contribution = contributionOf(held)
        if (contribution !== null) entered.add(contribution.bucket)
        expect(new Set(bucketsOf(held))).toEqual(entered)
      }
    },
  )

  property.prop([fc.integer({ min: 0, max: 4_102_444_800_000 }), fc.constantFrom('EUR', null)])(
    'the id of a roll-up says what it is of',
    (ms, currency) => {
      const { id: _, ...store } = order
      const of = { ...store, hour: hourOf(ms), currency }
      expect(parseBucketId(bucketId(of))).toEqual(of)
    },
  )
})
