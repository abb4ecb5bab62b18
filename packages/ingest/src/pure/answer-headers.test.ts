import { expect, test } from 'vitest'
import { retryAfterMs } from './answer-headers.ts'

const now = Date.parse('2026-11-22T09:00:00Z')

test.each([
  ['2', 2_000],
  [' 2.0 ', 2_000],
  ['0', 0],
  ['0.25', 250],
  ['Sun, 22 Nov 2026 09:00:30 GMT', 30_000],
  ['Sun, 22 Nov 2026 08:00:00 GMT', 0],
  ['soon', undefined],
  ['-1', undefined],
  ['', undefined],
  [null, undefined],
  ['99999999', undefined],
])('%j', (header, ms) => {
  expect(retryAfterMs(header, now)).toBe(ms)
})
