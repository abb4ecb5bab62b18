import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { type Plain, same, textOf, toPlain } from './plain.ts'

const { value: values } = fc.letrec<{ value: Plain }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, true, false, 0, -0, 1.5, '', 'a "quoted" text\n', '\u2028', '\ud800'),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('__proto__', '10', '9', 'a"b')), tie('value'), { maxKeys: 5 }),
  ),
}))

/** The same value, with the keys of its objects the other way round. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, turned(member)]),
  )
}

test.prop([values.map(toPlain)], { numRuns: 2_000 })(
  'a value has one text, which is JSON with the keys in order',
  (value) => {
    const text = textOf(value)
    expect(textOf(toPlain(turned(value)))).toBe(text)
    expect(same(toPlain(JSON.parse(text)), value)).toBe(true)
  },
)

test('names come in the order of their characters, numbers among them', () => {
  expect(textOf({ b: 1, a: { '10': null, '9': 'x' }, __proto__x: [] })).toBe(
    '{"__proto__x":[],"a":{"10":null,"9":"x"},"b":1}',
  )
})
