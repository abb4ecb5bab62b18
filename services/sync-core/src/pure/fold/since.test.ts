import { fc, test } from '@fast-check/vitest'
import { describe, test as example, expect } from 'vitest'
import { foldInBatches } from '../../../test/documents.ts'
import { customer, days, hours, minutes, noon, product, statement } from '../../../test/events.ts'
import type { Event } from '../admit.ts'
import { eventIdOf } from '../moment.ts'
import { runsOf, sinceOf, sinceOfElement } from './since.ts'

const given = (...events: Event[]) => foldInBatches(events.map((event) => [statement(event)]))
const since = (field: string, ...events: Event[]) => {
  const record = given(...events)
  return sinceOf(record, runsOf(record), field)?.at
}
const sinceOfVariant = (key: string, ...events: Event[]) => {
  const record = given(...events)
  return sinceOfElement(record, runsOf(record), 'variants', key)?.at
}
const named = (platformAt: number, firstName: string | null, rest = {}) => customer({ platformAt, firstName, ...rest })

describe('a value is as old as', () => {
  example('the first statement of its run, however often it is stated again', () => {
    expect(since('firstName', named(noon, 'Ann'), named(noon + days(2), 'Ann'), named(noon + days(4), 'Ann'))).toBe(
      noon,
    )
  })

  example('its return, after another value', () => {
    const events = [named(noon, 'Ann'), named(noon + hours(1), 'Bea'), named(noon + hours(2), 'Ann')]
    expect(since('firstName', ...events)).toBe(noon + hours(2))
  })

  example('its first statement also when another value between turns up late', () => {
    const events = [named(noon, 'Ann'), named(noon + hours(2), 'Ann'), named(noon + hours(1), 'Bea')]
    expect(since('firstName', ...events)).toBe(noon + hours(2))
  })

  example('before a statement that was silent about it', () => {
    expect(since('firstName', named(noon, 'Ann'), named(noon + 1, null), named(noon + 2, 'Ann'))).toBe(noon)
  })

  example('its clearing', () => {
    const cleared = named(noon + 5, null, { cleared: ['firstName'] })
    expect(since('firstName', named(noon, 'Ann'), cleared, named(noon + 9, null, { cleared: ['firstName'] }))).toBe(
      noon + 5,
    )
  })

  example('its receipt, when the store’s clock was ahead', () => {
    expect(since('firstName', named(noon + hours(5), 'Ann', { at: noon + minutes(2) }))).toBe(noon + minutes(2))
  })

  example('a run that is older than the log reaches', () => {
    const weekly = Array.from({ length: 20 }, (_, week) => named(noon + days(7 * week), 'Ann'))
    expect(since('firstName', ...weekly)).toBe(noon)
  })

  example('its newest statement, where the log had to leave that out in a crowd', () => {
    const crowd = Array.from({ length: 11 }, (_, at) => customer({ platformAt: noon + at, lastName: `${at}` }))
    expect(since('firstName', named(noon, 'Ann'), ...crowd, named(noon + 5, 'Bea'))).toBe(noon + 5)
  })

  example('its newest statement, where it came too late for the log', () => {
    const backfilled = customer({ platformAt: noon, firstName: 'Ann', lastName: 'Zeh' })
    expect(since('lastName', named(noon + days(90), 'Ann'), backfilled)).toBe(noon)
  })
})

example('a date can be traced to the event that began it', () => {
  const record = given(named(noon, 'Ann', { eventId: 'the first' }), named(noon + 1, 'Ann'))
  expect(eventIdOf(sinceOf(record, runsOf(record), 'firstName')?.moment ?? '')).toBe('the first')
})

describe('a variant', () => {
  const priced = (platformAt: number, prices: Record<string, string>, rest = {}) =>
    product({ platformAt, variants: Object.entries(prices).map(([id, price]) => ({ id, price, ...rest })) })

  example('is dated by its price alone: stock is none of it', () => {
    const events = [
      priced(noon, { 1: '9' }, { inventoryQuantity: 5 }),
      priced(noon + 1, { 1: '9' }, { inventoryQuantity: 4 }),
    ]
    expect(sinceOfVariant('1', ...events)).toBe(noon)
    expect(sinceOfVariant('1', ...events, priced(noon + 2, { 1: '8' }))).toBe(noon + 2)
  })

  example('keeps its date when another one changes', () => {
    expect(sinceOfVariant('1', priced(noon, { 1: '9', 2: '9' }), priced(noon + 1, { 1: '9', 2: '7' }))).toBe(noon)
  })

  example('that was away is as old as its return', () => {
    const whole = { complete: { variants: true } }
    const away = product({ platformAt: noon + 1, variants: [], ...whole })
    expect(sinceOfVariant('1', priced(noon, { 1: '9' }), away, priced(noon + 2, { 1: '9' }))).toBe(noon + 2)
  })

  example('of very many is dated by all of them together', () => {
    const many = (cheapest: string) =>
      Object.fromEntries(Array.from({ length: 65 }, (_, at) => [`${at + 1}`, at === 0 ? cheapest : '9']))
    const events = [priced(noon, many('9')), priced(noon + 1, many('9')), priced(noon + 2, many('8'))]
    expect(sinceOfVariant('65', ...events.slice(0, 2))).toBe(noon)
    expect(sinceOfVariant('65', ...events)).toBe(noon + 2)
    expect(sinceOfVariant('65', ...events, priced(noon + 3, { 65: '9' }))).toBe(noon + 3)
    // compared by element again: the others are as old as what listed them last
    expect(sinceOfVariant('2', ...events.slice(0, 2), priced(noon + 3, { 65: '9' }))).toBe(noon + 1)
    expect(sinceOfVariant('65', priced(noon, { 65: '9' }), priced(noon + 1, many('9')))).toBe(noon + 1)
  })
})

const history = fc.array(fc.constantFrom('Ann', 'Bea', undefined), { minLength: 1, maxLength: 27 })
test.prop([history, fc.infiniteStream(fc.nat())])(
  'one statement a day, in any order: exactly as told',
  (names, chance) => {
    const events = names.map((name, day) => named(noon + days(day), name ?? null))
    const order = events.map((event) => ({ event, at: chance.next().value })).sort((one, other) => one.at - other.at)
    const told = names.flatMap((name, day) => (name === undefined ? [] : [{ name, day }]))
    const change = told.findLastIndex(({ name }) => name !== told.at(-1)?.name)
    const began = told[change + 1]
    expect(since('firstName', ...order.map(({ event }) => event))).toBe(began && noon + days(began.day))
  },
)
