import { fc, test as property } from '@fast-check/vitest'
import avro from 'avsc'
import { describe, expect, test } from 'vitest'
import { addDecimals, canonicalDecimal, logicalTypes } from './decimal.ts'

const type = avro.Type.forSchema({ type: 'bytes', logicalType: 'decimal', precision: 20, scale: 6 } as avro.Schema, {
  logicalTypes,
})
/** Any amount that decimal(20,6) holds, in millionths. */
const millionths = fc.oneof(
  fc.bigInt({ min: -(10n ** 20n) + 1n, max: 10n ** 20n - 1n }),
  fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }),
  // Where plain numbers end and BigInt begins.
  fc.bigInt({ min: 2n ** 47n - 1_000n, max: 2n ** 47n + 1_000n }),
  fc.bigInt({ min: -(2n ** 47n) - 1_000n, max: -(2n ** 47n) + 1_000n }),
)
/** The same amount as text, made without the code under test. */
function asText(amount: bigint): string {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(7, '0')
  return `${amount < 0n ? '-' : ''}${digits.slice(0, -6)}.${digits.slice(-6)}`
}

describe('canonical text', () => {
  test.each([
    ['19.90', '19.9'],
    ['0019.900000000', '19.9'],
    ['-0.00', '0'],
    ['+5', '5'],
    ['5.', '5'],
    ['-0.000001', '-0.000001'],
    ['99999999999999.999999', '99999999999999.999999'],
  ])('%s is %s', (given, canonical) => expect(canonicalDecimal(given)).toBe(canonical))

  test.each([
    '',
    '-',
    '.5',
    '1e3',
    '1,5',
    ' 1',
    '1 ',
    '0x10',
    '١٢',
    'NaN',
    'Infinity',
    '0.0000001',
    '100000000000000',
    `1${'0'.repeat(10_000)}`,
  ])('%j is not an amount', (given) => expect(canonicalDecimal(given)).toBeUndefined())

  property.prop([millionths])('is one for all spellings of an amount, and stays as it is', (amount) => {
    const canonical = canonicalDecimal(asText(amount))
    expect(canonical).toBeDefined()
    expect(canonicalDecimal(canonical ?? '')).toBe(canonical)
    expect(canonical).not.toMatch(/\.\d*0$|\.$|^-?0\d|^-0$/)
  })
})

const spelling = fc.stringMatching(/^[+-]{0,2}\d{0,9}\.{0,2}\d{0,9}0{0,3}$/)
property.prop([spelling])('short text is read as long text is', (text) => {
  // So many zeros in front that no short cut is taken.
  const long = text.replace(/^([+-]?)(?=\d)/, `$1${'0'.repeat(20)}`)
  expect(canonicalDecimal(text)).toBe(canonicalDecimal(long))
  const amount = canonicalDecimal(text)
  if (amount === undefined) expect(() => type.toBuffer(text)).toThrow()
  else expect(type.toBuffer(text)).toEqual(type.toBuffer(long))
})

describe('on the wire', () => {
  property.prop([millionths])('an amount comes back exactly, from as few bytes as hold it', (amount) => {
    const bytes = type.toBuffer(canonicalDecimal(asText(amount)))
    expect(type.fromBuffer(bytes)).toBe(canonicalDecimal(asText(amount)))
    const unscaled = bytes.subarray(1)
    expect(BigInt.asIntN(unscaled.length * 8, BigInt(`0x${unscaled.toString('hex')}`))).toBe(amount)
    const shorter = BigInt.asIntN((unscaled.length - 1) * 8, amount)
    expect(unscaled.length === 1 || shorter !== amount).toBe(true)
  })

  test('the bytes are those of the Avro specification', () => {
    expect(type.toBuffer('-0.000001').toString('hex')).toBe('02ff')
    expect(type.toBuffer('0.000128').toString('hex')).toBe('040080')
    expect(type.toBuffer('0').toString('hex')).toBe('0200')
  })

  test('bytes of other writers are read: sign extension and the empty number', () => {
    expect(type.fromBuffer(Buffer.from('08ffffff80', 'hex'))).toBe('-0.000128')
    expect(type.fromBuffer(Buffer.from('00', 'hex'))).toBe('0')
  })

  test.each([['19.9000001'], ['12e3'], [19.9], [null], [Buffer.from([1])], ['100000000000000']])(
    '%j is refused, never rounded or guessed',
    (given) => expect(() => type.toBuffer(given)).toThrow(),
  )
})

describe('sums', () => {
  const smaller = fc.oneof(
    fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }),
    fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n }),
  )
  property.prop([fc.array(smaller, { maxLength: 60 })])('are exact in any order', (amounts) => {
    const sum = amounts.reduce((total, amount) => total + amount, 0n)
    expect(addDecimals(...amounts.map(asText))).toBe(canonicalDecimal(asText(sum)))
    expect(addDecimals(...amounts.map(asText).reverse())).toBe(canonicalDecimal(asText(sum)))
  })

  test('0.1 + 0.2 is 0.3, and no sum is made of what is not an amount', () => {
    expect(addDecimals('0.1', '0.2')).toBe('0.3')
    expect(() => addDecimals('1', '1e2')).toThrow(RangeError)
  })
})
