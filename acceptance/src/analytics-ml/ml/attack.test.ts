import { expect, test } from 'vitest'
import { attack, type Judged, type Known, wilson } from './attack.ts'

const person = (nth: number): Known => ({ person: `p${nth}`, facts: { faceShape: 'oval', distance: 50 + nth } })
const everybody = Array.from({ length: 100 }, (_, nth) => person(nth))

test('rows that say what only one says are found out', () => {
  const rows = everybody.map(({ person, facts }): Judged => ({ row: { ...facts }, truly: person }))
  expect(attack(rows, everybody)).toEqual({
    ...{ guesses: 100, expected: 100, right: 100, deviation: 0, smallest: 1, untrue: 0 },
  })
  const bands = everybody.map(
    ({ person, facts }): Judged => ({
      row: { distanceFrom: Number(facts['distance']), distanceTo: Number(facts['distance']) },
      truly: person,
    }),
  )
  expect(attack(bands, everybody).right).toBe(100)
})

test('of those who say the same each is found as often as chance allows', () => {
  const rows = everybody.map(({ person }, nth): Judged => {
    const cohort = Math.floor(nth / 10)
    // in an order that says nothing
    return {
      row: { faceShape: 'oval', distance: 54.5 + cohort * 10 },
      truly: `p${cohort * 10 + ((nth * 7 + 3) % 10)}` || person,
    }
  })
  const { right, expected, deviation, smallest } = attack(rows, everybody)
  // how many of ten shuffled people stand where they belong: one on average, with a variance of one
  expect([smallest, right <= 20, expected.toFixed(6), (deviation ** 2).toFixed(6)]).toEqual([
    ...[10, true, '10.000000', '10.000000'],
  ])
})

test('the interval is the one in the books', () => {
  const { low, high } = wilson(10, 100)
  expect([low.toFixed(4), high.toFixed(4)]).toEqual(['0.0552', '0.1744'])
})
