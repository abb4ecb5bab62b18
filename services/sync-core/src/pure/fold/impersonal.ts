import { personalFields } from '@varai/schemas'
import { isPlainObject, type Plain, type PlainObject } from '../plain.ts'
import type { RecordKind } from '../record-kind.ts'

/** What is personal in a value: all of it, or in an object (or each of a list) by the names of its members. */
type Personal = 'all' | ReadonlyMap<string, Personal>

const known = new Map<RecordKind['record'], ReadonlyMap<string, Personal>>()

/** What the contract marks as personal in the fields of a kind. */
function personalIn({ record }: RecordKind): ReadonlyMap<string, Personal> {
  let fields = known.get(record)
  if (fields === undefined) {
    fields = treeOf(personalFields(record).map((path) => path.replaceAll('[]', '').split('.')))
    known.set(record, fields)
  }
  return fields
}

const treeOf = (paths: readonly (readonly string[])[]): ReadonlyMap<string, Personal> =>
  new Map(
    [...Map.groupBy(paths, ([name = '']) => name)].map(([name, of]) => {
      const rests = of.map(([, ...rest]) => rest)
      return [name, rests.some((rest) => rest.length === 0) ? 'all' : treeOf(rests)]
    }),
  )

/** Whether a field of a kind is personal as a whole. */
export const isPersonal = (kind: RecordKind, field: string): boolean => personalIn(kind).get(field) === 'all'

/**
 * What is left of a field's value, or of an element of a list, when what is personal in it is taken out; undefined for
 * nothing. The same value when there is nothing personal in it.
 */
export function impersonal(kind: RecordKind, field: string, value: PlainObject): PlainObject
export function impersonal(kind: RecordKind, field: string, value: Plain): Plain | undefined
export function impersonal(kind: RecordKind, field: string, value: unknown): unknown
export function impersonal(kind: RecordKind, field: string, value: unknown): unknown {
  const personal = personalIn(kind).get(field)
  return personal === undefined ? value : without(value, personal)
}

function without(value: unknown, personal: Personal): unknown {
  if (value === null || value === undefined) return value
  if (personal === 'all') return undefined
  if (Array.isArray(value)) return value.map((member: unknown) => without(member, personal))
  if (!isPlainObject(value)) return value
  const left = Object.entries(value).flatMap(([name, member]): [string, unknown][] => {
    const inside = personal.get(name)
    const kept = inside === undefined ? member : without(member, inside)
    return kept === undefined ? [] : [[name, kept]]
  })
  return Object.fromEntries(left)
}
