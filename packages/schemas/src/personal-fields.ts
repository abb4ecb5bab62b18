import { type RecordName, schemaOf } from './records.ts'

type SchemaNode = { type?: unknown; fields?: readonly FieldNode[]; items?: unknown; values?: unknown; name?: string }
type FieldNode = { name: string; type: unknown; pii?: boolean }

/**
 * Paths of the personal fields of a record, as the contract marks them with `pii`: names joined by dots, `[]` for
 * the elements of a list, e.g. `items[].prescription`. What sealing, masking and erasure go through.
 */
export function personalFields(name: RecordName): string[] {
  const known = new Map<string, SchemaNode>()
  const walk = (type: unknown, path: string): string[] => {
    if (Array.isArray(type)) return type.flatMap((branch) => walk(branch, path))
    const node = typeof type === 'string' ? known.get(type) : (type as SchemaNode)
    if (node === undefined) return []
    if (node.type === 'array') return walk(node.items, `${path}[]`)
    if (node.type !== 'record') return []
    if (node.name !== undefined) known.set(node.name, node)
    return (node.fields ?? []).flatMap((field) => {
      const at = path === '' ? field.name : `${path}.${field.name}`
      return field.pii === true ? [at] : walk(field.type, at)
    })
  }
  return walk(schemaOf(name), '')
}
