import { fc, test } from '@fast-check/vitest'
import { describe, test as example, expect } from 'vitest'
import { amountText, millionths } from './amount.ts'

test.prop([fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n })])('an amount comes back from its text', (sum) => {
  for (const currency of [null, 'EUR', 'JPY', 'KWD']) expect(millionths(amountText(sum, currency))).toBe(sum)
})

describe('the digits of the currency are shown, and none is lost', () => {
  example.each([
    ['12.5', 'EUR', '12.50'],
    ['-0.000001', 'EUR', '-0.000001'],
    ['1500', 'JPY', '1500'],
    ['1500.5', 'JPY', '1500.5'],
    ['1.5', 'KWD', '1.500'],
    ['7', 'no currency', '7'],
    ['7', 'XXQ', '7.00'],
    ['0', 'EUR', '0.00'],
    ['99999999999999.999999', null, '99999999999999.999999'],
  ])('%s %s', (text, currency, shown) => {
    expect(amountText(millionths(text), currency)).toBe(shown)
  })
})

example('the notation in which a database gives large sums is read', () => {
  expect(millionths('1.5E+3')).toBe(1_500_000_000n)
  expect(millionths('0E-6')).toBe(0n)
  expect(millionths('12E-1')).toBe(1_200_000n)
})

example.each(['', 'NaN', 'Infinity', '1e3', '1E-7', ' 1'])('%j is no amount', (text) => {
  expect(() => millionths(text)).toThrow(RangeError)
})
