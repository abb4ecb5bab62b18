import { randomBytes } from 'node:crypto'
import type { StoreRef } from '@varai/runtime/stores'
import { expect, test } from 'vitest'
import { open, readHeader, SealError, type SealHeader, seal } from './seal.ts'

const store: StoreRef = { merchantId: 'demo', platform: 'woocommerce', storeId: 'https://shop.example:8443/größe' }
const header: SealHeader = { store, day: '2026-11-22', keyId: 'AAAAAAAAAAAAAAAA' }
const key = randomBytes(32)

test('what was sealed opens to the same bytes, whatever they are', () => {
  for (const bytes of [Buffer.alloc(0), Buffer.from('{"id":1}\n'), randomBytes(1_000_000), Buffer.from([10, 0, 255])]) {
    expect(open(seal(header, key, bytes), key).equals(bytes)).toBe(true)
  }
})

test('it says what it is in one readable line, and nothing of its content', () => {
  const sealed = seal(header, key, Buffer.from('ada@example.com'))
  const [line] = sealed.toString('latin1').split('\n')
  expect(Buffer.from(line ?? '', 'latin1').toString('utf8')).toBe(
    'sealed:v1:store-day:2026-11-22:AAAAAAAAAAAAAAAA:demo|woocommerce|https://shop.example:8443/größe',
  )
  expect(readHeader(sealed)).toEqual(header)
  expect(sealed.includes('ada@')).toBe(false)
})

test('the same bytes never look the same twice', () => {
  const bytes = Buffer.from('same')
  expect(seal(header, key, bytes).equals(seal(header, key, bytes))).toBe(false)
})

test('a view into a larger buffer opens, as Kafka clients hand them out', () => {
  const sealed = seal(header, key, Buffer.from('content'))
  const around = Buffer.concat([Buffer.from('before\n'), sealed, Buffer.from('after')])
  const view = new Uint8Array(around.buffer, around.byteOffset + 7, sealed.length)
  expect(readHeader(view)).toEqual(header)
  expect(open(view, key).toString()).toBe('content')
})

test('a change of any single byte, header included, is detected', () => {
  const sealed = seal(header, key, Buffer.from('content'))
  for (let index = 0; index < sealed.length; index += 1) {
    const changed = Buffer.from(sealed)
    changed.writeUInt8(changed.readUInt8(index) ^ 1, index)
    expect(() => open(changed, key), `byte ${index}`).toThrow(SealError)
  }
})

test('bytes sealed for one store and day cannot be passed off as those of another', () => {
  const sealed = seal(header, key, Buffer.from('content'))
  const body = sealed.subarray(sealed.indexOf('\n'))
  const forged = (line: string) => Buffer.concat([Buffer.from(line), body])
  for (const line of [
    'sealed:v1:store-day:2026-11-22:AAAAAAAAAAAAAAAA:other|woocommerce|https://shop.example:8443/größe',
    'sealed:v1:store-day:2026-11-23:AAAAAAAAAAAAAAAA:demo|woocommerce|https://shop.example:8443/größe',
  ]) {
    expect(readHeader(forged(line))).toBeDefined()
    expect(() => open(forged(line), key)).toThrow(SealError)
  }
})

test('another key, a cut end and an added end are refused', () => {
  const sealed = seal(header, key, Buffer.from('content'))
  expect(() => open(sealed, randomBytes(32))).toThrow(SealError)
  for (let length = 0; length < sealed.length; length += 1) {
    expect(() => open(sealed.subarray(0, length), key)).toThrow(SealError)
  }
  expect(() => open(Buffer.concat([sealed, Buffer.alloc(1)]), key)).toThrow(SealError)
})

test('what is no sealed payload is recognised as such', () => {
  const body = Buffer.alloc(40)
  const refuse = (line: string) => expect(readHeader(Buffer.concat([Buffer.from(`${line}\n`), body]))).toBeUndefined()
  refuse('sealed:v2:store-day:2026-11-22:AAAAAAAAAAAAAAAA:demo|shopify|a')
  refuse('sealed:v1:store-day:2026-11-31:AAAAAAAAAAAAAAAA:demo|shopify|a')
  refuse('sealed:v1:store-day:2026-11-22:AAAAAAAAAAAAAAAA:demo|opencart|a')
  refuse('sealed:v1:store-day:2026-11-22:AAAAAAAAAAAAAAAA:demo|shopify|a|b')
  refuse('sealed:v1:store-day:2026-11-22:short:demo|shopify|a')
  refuse('{"id":1}')
  expect(readHeader(Buffer.alloc(0))).toBeUndefined()
  expect(readHeader(seal(header, key, Buffer.alloc(0)).subarray(0, -1))).toBeUndefined()
})

test('a store whose name could not be told apart is not sealed for', () => {
  const named = (storeId: string) => () => seal({ ...header, store: { ...store, storeId } }, key, Buffer.alloc(1))
  expect(named('a|b')).toThrow(RangeError)
  expect(named('a\nb')).toThrow(RangeError)
  expect(named('')).toThrow(RangeError)
})
