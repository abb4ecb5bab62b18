import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { fc, test as property } from '@fast-check/vitest'
import { isLosslessNumber, stringify } from 'lossless-json'
import { describe, expect, test } from 'vitest'
import { jsonLimits, parseCarefully, parseLossless } from './parse-lossless.ts'
import { read } from './read.ts'
import { scanJson } from './scan-json.ts'

const parse = (text: string) => parseLossless(Buffer.from(text))
const idIn = (text: string) => {
  const parsed = parse(text)
  return parsed.ok ? read(parsed.value).id('id') : parsed
}

test('ids above 2^53 keep their digits', () => {
  expect(idIn('{"id":820982911946154508}')).toBe('820982911946154508')
})

test('a byte order mark is skipped', () => {
  expect(parseLossless(Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x7d]))).toEqual({ ok: true, value: {} })
})

describe('refused with a reason that quotes nothing', () => {
  const secret = 'jane@example.com'
  test.each([
    ['an empty body', Buffer.alloc(0), 'the body is empty'],
    ['a truncated body', Buffer.from(`{"email":"${secret}","id":`), /^not JSON/],
    ['text after the document', Buffer.from(`{} ${secret}`), /^not JSON, at character \d+$/],
    ['a form', Buffer.from('webhook_id=1'), /^not JSON/],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 'not UTF-8'],
    ['half a character', Buffer.from([0x22, 0xc3]), 'not UTF-8'],
    [
      'a key that stands twice',
      Buffer.from(`{"${secret}":1,"${secret}":2}`),
      /^one key stands twice .* character \d+$/,
    ],
    ['a control character', Buffer.from('{"a":"\u0000"}'), /^not JSON/],
    ['NaN', Buffer.from('{"a":NaN}'), /^not JSON/],
    ['100,000 lists in one another', Buffer.from('['.repeat(100_000)), 'the body nests deeper than 64 levels'],
    ['half a million values', Buffer.from(`[${'0,'.repeat(500_000)}0]`), 'the body holds more than 500000 values'],
    ['65 objects in one another', Buffer.from(`${'{"a":'.repeat(65)}1${'}'.repeat(65)}`), /deeper than 64/],
  ])('%s', (_, bytes, reason) => {
    const parsed = parseLossless(bytes)
    expect(parsed).toEqual({ ok: false, reason: typeof reason === 'string' ? reason : expect.stringMatching(reason) })
    expect(JSON.stringify(parsed)).not.toContain('jane')
  })

  test('a body above the limit', () => {
    expect(parseLossless(Buffer.from('[1,2,3]'), { maxBytes: 6, maxDepth: 64 })).toEqual({
      ok: false,
      reason: 'the body is larger than 6 bytes',
    })
  })
})

test('the limit of depth is exact, and brackets in texts do not count', () => {
  expect(parse(`${'['.repeat(64)}${']'.repeat(64)}`).ok).toBe(true)
  expect(parse(`${'['.repeat(65)}${']'.repeat(65)}`).ok).toBe(false)
  expect(parse(JSON.stringify({ text: `${'['.repeat(500)}\\"${'{'.repeat(500)}` })).ok).toBe(true)
})

describe('the largest bodies there can be are read, or refused, in little memory', () => {
  const filledWith = (text: string) => `[${text.repeat(Math.floor(9e6 / text.length))}`
  test.each([
    ['a text', JSON.stringify({ text: 'x'.repeat(9_000_000) })],
    ['a text that is cut off', `{"text":"${'x'.repeat(9_000_000)}`],
    ['escapes', `{"text":"${'\\n'.repeat(4_500_000)}","\\u0061":1}`],
    ['empty objects', filledWith('{},')],
    ['numbers in their digits', filledWith('1.0,')],
  ])('%s', async (_, text) => {
    const worker = new Worker(new URL('../test-small-heap.ts', import.meta.url), {
      workerData: text,
      resourceLimits: { maxOldGenerationSizeMb: 128 },
    })
    const [answer] = await once(worker, 'message')
    expect(answer).toEqual(expect.any(Boolean))
  })
})

test('a key named __proto__ is a key like any other', () => {
  const parsed = parse('{"__proto__":{"id":1}}')
  expect(parsed.ok && read(parsed.value).has('id')).toBe(false)
})

property.prop([fc.uint8Array({ maxLength: 200 })])('any bytes give a value or a reason, never a throw', (bytes) => {
  expect(typeof parseLossless(Buffer.from(bytes)).ok).toBe('boolean')
})

property.prop([fc.jsonValue({ maxDepth: 8, noUnicodeString: false })])(
  'what is JSON is read and prints the same',
  (value) => {
    const text = JSON.stringify(value)
    const parsed = parse(text)
    expect(parsed.ok && JSON.parse(stringify(parsed.value) ?? '')).toEqual(JSON.parse(text))
  },
)

describe('the fast way reads what the careful one reads', () => {
  const fast = (text: string) => scanJson(Buffer.from(text), jsonLimits.maxDepth) !== undefined

  /** Numbers by their text, whatever holds them. */
  function plain(value: unknown): unknown {
    if (typeof value === 'number') return { number: String(value) }
    if (isLosslessNumber(value)) return { number: value.value }
    if (Array.isArray(value)) return value.map(plain)
    if (typeof value !== 'object' || value === null) return value
    return Object.entries(value).map(([key, held]) => [key, plain(held)])
  }
  function expectSame(bytes: Buffer): void {
    const [ours, careful] = [parseLossless(bytes), parseCarefully(bytes)]
    expect(ours.ok ? plain(ours.value) : ours).toEqual(careful.ok ? plain(careful.value) : careful)
  }

  test.each([
    '{"a":1.0,"b":10.50,"c":[-0,0,-1,9007199254740993,0.000001,0.0000001,123456789012345,1234567890123456,12345678.12345678]}',
    '{"a":{"b":[[{"c":820982911946154508}],820982911946154509]},"d":820982911946154510,"1":1e5,"0":1E-400}',
    '[[1,2],[3,820982911946154508],{"x":[]},0.30000000000000004,1.7976931348623157e309]',
    '{"\u00e9\u{1f600}":820982911946154508,"":820982911946154508,"__proto__":{"id":820982911946154508}}',
    ` {"a" : "${'x'.repeat(100)}\\\\" , "b" : "${'y'.repeat(60)}\\\\\\"" , "c" : 12345678901234567890 } `,
    '{"text":"a \\"quoted\\": 12345678901234567890, {[","end":"\\\\"}',
  ])('%s', (text) => {
    expect(fast(text)).toBe(true)
    expectSame(Buffer.from(text))
  })

  test.each([
    '{"a":1,"b":2,"a":1}',
    '{"a":1,"b":{"a":1},"a":2}',
    '{"\\u0061":1,"a":2}',
    '12345678901234567890',
    `${'['.repeat(65)}${']'.repeat(65)}`,
    `{${Array.from({ length: 300 }, (_, index) => `"k${index}":1`)}}`,
    `${'['.repeat(60)}${'12345678901234567890,'.repeat(10_000)}1${']'.repeat(60)}`,
  ])('left to the careful one: %.40s', (text) => {
    expect(fast(text)).toBe(false)
    expectSame(Buffer.from(text))
  })

  const space = fc.constantFrom('', '', ' ', '\n', '\t\r')
  const number = fc.oneof(
    fc.stringMatching(/^-?(0|[1-9]\d{0,20})(\.\d{1,9})?([eE][+-]?\d{1,3})?$/),
    fc.integer().map(String),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  )
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }).map((held) => JSON.stringify(held)),
    fc.constantFrom('"\\u0061"', '"\\\\"', '"\\ud83d"', '"{[12345678901234567890"', '"\\/"'),
  )
  const key = fc.oneof({ weight: 4, arbitrary: fc.constantFrom('"a"', '"b"', '"c"', '"1"', '"__proto__"') }, text)
  const { json } = fc.letrec<{ json: string; list: string; object: string }>((tie) => ({
    json: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      fc.oneof(number, text, fc.constantFrom('true', 'null')),
      tie('list'),
      tie('object'),
    ),
    list: fc
      .array(fc.tuple(space, tie('json'), space), { maxLength: 5 })
      .map((items) => `[${items.map((item) => item.join(''))}]`),
    object: fc
      .array(fc.tuple(space, key, space, fc.constant(':'), space, tie('json'), space), { maxLength: 5 })
      .map((items) => `{${items.map((item) => item.join(''))}}`),
  }))

  property.prop([json], { numRuns: 1_000 })('any document', (document) => expectSame(Buffer.from(document)))

  property.prop([json, fc.nat(), fc.nat(255), fc.boolean()], { numRuns: 1_000 })(
    'and any that was damaged on its way',
    (document, where, byte, cut) => {
      const bytes = Buffer.from(document)
      const at = where % bytes.length
      bytes[at] = byte
      expectSame(cut ? bytes.subarray(0, at + 1) : bytes)
    },
  )
})
