import { readFileSync } from 'node:fs'
import { fc, test as property } from '@fast-check/vitest'
import { compileSchema, type RecordName, recordNames, schemaOf, typeOf } from '@varai/schemas'
import { describe, expect, test } from 'vitest'
import { compileBounded } from './bounded-type.ts'

const examples = new URL('../../schemas/examples/', import.meta.url)
const types = new Map(recordNames.map((name) => [name, compileBounded(schemaOf(name))]))
const compiled = (name: RecordName) => types.get(name) ?? compileBounded(schemaOf(name))

const lists = compileBounded({
  type: 'record',
  name: 'Lists',
  fields: [
    { name: 'list', type: { type: 'array', items: 'string' } },
    { name: 'map', type: { type: 'map', values: 'long' } },
  ],
})
/** A count of 2^40, and nothing after it. */
const hugeCount = Buffer.from([0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01])

describe('bounded types', () => {
  test('read lists and maps as written', () => {
    const value = { list: ['a', 'b'], map: { x: 1, __proto__x: 2 } }
    expect(lists.fromBuffer(lists.toBuffer(value))).toEqual(value)
  })

  test('blocks with their size in front are read too', () => {
    const bytes = Buffer.from([0x01, 0x04, 0x02, 0x61, 0x00, 0x03, 0x06, 0x02, 0x78, 0x02, 0x02, 0x79, 0x04, 0x00])
    expect(lists.fromBuffer(bytes)).toEqual({ list: ['a'], map: { x: 1, y: 2 } })
  })

  test('a key named __proto__ is a key', () => {
    const bytes = Buffer.concat([Buffer.from([0x00, 0x02, 18]), Buffer.from('__proto__'), Buffer.from([0x02, 0x00])])
    const { map } = lists.fromBuffer(bytes)
    expect(Object.getPrototypeOf(map)).toBe(Object.prototype)
    expect(Object.keys(map)).toEqual(['__proto__'])
  })

  test('a count above the bytes that are left is refused, in a list, a map, and a list that is skipped', () => {
    expect(() => lists.decode(hugeCount)).toThrow(RangeError)
    expect(() => lists.decode(Buffer.concat([Buffer.from([0x00]), hugeCount]))).toThrow(RangeError)
    const without = compileBounded({ type: 'record', name: 'Lists', fields: [] })
    expect(() => without.decode(hugeCount, 0, without.createResolver(lists))).toThrow(RangeError)
  })

  test.each(recordNames)('the example of %s is written and read as by the plain type', (name) => {
    const bounded = compiled(name)
    const example: unknown = JSON.parse(readFileSync(new URL(`${name}.json`, examples), 'utf8'))
    const bytes = bounded.toBuffer(example)
    expect(bytes).toEqual(typeOf(name).toBuffer(example))
    expect(bounded.fromBuffer(bytes)).toEqual(typeOf(name).fromBuffer(bytes))
  })

  const schema = {
    ...{ type: 'record', name: 'Values' },
    fields: [
      { name: 'text', type: 'string' },
      { name: 'amount', type: ['null', { type: 'bytes', logicalType: 'decimal', precision: 20, scale: 6 }] },
      {
        name: 'inner',
        type: [
          'null',
          { type: 'record', name: 'Inner', fields: [{ name: 'x', type: ['null', 'long'], default: null }] },
        ],
      },
      { name: 'list', type: ['null', { type: 'array', items: ['null', 'string'] }] },
    ],
  }
  const values = compileBounded(schema)
  const plain = compileSchema(schema)
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ minLength: 60, maxLength: 70 }))

  property.prop([
    text,
    fc.option(fc.integer()),
    fc.option(fc.option(fc.integer())),
    fc.option(fc.array(fc.option(text))),
  ])('what is written is what the plain type writes, also where there is no room for it', (given, amount, x, list) => {
    const value = { text: given, amount: amount?.toString() ?? null, inner: x === null ? null : { x }, list }
    const bytes = values.toBuffer(value)
    expect(bytes).toEqual(plain.toBuffer(value))
    expect(values.encode(value, Buffer.alloc(3))).toBe(plain.encode(value, Buffer.alloc(3)))
  })

  test.each([
    ['text', 1],
    ['text', null],
    ['amount', 1.5],
    ['amount', 'much'],
    ['amount', undefined],
    ['inner', 'x'],
    ['inner', ['x']],
    ['inner', 1],
    ['inner', undefined],
    ['list', 'x'],
    ['list', {}],
    ['list', [1]],
  ])('%s is not %j', (field, wrong) => {
    const value = { text: '', amount: null, inner: null, list: null, [field]: wrong }
    expect(() => plain.toBuffer(value)).toThrow()
    expect(() => values.toBuffer(value)).toThrow()
  })

  property.prop([fc.constantFrom(...recordNames), fc.uint8Array({ maxLength: 400 })], { numRuns: 2_000 })(
    'any bytes end in a value, a refusal or an error, and soon',
    (name, bytes) => {
      try {
        compiled(name).decode(Buffer.from(bytes))
      } catch (error) {
        expect(error).toBeInstanceOf(Error)
      }
    },
  )
})
