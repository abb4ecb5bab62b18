import { type EventRecordName, schemaOf } from '@varai/schemas'

/** A type of the contract's schemas, as far as they use Avro. */
export type ContractType =
  | { readonly kind: 'text' | 'whole' | 'number' | 'flag' | 'money' | 'time' }
  | { readonly kind: 'optional' | 'list' | 'map'; readonly of: ContractType }
  | { readonly kind: 'record'; readonly name: string; readonly fields: readonly ContractField[] }
export type ContractField = {
  readonly name: string
  readonly doc: string
  readonly type: ContractType
  /** Whether it may be left out. */
  readonly defaulted: boolean
}

type Node = {
  readonly type: unknown
  readonly logicalType?: string
  readonly name?: string
  readonly fields?: readonly FieldNode[]
  readonly items?: unknown
  readonly values?: unknown
}
type FieldNode = { readonly name: string; readonly doc?: string; readonly type: unknown }

const plain: Readonly<Record<string, 'text' | 'whole' | 'number' | 'flag'>> = {
  ...{ string: 'text', int: 'whole', long: 'whole', float: 'number', double: 'number', boolean: 'flag' },
}

/** What a record of the contract states: its fields without the envelope, which ends with `cleared`. */
export function factsOf(record: EventRecordName): readonly ContractField[] {
  const fields: readonly FieldNode[] = schemaOf(record).fields
  const envelopeEnd = fields.findIndex(({ name }) => name === 'cleared')
  const known = new Map<string, ContractType>()
  return fields.map((field) => fieldOf(field, known)).slice(envelopeEnd + 1)
}

const fieldOf = (field: FieldNode, known: Map<string, ContractType>): ContractField => ({
  name: field.name,
  doc: field.doc ?? '',
  type: typeOf(field.type, known),
  defaulted: 'default' in field,
})

function typeOf(type: unknown, known: Map<string, ContractType>): ContractType {
  if (Array.isArray(type)) {
    const [none, some, ...others]: readonly unknown[] = type
    if (none !== 'null' || some === undefined || others.length > 0) throw new Error('not a union of the contract')
    return { kind: 'optional', of: typeOf(some, known) }
  }
  if (typeof type === 'string') {
    const kind = plain[type]
    const named = kind === undefined ? known.get(type) : { kind }
    if (named === undefined) throw new Error(`not a type of the contract: ${type}`)
    return named
  }
  // Schemas are JSON of our own; what else they might hold ends below.
  const node = type as Node
  if (node.logicalType === 'timestamp-millis') return { kind: 'time' }
  if (node.logicalType === 'decimal') return { kind: 'money' }
  if (node.type === 'array') return { kind: 'list', of: typeOf(node.items, known) }
  if (node.type === 'map') return { kind: 'map', of: typeOf(node.values, known) }
  if (node.type !== 'record' || node.name === undefined) return typeOf(node.type, known)
  const fields = (node.fields ?? []).map((field) => fieldOf(field, known))
  const record: ContractType = { kind: 'record', name: node.name, fields }
  known.set(node.name, record)
  return record
}

/** The value with every time in it shifted, as the contract says where times are. Other values stay as they are. */
export function shiftTimes(fields: readonly ContractField[], value: object, shift: (ms: number) => number): object {
  const shifted: [string, unknown][] = Object.entries(value).map(([name, given]) => {
    const field = fields.find((each) => each.name === name)
    return [name, field === undefined ? given : shiftIn(field.type, given, shift)]
  })
  return Object.fromEntries(shifted)
}

function shiftIn(type: ContractType, value: unknown, shift: (ms: number) => number): unknown {
  switch (type.kind) {
    case 'time':
      return typeof value === 'number' ? shift(value) : value
    case 'optional':
      return shiftIn(type.of, value, shift)
    case 'list':
      return Array.isArray(value) ? value.map((item) => shiftIn(type.of, item, shift)) : value
    case 'record':
      return typeof value === 'object' && value !== null ? shiftTimes(type.fields, value, shift) : value
    case 'map':
    case 'text':
    case 'whole':
    case 'number':
    case 'flag':
    case 'money':
      return value
    default:
      return type satisfies never
  }
}
