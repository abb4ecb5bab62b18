import { expect, test } from 'vitest'
import { dayOf, destroyedAt, startOf } from './day.ts'

test('days are UTC, and stay readable for 30 days after their end', () => {
  expect(dayOf(Date.parse('2026-11-22T23:59:59.999Z'))).toBe('2026-11-22')
  expect(dayOf(Date.parse('2026-11-23T00:30:00+01:00'))).toBe('2026-11-22')
  expect(new Date(destroyedAt('2026-11-22')).toISOString()).toBe('2026-12-23T00:00:00.000Z')
})

test('what is not a day is refused', () => {
  for (const text of ['2026-02-30', '2026-13-01', '22.11.2026', '2026-11-22T00:00', '']) {
    expect(() => startOf(text), text).toThrow(RangeError)
  }
})
