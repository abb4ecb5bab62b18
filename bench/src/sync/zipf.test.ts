import { expect, test } from 'vitest'
import { createZipf } from './zipf.ts'

test('of three ranks the first gets 6, the second 3, the third 2 of 11 draws', () => {
  let at = 0
  const draw = createZipf(3, () => (at++ + 0.5) / 1_100)
  const ranks = Array.from({ length: 1_100 }, draw)
  expect([0, 1, 2].map((rank) => ranks.filter((drawn) => drawn === rank).length)).toEqual([600, 300, 200])
})

test('both ends of chance are ranks', () => {
  expect(createZipf(5, () => 0)()).toBe(0)
  expect(createZipf(5, () => 1 - Number.EPSILON)()).toBe(4)
})
