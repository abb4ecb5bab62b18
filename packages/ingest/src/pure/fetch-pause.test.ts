import { expect, test } from 'vitest'
import { fetchAttempts, fetchPause } from './fetch-pause.ts'

test('pauses grow from seconds to an hour, and together last a day', () => {
  const pauses = Array.from({ length: fetchAttempts - 1 }, (_, attempt) => fetchPause(attempt, 0))
  expect(pauses.slice(0, 3)).toEqual([2_000, 4_000, 8_000])
  expect(Math.max(...pauses)).toBe(3_600_000)
  const hours = pauses.reduce((sum, pause) => sum + pause, 0) / 3_600_000
  expect(hours).toBeGreaterThan(23)
  expect(hours).toBeLessThan(25)
})

test('nobody is asked before they want to be', () => {
  expect(fetchPause(0, 90_000)).toBe(90_000)
  expect(fetchPause(10, 90_000)).toBe(2_048_000)
})
