import type { RecordSchema } from './contract-source.ts'

/** A record of the contract as it stands inside another, or by itself, with what the generator asks about it. */
export type NamedRecord = { name: string; homeOf: string; fields: readonly Field[] }
type Field = { name: string; type: unknown; default?: unknown }

/**
 * Every record that the contract names, nested ones included, each once. `homeOf` is the first schema that holds it.
 * Throws where one name means two things, or where a field may be null but has no default: a producer could neither
 * leave it out nor would an older reader know what to do without it.
 */
export function namedRecords(contract: ReadonlyMap<string, RecordSchema>): Map<string, NamedRecord> {
  const found = new Map<string, NamedRecord>()
  const walk = (type: unknown, homeOf: string): void => {
    if (Array.isArray(type)) for (const branch of type) walk(branch, homeOf)
    if (!isNode(type)) return
    walk(type.items, homeOf)
    walk(type.values, homeOf)
    if (type.type !== 'record' || type.name === undefined || type.fields === undefined) return
    const record = { name: type.name, homeOf, fields: type.fields }
    const twin = found.get(record.name)
    if (twin !== undefined && JSON.stringify(twin.fields) !== JSON.stringify(record.fields)) {
      throw new Error(`${record.name} means one thing in ${twin.homeOf} and another in ${homeOf}`)
    }
    if (twin === undefined) found.set(record.name, record)
    for (const field of record.fields) {
      if (Array.isArray(field.type) && field.type.includes('null') && field.default !== null) {
        throw new Error(`${record.name}.${field.name} may be null but its default is not null`)
      }
      walk(field.type, homeOf)
    }
  }
  for (const [name, schema] of contract) walk(schema, name)
  return found
}

type Node = { type?: unknown; name?: string; fields?: readonly Field[]; items?: unknown; values?: unknown }
const isNode = (type: unknown): type is Node => typeof type === 'object' && type !== null && !Array.isArray(type)

/** Names of the fields that have a default, in the order of the schema. */
export const defaultedFields = (record: NamedRecord): string[] =>
  record.fields.filter((field) => field.default !== undefined).map((field) => field.name)
