import { fc, test as property } from '@fast-check/vitest'
import { stringify } from 'lossless-json'
import { describe, expect, test } from 'vitest'
import { parseLossless } from './parse-lossless.ts'
import { read } from './read.ts'

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
