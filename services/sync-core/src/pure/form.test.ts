import { expect, test } from 'vitest'
import { decimalText } from '../../test/documents.ts'
import { formsOf, fromStored, toStored } from './form.ts'
import type { Plain } from './plain.ts'

const form = (field: string) =>
  formsOf('OrderStated').get(field) ?? formsOf('CustomerStated').get(field) ?? { is: 'same' }

test.each<[string, Plain, unknown]>([
  ['total', '12.5', { decimal: '12.5' }],
  ['createdAt', 0, new Date(0)],
  ['note', null, null],
  ['status', 'paid', 'paid'],
  ['items', [{ sku: 'a', price: '1' }], [{ sku: 'a', price: { decimal: '1' } }]],
  [
    'refunds',
    [{ id: '7', createdAt: 5, transactions: [{ amount: '2' }] }],
    [{ id: '7', createdAt: new Date(5), transactions: [{ amount: { decimal: '2' } }] }],
  ],
  [
    'preferences',
    { 'b.c': 'x', $a: 'y' },
    [
      { name: '$a', value: 'y' },
      { name: 'b.c', value: 'x' },
    ],
  ],
  // a type that stands in full in one field and by its name in the next
  ['shippingAddress', { city: 'Wien' }, { city: 'Wien' }],
])('%s: %j is stored as %j', (field, value, stored) => {
  expect(toStored(value, form(field), decimalText)).toEqual(stored)
  expect(fromStored(stored, form(field), decimalText)).toEqual(value)
})
