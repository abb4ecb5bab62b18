import { expect, test } from 'vitest'
import { lowerPageSize } from './page-size.ts'

test.each([
  [250, 2_000, 1_000, 112],
  [250, 1_001, 1_000, 224],
  [10, 1_001, 1_000, 8],
  [2, 1_001, 1_000, 1],
  [100, 1_000_000, 1_000, 1],
  [1, 2_000, 1_000, undefined],
  [0, 2_000, 1_000, undefined],
  [50, 0, 0, 1],
])('%i at %i of %i points', (size, cost, limit, lower) => {
  expect(lowerPageSize(size, { cost, limit })).toBe(lower)
})
