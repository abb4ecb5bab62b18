import { Decimal128 } from 'mongodb'
import { expect, test } from 'vitest'
import { compareFields } from './compare-values.ts'
import { Near } from './near.ts'

const decimal = (text: string) => Decimal128.fromString(text)

test.each<[string, unknown, unknown]>([
  ['nothing and a missing field', null, undefined],
  ['nothing and an empty list', [], null],
  ['amounts with more or fewer zeros', decimal('398'), decimal('398.00')],
  ['an amount with an exponent', decimal('1000'), decimal('1E+3')],
  ['zero, however long', decimal('0'), decimal('0.000')],
  ['times', new Date(5000), new Date(5000)],
  ['times that are near enough', new Near(new Date(5000), 10), new Date(5010)],
  ['an element that lacks what is empty', [{ id: '1', note: null }], [{ id: '1' }]],
])('%s agree', (_, expected, found) => {
  expect(compareFields({ field: expected }, { field: found })).toEqual([])
})

test.each<[string, unknown, unknown, string]>([
  ['a value where there is nothing', null, 'x', 'field'],
  ['nothing where there is a value', 'x', null, 'field'],
  ['an empty text where there is nothing', null, '', 'field'],
  ['a text where a number is', 1, '1', 'field'],
  ['a text where an amount is', decimal('1'), '1', 'field'],
  ['a number where an amount is', decimal('1'), 1, 'field'],
  ['a text where a time is', new Date(0), '1970-01-01T00:00:00.000Z', 'field'],
  ['amounts that differ in the last digit', decimal('19.999999'), decimal('19.999998'), 'field'],
  ['times that are not near', new Near(new Date(5000), 10), new Date(5011), 'field'],
  ['a number where a near time is', new Near(new Date(5000), 10), 5000, 'field'],
  ['nothing where a near time is', new Near(new Date(5000), 10), null, 'field'],
  ['amounts of another sign', decimal('-5'), decimal('5'), 'field'],
  ['a list in another order', ['a', 'b'], ['b', 'a'], 'field[0]'],
  ['a longer list', ['a'], ['a', 'b'], 'field.length'],
  ['a part of an element', [{ id: '1', price: decimal('1') }], [{ id: '1', price: decimal('2') }], 'field[0].price'],
  ['a part that nobody expects', [{ id: '1' }], [{ id: '1', extra: 'x' }], 'field[0].extra'],
])('%s differs', (_, expected, found, field) => {
  const differences = compareFields({ field: expected }, { field: found })
  expect(differences.map((difference) => difference.field)).toContain(field)
})

test('elements with ids are compared by them, wherever they stand', () => {
  const variants = [
    { id: '9', sku: 'a' },
    { id: '10', sku: 'b' },
  ]
  expect(compareFields({ variants }, { variants: variants.toReversed() })).toEqual([])
  expect(compareFields({ variants }, { variants: [{ id: '9', sku: 'b' }, variants[1]] })).toMatchObject([
    { expected: 'a', found: 'b' },
  ])
})

test('what the truth does not speak of is not compared', () => {
  expect(compareFields({ title: 'x' }, { title: 'x', fold: { version: 3 }, syncedAt: new Date() })).toEqual([])
})
