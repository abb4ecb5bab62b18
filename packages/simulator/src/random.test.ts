import { expect, test } from 'vitest'
import { createRandom } from './random.ts'

const many = <T>(draw: () => T, times = 4000): T[] => Array.from({ length: times }, draw)
const share = <T>(drawn: readonly T[], is: (value: T) => boolean) => drawn.filter(is).length / drawn.length

test('the same seed draws the same, another does not', () => {
  const drawn = (seed: string) =>
    many(() => createRandom(seed).int(0, 1_000_000), 1).concat(many(createRandom(seed).uuid, 3).map(Number))
  expect(drawn('a')).toEqual(drawn('a'))
  expect(many(() => createRandom('a').int(0, 1_000_000), 1)).not.toEqual(
    many(() => createRandom('b').int(0, 1_000_000), 1),
  )
})

test('weights are heeded, and a weight of nothing is never drawn', () => {
  const random = createRandom('weights')
  const drawn = many(() => random.weighted({ often: 3, seldom: 1, never: 0 }))
  expect(share(drawn, (name) => name === 'often')).toBeCloseTo(0.75, 1)
  expect(drawn).not.toContain('never')
})

test('a skewed index prefers the first, and reaches the last', () => {
  const random = createRandom('skew')
  const drawn = many(() => random.skewedIndex(50))
  expect(share(drawn, (index) => index === 0)).toBeCloseTo(Math.log(2) / Math.log(51), 1)
  expect(Math.min(...drawn)).toBe(0)
  expect(Math.max(...drawn)).toBe(49)
  expect(random.skewedIndex(1)).toBe(0)
})

test('a UUID is one, and never twice', () => {
  const random = createRandom('uuid')
  const drawn = many(random.uuid)
  for (const id of drawn) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(new Set(drawn).size).toBe(drawn.length)
})

test('shuffling keeps every item and leaves the list as it was', () => {
  const list = [1, 2, 3, 4, 5, 6, 7, 8]
  const shuffled = createRandom('shuffle').shuffled(list)
  expect(shuffled).not.toEqual(list)
  expect(shuffled.toSorted()).toEqual(list)
  expect(list).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
})

test('there is nothing to pick from nothing', () => {
  expect(() => createRandom('none').pick([])).toThrow(RangeError)
})
