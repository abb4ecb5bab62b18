import { expect, test } from 'vitest'
import { testClock } from './clock.ts'

test('time moves only when told', () => {
  const clock = testClock('2026-01-01T00:00:00Z')
  expect(clock.now()).toBe(Date.UTC(2026, 0, 1))
  expect(clock.advance(1_500)).toBe(Date.UTC(2026, 0, 1) + 1_500)
  clock.set('2026-02-01T00:00:00Z')
  expect(clock.now()).toBe(Date.UTC(2026, 1, 1))
  expect(() => testClock('soon')).toThrow('not a time')
})
