import { describe, expect, test } from 'vitest'
import { readHistory } from '../scripts/contract-source.ts'
import { incompatibilities } from './compatibility.ts'
import { recordNames, schemaOf } from './records.ts'

type Field = { name: string; type: unknown; default?: unknown }
const order = schemaOf('OrderStated') as { fields: readonly Field[] }
const changed = (change: (fields: readonly Field[]) => readonly Field[]) => ({ ...order, fields: change(order.fields) })
const between = (next: unknown) =>
  incompatibilities(
    new Map([
      ['v1', order as unknown],
      ['v2', next],
    ]),
  )

test.each(recordNames)('%s: all released versions and this one read each other', (name) => {
  expect(incompatibilities(new Map([...readHistory(name), ['now', schemaOf(name)]]))).toEqual([])
})

describe('a change that would part old services from new ones is caught', () => {
  test('a new field without a default: new services could not read old events', () => {
    const next = changed((fields) => [...fields, { name: 'giftMessage', type: 'string' }])
    expect(between(next)).toEqual([{ reader: 'v2', writer: 'v1', reason: expect.stringContaining('giftMessage') }])
  })

  test('a required field that goes: old services could not read new events', () => {
    const next = changed((fields) => fields.filter((field) => field.name !== 'entityId'))
    expect(between(next)).toEqual([{ reader: 'v1', writer: 'v2', reason: expect.stringContaining('entityId') }])
  })

  test('a new type for an old field, in either direction', () => {
    const next = changed((fields) =>
      fields.map((field) => (field.name === 'eventId' ? { ...field, type: 'long' } : field)),
    )
    expect(between(next).map(({ reader }) => reader)).toEqual(['v1', 'v2'])
  })

  test('an amount that turns into text', () => {
    const next = changed((fields) =>
      fields.map((field) => (field.name === 'total' ? { ...field, type: ['null', 'string'] } : field)),
    )
    expect(between(next)).not.toEqual([])
  })

  test('a decimal of another scale, which would move the point of every amount', () => {
    const text = JSON.stringify(order).replaceAll('"scale":6', '"scale":2')
    expect(between(JSON.parse(text))).not.toEqual([])
  })

  test('two versions that agree with this one but not with each other', () => {
    const a = changed((fields) => [...fields, { name: 'extra', type: ['null', 'string'], default: null }])
    const b = changed((fields) => [...fields, { name: 'extra', type: ['null', 'long'], default: null }])
    const found = incompatibilities(
      new Map<string, unknown>([
        ['a', a],
        ['b', b],
        ['now', order],
      ]),
    )
    expect(found.map(({ reader, writer }) => `${reader}←${writer}`).sort()).toEqual(['a←b', 'b←a'])
  })

  test('a new field with a default, a new comment and a removed optional field are no such change', () => {
    const next = changed((fields) => [
      ...fields.filter((field) => field.name !== 'locale'),
      { name: 'giftMessage', type: ['null', 'string'], default: null },
    ])
    expect(between(next)).toEqual([])
  })
})
