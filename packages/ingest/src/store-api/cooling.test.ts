import { expect, test } from 'vitest'
import { createCooling } from './cooling.ts'

test('twice as long each time, to a bound, or as long as the store wants, but for an hour at most', () => {
  let time = 0
  const cooling = createCooling({ now: () => time, bounds: { first: 100, longest: 300 } })
  const waits = [undefined, undefined, undefined, 5_000, 10 ** 9].map((wanted) => {
    cooling.failed('a', wanted)
    return cooling.wait('a')
  })
  expect(waits).toEqual([100, 200, 300, 5_000, 3_600_000])
  expect(cooling.wait('b')).toBe(0)
  time = 3_600_000
  expect(cooling.wait('a')).toBe(0)
  cooling.answered('a')
  cooling.failed('a')
  expect(cooling.wait('a')).toBe(100)
})
