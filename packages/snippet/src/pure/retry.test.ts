import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { isSettled, waitAfter } from './retry.ts'

test.each([
  [200, true],
  [204, true],
  [400, true],
  [403, true],
  [405, true],
  [413, true],
  [408, false],
  [425, false],
  [429, false],
  [500, false],
  [503, false],
  [undefined, false],
])('an answer of %s settles a batch: %s', (status, settled) => {
  expect(isSettled(status === undefined ? {} : { status })).toBe(settled)
})

test('waits twice as long each time, up to five minutes, half of it by chance', () => {
  const waits = (random: number) => [1, 2, 3, 9, 400].map((tries) => waitAfter(tries, {}, random))
  expect(waits(1)).toEqual([2_000, 4_000, 8_000, 300_000, 300_000])
  expect(waits(0)).toEqual([1_000, 2_000, 4_000, 150_000, 150_000])
})

const random = fc.double({ min: 0, max: 1, noNaN: true })
test.prop([fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 3_600 }), random])(
  'never comes back sooner than it was asked to, nor much later',
  (tries, seconds, chance) => {
    const wait = waitAfter(tries, { status: 429, retryAfter: `${seconds}` }, chance)
    expect(wait).toBeGreaterThanOrEqual(seconds * 1_000)
    expect(wait).toBeLessThanOrEqual(seconds * 1_500)
  },
)
test.each(['', 'soon', '-5', null])('Retry-After %j says nothing', (retryAfter) => {
  expect(waitAfter(1, { status: 503, retryAfter }, 0)).toBe(1_000)
})
test('nobody is waited for longer than an hour', () => {
  expect(waitAfter(1, { status: 503, retryAfter: '999999999' }, 0)).toBe(3_600_000)
})
