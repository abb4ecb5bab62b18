import { fc, test as propertyTest } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { convert, currencies, divideRounded, plainAmount, shopifyAmount } from './money.ts'

test.each([
  [39800n, 'EUR', '398.00', '398'],
  [5n, 'EUR', '0.05', '0.05'],
  [-1990n, 'EUR', '-19.90', '-19.9'],
  [0n, 'USD', '0.00', '0'],
  [12000n, 'JPY', '12000', '12000'],
  [0n, 'JPY', '0', '0'],
  [1234n, 'KWD', '1.234', '1.234'],
  [-7n, 'KWD', '-0.007', '-0.007'],
])('%s of %s is written %s, and plainly %s', (amount, currency, written, plain) => {
  expect([shopifyAmount(amount, currency), plainAmount(amount, currency)]).toEqual([written, plain])
})

test.each([
  [5n, 10n, 1n],
  [4n, 10n, 0n],
  [-5n, 10n, -1n],
  [-4n, 10n, 0n],
  [25n, 10n, 3n],
])('%s / %s is rounded to %s', (amount, by, rounded) => {
  expect(divideRounded(amount, by)).toBe(rounded)
})

test('an amount changes its currency, not its worth', () => {
  expect(convert(10_000n, 'EUR', 'JPY')).toBe(16_393n)
  expect(convert(10_000n, 'EUR', 'KWD')).toBe(33_445n)
  expect(convert(100n, 'KRW', 'EUR')).toBe(7n)
  expect(() => convert(1n, 'EUR', 'XXX')).toThrow(/unknown currency/)
})

propertyTest.prop([fc.bigInt(-(10n ** 12n), 10n ** 12n), fc.constantFrom(...currencies)])(
  'what is written holds every digit of the amount',
  (amount, currency) => {
    expect(BigInt(shopifyAmount(amount, currency).replace('.', ''))).toBe(amount)
    expect(Number(plainAmount(amount, currency))).toBe(Number(shopifyAmount(amount, currency)))
  },
)
