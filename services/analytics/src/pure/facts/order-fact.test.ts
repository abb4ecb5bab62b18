import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { countOrder } from '../count/count-order.ts'
import { parseRowId } from '../count/row.ts'
import { momentOf } from './moment.ts'
import { foldOrder, type OrderFact } from './order-fact.ts'
import type { OrderFields, OrderStatement } from './order-statement.ts'

const of = {
  entityId: '1001',
  id: 'acme|shopify|acme.myshopify.com|1001',
  merchantId: 'acme',
  platform: 'shopify',
  storeId: 'acme.myshopify.com',
}
const noon = Date.UTC(2026, 4, 1, 12, 30)
const hour = 3_600_000

let events = 0
const at = (platformAt: number, triggeredAt: number | null = null) =>
  momentOf({ platformAt, triggeredAt, eventId: `shopify|acme.myshopify.com|${++events}|0` })
const stated = (fields: Partial<OrderFields>, moment = at(noon)): OrderStatement => ({
  of,
  moment,
  kind: 'stated',
  fields,
})
const deleted = (moment = at(noon), terminal = false): OrderStatement => ({ of, moment, kind: 'deleted', terminal })
const placed = { createdAt: noon, currency: 'EUR', total: '120.5', cancelledAt: null, test: false }
const fold = (...statements: OrderStatement[]) => foldOrder(undefined, statements)

/** What the order adds to the row of all orders, and which row that is. */
function contributionOf(fact: OrderFact): Record<string, string | number> | null {
  const [all] = countOrder(fact, null, new Map())
  if (all === undefined) return null
  const { hour, currency } = parseRowId(all.row)
  return { ...all.add, hour, currency }
}

describe('what an order adds', () => {
  test('it counts in the UTC hour in which it was made, in its currency', () => {
    expect(contributionOf(fold(stated(placed)))).toEqual({
      ...{ hour: '2026-05-01-12', currency: 'EUR', orders: 1, cancelled: 0, withoutTotal: 0 },
      ...{ grossTotal: '120.5', netTotal: '120.5' },
    })
  })

  test('nothing until a statement says when it was made', () => {
    const refundOnly = fold(stated({ total: '100' }))
    expect(contributionOf(refundOnly)).toBeNull()
    expect(contributionOf(foldOrder(refundOnly, [stated(placed, at(noon - hour))]))).toMatchObject({
      grossTotal: '100',
    })
  })

  test('a test order and a deleted order add nothing; a later statement restores the latter', () => {
    expect(contributionOf(fold(stated({ ...placed, test: true })))).toBeNull()
    const gone = fold(stated(placed), deleted(at(noon + 1)))
    expect(contributionOf(gone)).toBeNull()
    expect(contributionOf(foldOrder(gone, [stated({}, at(noon + 2))]))).not.toBeNull()
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
    expect(contributionOf(foldOrder(held, [stated(placed, at(noon))]))).toEqual(contributionOf(held))
  })

  test('silence keeps a value, emptying takes it away', () => {
    const held = fold(stated({ ...placed, cancelledAt: noon }))
    expect(contributionOf(foldOrder(held, [stated({}, at(noon + 1))]))?.['cancelled']).toBe(1)
    expect(contributionOf(foldOrder(held, [stated({ cancelledAt: null }, at(noon + 1))]))?.['cancelled']).toBe(0)
  })

  test('the time of triggering settles ties of the platform time; none is the lowest', () => {
    const polled = stated({ total: '2' }, at(noon, noon + 5))
    expect(contributionOf(fold(polled, stated({ ...placed, total: '1' }, at(noon))))?.['grossTotal']).toBe('2')
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
    const common = { of, moment: momentOf({ ...moment, eventId: `e${event}` }) }
    return typeof what === 'boolean'
      ? { ...common, kind: 'deleted', terminal: what && event > 7 }
      : { ...common, kind: 'stated', fields: what }
  })

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
    for (let from = 0; from < arrival.length; from += cut) held = foldOrder(held, arrival.slice(from, from + cut))
    expect(held).toEqual(foldOrder(undefined, all))
  })
})
