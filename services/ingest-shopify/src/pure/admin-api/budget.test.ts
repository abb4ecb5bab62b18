import { expect, test } from 'vitest'
import { waitFor } from './budget.ts'

const told = { maximumAvailable: 1000, currentlyAvailable: 100, restoreRate: 50, at: 10_000 }

test.each([
  ['there are enough', 100, 10_000, 0],
  ['some are missing', 200, 10_000, 2_000],
  ['some came back meanwhile', 200, 11_500, 500],
  ['all came back', 1000, 60_000, 0],
  ['a part of a point is missing', 101, 10_010, 10],
  ['a clock that went back restores nothing', 150, 5_000, 1_000],
  ['more than there ever are: waits for all of them', 5_000, 10_000, 18_000],
  ['more than there ever are, when all are there', 5_000, 90_000, 0],
])('%s', (_, cost, now, ms) => {
  expect(waitFor(told, cost, now)).toBe(ms)
})

test('points that do not come back are never waited for', () => {
  expect(waitFor({ ...told, restoreRate: 0 }, 101, 10_000)).toBe(Number.POSITIVE_INFINITY)
})
