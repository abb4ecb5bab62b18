import { fc, test } from '@fast-check/vitest'
import { describe, test as example, expect } from 'vitest'
import { createDayOf, isDay, isTimeZone, quarterOf, quartersAround } from './day.ts'

const at = (text: string): number => {
  const quarter = quarterOf(Date.parse(text))
  if (quarter === undefined) throw new Error(`no report reaches ${text}`)
  return quarter
}

describe('a moment lies in another day here and there', () => {
  example.each([
    ['UTC', '2026-03-28T23:59:59.999Z', '2026-03-28'],
    ['Europe/Vienna', '2026-03-28T22:59:59.999Z', '2026-03-28'],
    ['Europe/Vienna', '2026-03-28T23:00:00Z', '2026-03-29'],
    // the day on which clocks go forward has 23 hours, the one on which they go back 25
    ['Europe/Vienna', '2026-03-29T21:59:59Z', '2026-03-29'],
    ['Europe/Vienna', '2026-03-29T22:00:00Z', '2026-03-30'],
    ['Europe/Vienna', '2026-10-24T22:00:00Z', '2026-10-25'],
    ['Europe/Vienna', '2026-10-25T22:59:59Z', '2026-10-25'],
    ['Europe/Vienna', '2026-10-25T23:00:00Z', '2026-10-26'],
    // clocks go forward at midnight: the day begins at one
    ['America/Santiago', '2026-09-06T03:59:59Z', '2026-09-05'],
    ['America/Santiago', '2026-09-06T04:00:00Z', '2026-09-06'],
    ['Asia/Kathmandu', '2026-03-28T18:14:59Z', '2026-03-28'],
    ['Asia/Kathmandu', '2026-03-28T18:15:00Z', '2026-03-29'],
    ['Pacific/Kiritimati', '2026-03-28T10:00:00Z', '2026-03-29'],
    // a day that never was: the clocks went from the 29th to the 31st
    ['Pacific/Apia', '2011-12-30T09:59:59Z', '2011-12-29'],
    ['Pacific/Apia', '2011-12-30T10:00:00Z', '2011-12-31'],
    ['+05:30', '2026-03-28T18:30:00Z', '2026-03-29'],
  ])('%s %s', (zone, time, day) => {
    expect(createDayOf(zone)(at(time))).toBe(day)
  })
})

const zones = Intl.supportedValuesOf('timeZone')
const times = fc.integer({ min: Date.parse('1973-01-02'), max: Date.parse('2040-01-01') })
test.prop([fc.constantFrom(...zones), times, fc.nat(15 * 60_000 - 1)], { numRuns: 2_000 })(
  'a quarter of an hour lies in one day, in every zone, and near enough to that day',
  (zone, ms, more) => {
    const quarter = quarterOf(ms) ?? 0
    const within = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' })
    const day = createDayOf(zone)(quarter)
    expect(day).toBe(within.format(quarter * 15 * 60_000 + more))
    const { first, end } = quartersAround(day, day)
    expect(quarter).toBeGreaterThanOrEqual(first)
    expect(quarter).toBeLessThan(end)
  },
)

example('what is a day, and what is a zone', () => {
  expect(['2026-02-28', '2024-02-29', '1973-01-02'].map(isDay)).toEqual([true, true, true])
  const bad = ['2026-02-29', '2026-13-01', '1973-01-01', '9999-12-31', '2026-1-1', '+02026-01-01', 'today']
  expect(bad.filter(isDay)).toEqual([])
  expect(['UTC', 'Europe/Vienna', '+05:30'].map(isTimeZone)).toEqual([true, true, true])
  expect(['', 'Europe/Atlantis', 'UTC\n', '../UTC'].map(isTimeZone)).toEqual([false, false, false, false])
})

example('no report reaches a time before 1973 or after 9999', () => {
  expect([-1, 0, Date.parse('9999-12-31'), Number.MAX_SAFE_INTEGER].map(quarterOf)).toEqual(Array(4).fill(undefined))
})
