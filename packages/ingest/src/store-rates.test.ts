import { fc, test as property } from '@fast-check/vitest'
import { beforeEach, expect, test } from 'vitest'
import { createStoreRates } from './store-rates.ts'

let now = 0
beforeEach(() => {
  now = 1_000
})
const ofFive = () => createStoreRates(5, () => now)

test('a store may bring ten seconds’ worth at once, and then as much as time gives; others notice nothing', () => {
  const rates = ofFive()
  rates.brought('loud', 50)
  expect([rates.mayCome('loud'), rates.mayCome('quiet')]).toEqual([false, true])
  now += 199
  expect(rates.mayCome('loud')).toBe(false)
  now += 1
  expect(rates.mayCome('loud')).toBe(true)
})

test('what one request brought beyond it is waited for', () => {
  const rates = ofFive()
  rates.brought('loud', 60)
  now += 2_000
  expect(rates.mayCome('loud')).toBe(false)
  now += 200
  expect(rates.mayCome('loud')).toBe(true)
})

test('a clock that goes back gives nothing and takes nothing', () => {
  const rates = ofFive()
  rates.brought('loud', 50)
  now -= 60_000
  expect(rates.mayCome('loud')).toBe(false)
})

test('where no rate is given nobody is held back', () => {
  const rates = createStoreRates(undefined, () => now)
  rates.brought('loud', 1e9)
  expect(rates.mayCome('loud')).toBe(true)
})

property.prop([fc.array(fc.record({ afterMs: fc.nat(2_000), count: fc.integer({ min: 1, max: 20 }) }))])(
  'however it comes, no more is taken than ten seconds’ worth, what time gave, and one request',
  (requests) => {
    now = 0
    const rates = ofFive()
    let taken = 0
    for (const { afterMs, count } of requests) {
      now += afterMs
      if (!rates.mayCome('s')) continue
      rates.brought('s', count)
      taken += count
      expect(taken).toBeLessThanOrEqual(50 + (now / 1_000) * 5 + 20)
    }
  },
)
