import { type RecordName, schemaOf } from '@varai/schemas'
import { isTime } from './moment.ts'
import { isPlainObject, type Plain, type PlainObject, setMember, toPlain } from './plain.ts'

/**
 * How a value of the contract looks in the database: times are dates, money is the database's decimal, maps are lists
 * of name and value (a shop chooses those names, and they may hold dots and dollars). All else is as in memory.
 */
export type Form =
  | { readonly is: 'same' | 'time' | 'decimal' }
  | { readonly is: 'list'; readonly of: Form }
  | { readonly is: 'map'; readonly of: Form }
  | { readonly is: 'record'; readonly fields: ReadonlyMap<string, Form> }
export type Forms = ReadonlyMap<string, Form>

/** The database's decimal type, from and to canonical decimal text. */
export type DecimalForm = { readonly from: (text: string) => unknown; readonly toText: (stored: unknown) => string }

const same: Form = { is: 'same' }
const known = new Map<RecordName, Forms>()

/** Forms of the fields of a record of the contract. */
export function formsOf(record: RecordName): Forms {
  let forms = known.get(record)
  if (forms === undefined) {
    forms = readFields(schemaOf(record), new Map())
    known.set(record, forms)
  }
  return forms
}

const timed = new Map<RecordName, Forms>()

/** The same, of what holds times alone: for looking at nothing else. */
export function timedFormsOf(record: RecordName): Forms {
  let forms = timed.get(record)
  if (forms === undefined) {
    forms = timesAmong(formsOf(record))
    timed.set(record, forms)
  }
  return forms
}

function timesAmong(forms: Forms): Forms {
  const found = new Map<string, Form>()
  for (const [name, form] of forms) {
    const times = timesIn(form)
    if (times !== undefined) found.set(name, times)
  }
  return found
}

function timesIn(form: Form): Form | undefined {
  switch (form.is) {
    case 'same':
    case 'decimal':
      return undefined
    case 'time':
      return form
    case 'list':
    case 'map': {
      const of = timesIn(form.of)
      return of && { is: form.is, of }
    }
    case 'record': {
      const fields = timesAmong(form.fields)
      return fields.size === 0 ? undefined : { is: 'record', fields }
    }
    default:
      return form satisfies never
  }
}

function readFields(schema: unknown, named: Map<string, Form>): Map<string, Form> {
  const forms = new Map<string, Form>()
  const fields = isPlainObject(schema) ? schema['fields'] : undefined
  for (const field of Array.isArray(fields) ? fields : []) {
    if (isPlainObject(field)) forms.set(String(field['name']), readType(field['type'], named))
  }
  return forms
}

/** Named types stand in full where they come first, and by their name afterwards. */
function readType(type: unknown, named: Map<string, Form>): Form {
  if (Array.isArray(type)) return type.map((branch) => readType(branch, named)).find(({ is }) => is !== 'same') ?? same
  if (typeof type === 'string') return named.get(type) ?? same
  if (!isPlainObject(type)) return same
  if (type['logicalType'] === 'decimal') return { is: 'decimal' }
  if (type['logicalType'] === 'timestamp-millis') return { is: 'time' }
  if (type['type'] === 'array') return unlessSame('list', readType(type['items'], named))
  if (type['type'] === 'map') return { is: 'map', of: readType(type['values'], named) }
  if (type['type'] !== 'record') return same
  const fields = readFields(type, named)
  const form: Form = [...fields.values()].every(({ is }) => is === 'same') ? same : { is: 'record', fields }
  named.set(String(type['name']), form)
  return form
}

const unlessSame = (is: 'list', of: Form): Form => (of.is === 'same' ? same : { is, of })

/** A value as the database keeps it. */
export function toStored(value: Plain, form: Form, decimal: DecimalForm): unknown {
  if (value === null) return null
  switch (form.is) {
    case 'same':
      return value
    case 'time':
      return new Date(Number(value))
    case 'decimal':
      return decimal.from(String(value))
    case 'list':
      return asList(value).map((member) => toStored(member, form.of, decimal))
    case 'map': {
      const object = asObject(value)
      const names = Object.keys(object).sort()
      return names.map((name) => ({ name, value: toStored(object[name] ?? null, form.of, decimal) }))
    }
    case 'record': {
      const object = asObject(value)
      const stored: Record<string, unknown> = {}
      for (const name of Object.keys(object)) {
        stored[name] = toStored(object[name] ?? null, form.fields.get(name) ?? same, decimal)
      }
      return stored
    }
    default:
      return form satisfies never
  }
}

const asList = (value: Plain): readonly Plain[] => (Array.isArray(value) ? value : [])
const asObject = (value: Plain): PlainObject =>
  typeof value === 'object' && value !== null && !isPlainList(value) ? value : {}
const isPlainList = (value: readonly Plain[] | PlainObject): value is readonly Plain[] => Array.isArray(value)

/** The inverse. */
export function fromStored(stored: unknown, form: Form, decimal: DecimalForm): Plain {
  if (stored === null || stored === undefined) return null
  switch (form.is) {
    case 'same':
      return toPlain(stored)
    case 'time':
      return stored instanceof Date ? stored.getTime() : Number(stored)
    case 'decimal':
      return decimal.toText(stored)
    case 'list':
      return listOf(stored).map((member) => fromStored(member, form.of, decimal))
    case 'map': {
      const map: { [name: string]: Plain } = {}
      for (const { name, value } of listOf(stored).filter(isPlainObject)) {
        setMember(map, String(name), fromStored(value, form.of, decimal))
      }
      return map
    }
    case 'record': {
      const object = isPlainObject(stored) ? stored : {}
      const value: { [name: string]: Plain } = {}
      for (const name of Object.keys(object)) {
        value[name] = fromStored(object[name], form.fields.get(name) ?? same, decimal)
      }
      return value
    }
    default:
      return form satisfies never
  }
}

const listOf = (stored: unknown): readonly unknown[] => (Array.isArray(stored) ? stored : [])

/** Path of a time that no date can hold, e.g. `refunds[].createdAt`; undefined where there is none. */
export function badTime(values: Readonly<Record<string, unknown>>, forms: Forms): string | undefined {
  for (const [name, form] of forms) {
    const bad = badTimeIn(values[name], form, name)
    if (bad !== undefined) return bad
  }
  return undefined
}

function badTimeIn(value: unknown, form: Form, path: string): string | undefined {
  if (value === null || value === undefined) return undefined
  switch (form.is) {
    case 'same':
    case 'decimal':
      return undefined
    case 'time':
      return isTime(Math.abs(Number(value))) ? undefined : path
    case 'record': {
      const bad = isPlainObject(value) ? badTime(value, form.fields) : undefined
      return bad === undefined ? undefined : `${path}.${bad}`
    }
    case 'list':
    case 'map': {
      const members = Array.isArray(value) ? value : Object.values(value)
      return members.map((member) => badTimeIn(member, form.of, `${path}[]`)).find((bad) => bad !== undefined)
    }
    default:
      return form satisfies never
  }
}
