import { describe, expect, test } from 'vitest'
import { customer, deletion, inventory, minutes, noon, order, product, statement } from '../../../test/events.ts'
import type { Event } from '../admit.ts'
import type { RecordState } from '../record.ts'
import { foldRecord } from './fold-record.ts'

type Said = Parameters<typeof order>[0]

/** What is found tied, event by event, and how often it is found. */
function found(...events: Event[]) {
  let held: RecordState | undefined
  const ties = events.flatMap((event) => {
    const decision = foldRecord(held, [statement(event)])
    held = decision.record
    return decision.tie ?? []
  })
  return { ties, held }
}

const tied = [{ at: noon, of: ['1'] }]
const later = noon + minutes(1)
const refund = (id: string, total: string) => ({ id, total, items: [] })
const answer = (given: Said) =>
  order({ triggeredAt: later, origin: 'api', eventId: `shopify|north|order|1|tie|fetched|${noon}|0`, ...given })

/** Each pair in both orders, one by one and at once. */
describe.each<[string, Event, Event, boolean]>([
  ['different values', order({ status: 'paid' }), order({ status: 'open' }), true],
  ['the same value', order({ status: 'paid' }), order({ status: 'paid', total: '1' }), false],
  ['a value and silence', order({ status: 'paid' }), order({ total: '1' }), false],
  ['a value, and that it was cleared', order({ status: 'paid' }), order({ cleared: ['status'] }), true],
  ['case and blanks', order({ note: 'Ring at  1' }), order({ note: 'ring at 1 ' }), false],
  ['different times', order({ status: 'paid' }), order({ status: 'open', platformAt: later }), false],
  ['trigger times', order({ status: 'a', triggeredAt: noon }), order({ status: 'b', triggeredAt: later }), true],
  ['elements', order({ refunds: [refund('1', '1')] }), order({ refunds: [refund('1', '2')] }), true],
  ['other elements', order({ refunds: [refund('1', '1')] }), order({ refunds: [refund('2', '2')] }), false],
  [
    'an element, and a whole list without it',
    order({ refunds: [refund('1', '1')] }),
    order({ refunds: [], complete: { refunds: true, fulfilments: false } }),
    true,
  ],
  [
    'the same values inside, without those that are not stated',
    order({ items: [{ sku: 'a', price: null }] as never }),
    order({ items: [{ sku: 'a' }] as never }),
    false,
  ],
  [
    'a store that tells and is not asked',
    order({ source: 'html', status: 'a' }),
    order({ source: 'html', status: 'b' }),
    false,
  ],
  ['what nobody reads from a store', inventory({ available: 1 }), inventory({ available: 2 }), false],
])('two statements of one time: %s', (_, one, other, isTied) => {
  test.each([
    ['in order', [one, other]],
    ['the other way round', [other, one]],
  ])('%s', (_order, events) => {
    expect(found(...events).ties).toEqual(isTied ? tied : [])
    expect(foldRecord(undefined, events.map(statement)).tie).toEqual(isTied ? tied[0] : undefined)
  })
})

test('a time is found tied once, whatever else is said of it, and only the newest', () => {
  const all = ['a', 'b', 'c'].map((status) => order({ status }))
  const newer = ['a', 'b'].map((status) => order({ status, platformAt: later }))
  expect(found(...all, ...all).ties).toEqual(tied)
  expect(found(...all, ...newer, ...all).ties).toEqual([...tied, { at: later, of: ['1'] }])
  expect(foldRecord(undefined, [...all, ...newer].map(statement)).tie).toEqual({ at: later, of: ['1'] })
})

test('what was stated anew since is not asked about', () => {
  expect(found(order({ status: 'c', platformAt: later }), order({ status: 'a' }), order({ status: 'b' })).ties).toEqual(
    [],
  )
})

test('the answer settles it: neither what it says nor what comes late is found tied again', () => {
  const { ties, held } = found(
    order({ status: 'a' }),
    order({ status: 'b' }),
    answer({ status: 'a' }),
    order({ status: 'c' }),
  )
  expect(ties).toEqual(tied)
  expect(held?.registers.values['status']).toBe('a')
  const before = [answer({ status: 'a', refunds: [], complete: { refunds: true, fulfilments: true } })]
  expect(found(...before, order({ status: 'b', refunds: [refund('1', '1')] })).ties).toEqual([])
})

test('what a store answered while the second was not over settles nothing', () => {
  expect(found(answer({ status: 'a', triggeredAt: noon + 900 }), order({ status: 'b' })).ties).toEqual(tied)
})

test('of what is gone nothing is asked', () => {
  expect(found(deletion('order', { platformAt: later }), order({ status: 'a' }), order({ status: 'b' })).ties).toEqual(
    [],
  )
})

test('parts that have ids of their own are read by these', () => {
  const variants = (price: string) => product({ source: 'woocommerce', variants: [{ id: '11', price, options: [] }] })
  expect(found(variants('1'), variants('2')).ties).toEqual([{ at: noon, of: ['11'] }])
  const only = (price: string) => product({ source: 'woocommerce', variants: [{ id: '1', price, options: [] }] })
  expect(found(only('1'), only('2')).ties).toEqual(tied)
})

test('a product’s stock and a customer’s address are read as all else', () => {
  const living = (city: string) =>
    customer({ source: 'woocommerce', addresses: [{ id: 'billing', city }], complete: { addresses: true } } as never)
  expect(found(living('Wien'), living('Graz')).ties).toEqual(tied)
})
