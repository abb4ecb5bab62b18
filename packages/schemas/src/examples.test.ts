import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { packageRoot, readHistory } from '../scripts/contract-source.ts'
import { compileSchema, eventKind, type RecordName, recordNames, schemaOf, typeOf } from './index.ts'

const folder = join(packageRoot, 'examples')
const exampleOf = (name: RecordName): Record<string, unknown> =>
  JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'))

test('every record has an example, and every example a record', () => {
  expect(readdirSync(folder).sort()).toEqual(recordNames.map((name) => `${name}.json`).sort())
})

describe.each(recordNames)('%s', (name) => {
  const example = exampleOf(name)

  test('the example states every field, or names it as cleared', () => {
    const silent = unstated(example, (example['cleared'] as string[] | undefined) ?? [])
    expect(silent).toEqual([])
    const misfits: string[] = []
    const options = { noUndeclaredFields: true, errorHook: (path: string[]) => void misfits.push(path.join('.')) }
    typeOf(name).isValid(example, options)
    expect(misfits).toEqual([])
  })

  test.each([...readHistory(name)])('%s reads it and writes it, and loses nothing both know', (_label, schema) => {
    const now = typeOf(name)
    const then = compileSchema(schema)
    expect(now.fromBuffer(now.toBuffer(example))).toEqual(example)
    const readThen = then.fromBuffer(now.toBuffer(example), then.createResolver(now))
    expect(readThen).toMatchObject(only(fieldNames(schema), example))
    const readNow = now.fromBuffer(then.toBuffer(example), now.createResolver(then))
    expect(readNow).toMatchObject(only(fieldNames(schema), example))
  })

  test('the envelope says what the event table says', () => {
    if (example['eventName'] === undefined || name === 'PrivacyRequested') return
    expect(eventKind(String(example['eventName']))).toEqual({
      eventType: example['eventType'],
      entityType: example['entityType'],
      lane: example['priority'],
      record: name,
    })
  })

  test('every field of the contract says what it means', () => {
    expect(undocumented(schemaOf(name))).toEqual([])
  })
})

/** Paths of what an example leaves open: null, or an empty list or map, where it is not among the cleared fields. */
function unstated(value: unknown, cleared: readonly string[], path = ''): string[] {
  if (cleared.includes(path) || path === 'cleared') return []
  if (value === null) return [path]
  if (typeof value !== 'object') return []
  const entries = Object.entries(value)
  if (entries.length === 0) return [path]
  return entries.flatMap(([key, inner]) => unstated(inner, cleared, path === '' ? key : `${path}.${key}`))
}

const only = (names: readonly string[], record: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(record).filter(([key]) => names.includes(key)))

const fieldNames = (schema: unknown) => (schema as { fields: { name: string }[] }).fields.map((field) => field.name)

/** Paths of the records and fields without a `doc`, nested ones included. */
function undocumented(node: unknown, path = ''): string[] {
  if (Array.isArray(node)) return node.flatMap((branch) => undocumented(branch, path))
  if (typeof node !== 'object' || node === null) return []
  const { name, doc, type, fields, items, values } = node as Record<string, unknown>
  const at = typeof name === 'string' ? `${path}/${name}` : path
  const own = typeof name === 'string' && (typeof doc !== 'string' || doc.trim() === '') ? [at] : []
  return [...own, ...[type, fields, items, values].flatMap((part) => undocumented(part, at))]
}
