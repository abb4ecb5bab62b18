import { fc, test } from '@fast-check/vitest'
import { canonicalDecimal } from '@varai/schemas'
import { Decimal128 } from 'mongodb'
import { expect } from 'vitest'
import { decimalForm } from './decimal-form.ts'

const amounts = fc
  .tuple(
    fc.oneof(
      fc.bigInt({ min: -(10n ** 20n) + 1n, max: 10n ** 20n - 1n }),
      fc.bigInt({ min: -(10n ** 8n), max: 10n ** 8n }),
    ),
    fc.nat(6),
  )
  .map(([digits, scale]) => {
    const text = `${digits < 0n ? -digits : digits}`.padStart(scale + 1, '0')
    const point = text.length - scale
    return canonicalDecimal(`${digits < 0n ? '-' : ''}${text.slice(0, point)}.${text.slice(point)}`)
  })
  .filter((text) => text !== undefined)

test.prop([amounts], { numRuns: 2_000 })(
  'an amount is the Decimal128 that the driver makes of it, and back',
  (text) => {
    expect(decimalForm.from(text)).toEqual(Decimal128.fromString(text))
    expect(decimalForm.toText(decimalForm.from(text))).toBe(text)
  },
)

test.each(['1E+3', '-0', '0E-7', 'NaN', '-Infinity', '12.50', '9999999999999999999999999999999999', '1E-8'])(
  'what others wrote, %s, reads as the driver prints it',
  (text) => {
    expect(decimalForm.toText(Decimal128.fromString(text))).toBe(String(Decimal128.fromString(text)))
  },
)
