import { expect, test } from 'vitest'
import { hidePersonal } from './hide-personal.ts'

test('personal fields at every depth are hidden, the rest and the nulls stay', () => {
  const order = {
    entityId: '1001',
    email: 'mia@example.com',
    phone: null,
    note: '',
    billingAddress: { city: 'Kiel', countryCode: 'DE', firstName: null },
    shippingAddress: null,
    items: [
      { sku: 'F-1', prescription: '{"od":-1}', properties: [{ name: 'engraving', value: 'for Mia' }] },
      { sku: 'F-2', prescription: null, properties: [] },
    ],
    refunds: null,
  }
  const before = structuredClone(order)
  expect(hidePersonal('OrderStated', order)).toEqual({
    entityId: '1001',
    email: '[personal]',
    phone: null,
    note: '[personal]',
    billingAddress: { city: '[personal]', countryCode: 'DE', firstName: null },
    shippingAddress: null,
    items: [
      { sku: 'F-1', prescription: '[personal]', properties: [{ name: 'engraving', value: '[personal]' }] },
      { sku: 'F-2', prescription: null, properties: [] },
    ],
    refunds: null,
  })
  expect(order).toEqual(before)
})

test('a record without personal fields is shown as it is', () => {
  const deleted = { entityId: '7', reason: 'deleted' }
  expect(hidePersonal('EntityDeleted', deleted)).toEqual(deleted)
})
