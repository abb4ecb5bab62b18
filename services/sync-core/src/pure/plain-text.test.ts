import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { type Plain, textOf } from './plain.ts'

/** What it is, said as briefly as can be. */
function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`
}

const value = fc.jsonValue({ stringUnit: 'binary' }) as fc.Arbitrary<Plain>

test.prop([value])('the text of a value is JSON with the keys in order', (plain) => {
  expect(textOf(plain)).toBe(canonicalJson(plain))
  expect(JSON.stringify(JSON.parse(textOf(plain)))).toBe(JSON.stringify(JSON.parse(canonicalJson(plain))))
})

test.prop([fc.string({ unit: 'binary' })])('whatever stands in a text is as JSON writes it', (text) => {
  expect(textOf(text)).toBe(JSON.stringify(text))
  expect(textOf({ [text]: text })).toBe(JSON.stringify({ [text]: text }))
})
