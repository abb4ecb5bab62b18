import { fc, test as property } from '@fast-check/vitest'
import { LosslessNumber } from 'lossless-json'
import { describe, expect, test } from 'vitest'
import { readDecimal, readFlag, readId, readInteger, readText, readTexts, readTime } from './foreign-values.ts'

const number = (text: string) => new LosslessNumber(text)
const failed = (reason: unknown) => ({ ok: false, reason })

describe('times', () => {
  test.each([
    ['2026-03-01T10:00:00Z', '2026-03-01T10:00:00.000Z'],
    ['2026-03-01t10:00:00z', '2026-03-01T10:00:00.000Z'],
    ['2021-12-31T19:00:00-05:00', '2022-01-01T00:00:00.000Z'],
    ['2026-03-01 10:00:00+05:45', '2026-03-01T04:15:00.000Z'],
    ['2024-08-07T22:57:57.290670248Z', '2024-08-07T22:57:57.290Z'],
    ['2024-08-07T22:57:57.999999999Z', '2024-08-07T22:57:57.999Z'],
    ['2024-08-07T22:57:57.9Z', '2024-08-07T22:57:57.900Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z'],
  ])('%s is %s', (text, iso) => {
    expect(readTime(text)).toEqual({ ok: true, value: Date.parse(iso) })
  })

  test.each([
    '2026-03-01T10:00:00', // no offset: local time of whom?
    '2026-02-29T10:00:00Z',
    '2026-13-01T10:00:00Z',
    '2026-00-10T10:00:00Z',
    '2026-03-01T24:00:00Z',
    '2026-03-01T10:60:00Z',
    '2026-03-01T10:00:61Z',
    '2026-03-01T10:00:00+24:00',
    '2026-03-01T10:00:00.Z',
    '2026-03-01',
    '0001-01-01T00:00:00Z',
    '1970-01-01T00:00:00+00:01',
    'yesterday',
    '',
    '2026-03-01T10:00:00Z ',
    1_700_000_000_000,
    number('1700000000000'),
    null,
  ])('%j is no time', (value) => {
    expect(readTime(value)).toEqual(failed(expect.stringMatching(/^expected a/)))
  })

  property.prop([fc.date({ min: new Date(0), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true })])(
    'what a Date prints is read back to the millisecond',
    (date) => {
      expect(readTime(date.toISOString())).toEqual({ ok: true, value: date.getTime() })
    },
  )
})

property.prop([
  fc.date({ min: new Date(0), max: new Date('9999-12-30T00:00:00Z'), noInvalidDate: true }),
  fc.integer({ min: -1439, max: 1439 }),
  fc.stringMatching(/^\d{0,7}$/),
])('a time is the same wherever it is told', (date, offset, finer) => {
  const two = (number: number) => String(number).padStart(2, '0')
  const local = new Date(date.getTime() + 60_000 * offset).toISOString().slice(0, 23)
  fc.pre(local.startsWith('1') || local.startsWith('2'))
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`
  expect(readTime(`${local}${finer}${zone}`)).toEqual({ ok: true, value: date.getTime() })
})

const spelling = /^[12]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{0,4})?(Z|[+-]\d\d:\d\d)$/
property.prop([fc.stringMatching(spelling)], { numRuns: 1_000 })('the usual spelling is read as any other', (text) => {
  expect(readTime(text)).toEqual(readTime(text.replace('T', ' ')))
})

describe('ids', () => {
  test.each([
    [number('820982911946154508'), '820982911946154508'],
    ['820982911946154508', '820982911946154508'],
    [number('0'), '0'],
    [12, '12'],
    [999_999_999_999_999, '999999999999999'],
    [number('99999999999999999999'), '99999999999999999999'],
  ])('%s keeps every digit', (value, id) => {
    expect(readId(value)).toEqual({ ok: true, value: id })
  })

  test.each([
    number('1.0'),
    number('1e3'),
    number('-1'),
    '007',
    '',
    'gid://shopify/Order/1',
    820982911946154500,
    true,
    {},
    null,
  ])('%j is no id', (value) => {
    expect(readId(value)).toEqual(failed('expected an id of digits'))
  })

  property.prop([fc.bigInt({ min: 0n, max: 2n ** 64n })])('any 64-bit id survives, as number and as text', (id) => {
    expect(readId(number(String(id)))).toEqual({ ok: true, value: String(id) })
    expect(readId(String(id))).toEqual({ ok: true, value: String(id) })
  })
})

describe('amounts', () => {
  test.each([
    ['398.00', '398'],
    [number('199'), '199'],
    [number('0.10'), '0.1'],
    ['-5.50', '-5.5'],
    ['0.000001', '0.000001'],
  ])('%s is %s', (value, decimal) => {
    expect(readDecimal(value)).toEqual({ ok: true, value: decimal })
  })

  test.each(['1,200.00', '12 EUR', '', number('1e2'), '0.0000001', 'NaN', '123456789012345.123456', true, null])(
    '%j is refused, not rounded',
    (value) => {
      expect(readDecimal(value)).toEqual(failed(expect.stringContaining('expected a decimal')))
    },
  )
})

test.each([
  [false, false],
  ['true', true],
  ['NO', false],
  [number('1'), true],
])('%j is the flag %s', (value, flag) => {
  expect(readFlag(value)).toEqual({ ok: true, value: flag })
})

test.each([null, 'maybe', number('2'), '', [], {}])('%j is no flag', (value) => {
  expect(readFlag(value)).toEqual(failed('expected true or false'))
})

test.each([
  [
    ['a', '', null, number('7')],
    ['a', '7'],
  ],
  [{ 1: 'a', 3: 'b' }, ['a', 'b']],
  ['a', ['a']],
  [number('12.50'), ['12.50']],
  [[], []],
  [false, []],
])('%j are texts', (value, texts) => {
  expect(readTexts(value)).toEqual({ ok: true, value: texts })
})

test.each([[[['a']]], [[{}]], [true]])('%j are none', (value) => {
  expect(readTexts(value)).toEqual(failed('expected texts'))
})

test('whole numbers are exact or refused', () => {
  expect(readInteger(number('3.0'))).toEqual({ ok: true, value: 3 })
  expect(readInteger('-7')).toEqual({ ok: true, value: -7 })
  for (const value of [number('3.5'), number('9007199254740993'), '1e3', true]) {
    expect(readInteger(value)).toEqual(failed('expected a whole number'))
  }
})

test('half an emoji becomes the replacement character instead of bytes that are no UTF-8', () => {
  expect(readText('frame \ud83d')).toEqual({ ok: true, value: 'frame \ufffd' })
  expect(readText('frame 😎')).toEqual({ ok: true, value: 'frame 😎' })
})
