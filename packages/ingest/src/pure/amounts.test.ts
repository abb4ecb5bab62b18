import { expect, test } from 'vitest'
import { difference, negated, quotient, sum } from './amounts.ts'

test.each([
  ['6', 2, '3'],
  ['10', 3, '3.333333'],
  ['20', 3, '6.666667'],
  ['0.000001', 2, '0.000001'],
  ['-9', 1, '-9'],
  ['-9', -1, '9'],
  ['0', 5, '0'],
  ['12345678901234.5', 1, '12345678901234.5'],
])('%s among %d is %s', (amount, among, each) => {
  expect(quotient(amount, among)).toBe(each)
})

test('nothing is split among none or a part of one', () => {
  expect([quotient('1', 0), quotient('1', 0.5)]).toEqual([undefined, undefined])
})

test('sums keep their digits, and one that the contract cannot hold is none', () => {
  expect([sum('0.1', '0.2'), sum(), negated('-1'), negated('0'), difference('1', '1.5')]).toEqual([
    ...['0.3', '0', '1', '0', '-0.5'],
  ])
  expect(sum('99999999999999', '99999999999999')).toBeUndefined()
})
