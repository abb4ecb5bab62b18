import { expect, test } from 'vitest'
import type { RecordSchema } from './contract-source.ts'
import { readContract } from './contract-source.ts'
import { defaultedFields, namedRecords } from './nested-records.ts'

const record = (name: string, fields: RecordSchema['fields']): RecordSchema => ({
  type: 'record',
  name,
  namespace: 'varai.events',
  doc: '',
  fields,
})
const contract = (...records: RecordSchema[]) => new Map(records.map((schema) => [schema.name, schema]))

test('the contract itself is sound, and nested records are found', () => {
  const records = namedRecords(readContract())
  expect(records.get('RefundLine')?.homeOf).toBe('OrderStated')
  const refund = records.get('Refund')
  expect(refund && defaultedFields(refund)).not.toContain('id')
  expect(refund && defaultedFields(refund)).toContain('lines')
})

test('one name for two things is refused', () => {
  const inner = (type: string) => record('Line', [{ name: 'quantity', type }])
  const two = contract(
    record('OrderStated', [{ name: 'line', type: inner('long') }]),
    record('RefundStated', [{ name: 'lines', type: { type: 'array', items: inner('int') } }]),
  )
  expect(() => namedRecords(two)).toThrow('Line means one thing in OrderStated and another in RefundStated')
})

test('a field that may be null and has no default is refused, however deep it lies', () => {
  const deep = record('Inner', [{ name: 'note', type: ['null', 'string'] }])
  const schema = record('Outer', [{ name: 'all', type: { type: 'map', values: deep } }])
  expect(() => namedRecords(contract(schema))).toThrow('Inner.note may be null but its default is not null')
})
