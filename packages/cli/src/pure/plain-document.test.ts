import { Decimal128, Long, ObjectId } from 'mongodb'
import { expect, test } from 'vitest'
import { plainDocument } from './plain-document.ts'

const document = {
  _id: 'acme|shopify|acme.myshopify.com|1001',
  total: Decimal128.fromString('120.50'),
  createdAt: new Date('2026-05-01T12:30:00Z'),
  refunds: [{ id: Long.fromString('9007199254740993'), total: Decimal128.fromString('1') }],
  ref: new ObjectId('65a000000000000000000000'),
  note: null,
  fold: { stated: {} },
  version: 3,
}

test('values read as people write them; the machinery is left out', () => {
  expect(plainDocument(document, false)).toEqual({
    _id: 'acme|shopify|acme.myshopify.com|1001',
    total: '120.50',
    createdAt: '2026-05-01T12:30:00.000Z',
    refunds: [{ id: '9007199254740993', total: '1' }],
    ref: '65a000000000000000000000',
    note: null,
  })
})

test('asked for all, the machinery comes too', () => {
  expect(plainDocument(document, true)).toMatchObject({ fold: { stated: {} }, version: 3 })
})
