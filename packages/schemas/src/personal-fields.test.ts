import { describe, expect, test } from 'vitest'
import { personalFields } from './personal-fields.ts'
import { recordNames, schemaOf } from './records.ts'

test('nested fields are found where they lie, also in a type that is used a second time', () => {
  const order = personalFields('OrderStated')
  expect(order).toContain('items[].prescription')
  expect(order).toContain('items[].properties[].value')
  expect(order).toContain('billingAddress.zip')
  expect(order).toContain('shippingAddress.zip')
  expect(order).toContain('metadata[].value')
  expect(order).not.toContain('billingAddress.countryCode')
})

describe.each(recordNames)('%s', (name) => {
  const marked = fieldsOf(schemaOf(name)).filter((field) => field.pii === true)

  test('every mark of the schema is found, and each path once', () => {
    expect(personalFields(name)).toEqual(expect.arrayContaining(marked.map((field) => field.path)))
    expect(new Set(personalFields(name)).size).toBe(personalFields(name).length)
  })

  test('a personal field is text, so that sealing never changes a type', () => {
    const types = marked.map((field) => JSON.stringify(field.type))
    expect(types.filter((type) => type !== '["null","string"]' && type !== '"string"')).toEqual([])
  })
})

test('no field that names a person, a place to reach them or their words goes unmarked', () => {
  const telling = /(^|\.)(email|phone|firstName|lastName|address[12]|zip|prescription|note|text|proof)$/
  const open = recordNames.flatMap((name) =>
    fieldsOf(schemaOf(name)).filter((field) => telling.test(field.path) && field.pii !== true),
  )
  expect(open).toEqual([])
})

type Field = { name: string; type: unknown; pii?: boolean }

/** All fields of a schema by path, as personalFields writes paths; a type used a second time is not entered again. */
function fieldsOf(node: unknown, path = ''): (Field & { path: string })[] {
  if (Array.isArray(node)) return node.flatMap((branch) => fieldsOf(branch, path))
  if (typeof node !== 'object' || node === null) return []
  const { type, items, fields } = node as { type?: unknown; items?: unknown; fields?: Field[] }
  if (type === 'array') return fieldsOf(items, `${path}[]`)
  return (fields ?? []).flatMap((field) => {
    const at = path === '' ? field.name : `${path}.${field.name}`
    return [{ ...field, path: at }, ...fieldsOf(field.type, at)]
  })
}
