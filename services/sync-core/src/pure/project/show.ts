import { isPlainObject, type Plain, type PlainObject, toPlainObject } from '../plain.ts'
import type { FieldGroup } from '../policy/field-groups.ts'
import type { SettledGroup, Side } from '../policy/settle.ts'

/** What a canonical document says of settled fields, and why. Times in ms. */
export type Shown = {
  /** By field, null (or empty, of what is united) where no living member states it. */
  readonly values: PlainObject
  /** By field that has a value: by which rule, and from whom. */
  readonly provenance: Readonly<Record<string, Provenance>>
  /** Groups on which living members differ, or of which a value failed its check. */
  readonly conflicts: readonly ShownConflict[]
}
export type Provenance = {
  readonly rule: string
  /** The operator's decision that was followed. */
  readonly decision?: string
  /** One, or all that were united; none for a value that an operator gave. */
  readonly from: readonly Origin[]
}
export type Origin = {
  readonly record: string
  /** Since when the record's value is as it is. */
  readonly since: number
  /** The event that first stated it. */
  readonly event: string
}
export type ShownConflict = {
  readonly group: string
  readonly fields: readonly string[]
  /** Whether a person is asked. */
  readonly open: boolean
  /** When the second of the values came up. */
  readonly since: number
  readonly rule: string
  readonly decision?: string
  /** What each living member states; long texts are cut. Of a conflict about who is who: each account. */
  readonly sides: readonly (Side | AccountSide)[]
}
/** An account that is of this person, or of another, though something says that they are one. */
export type AccountSide = Omit<Side, 'fate'> & { readonly fate: 'one' | 'other' }

export function show(groups: readonly SettledGroup[]): Shown {
  const values: { [field: string]: Plain } = {}
  const provenance: Record<string, Provenance> = {}
  for (const settled of groups) {
    for (const field of settled.group.fields) {
      if (settled.group.perStore && settled.rule === 'per_store') continue
      const value = settled.values[field] ?? null
      values[field] = value ?? emptyOf(settled.group)
      const { from, ...rule } = provenanceOf(settled)
      if (value !== null && (from.length > 0 || rule.decision !== undefined)) provenance[field] = { ...rule, from }
    }
  }
  return { values, provenance, conflicts: groups.flatMap(conflictOf) }
}

/** What is united from nothing is empty. */
function emptyOf({ merges }: FieldGroup): Plain {
  switch (merges) {
    case 'set':
    case 'addresses':
      return []
    case 'map':
      return {}
    case 'one':
    case 'opt_out':
      return null
    default:
      return merges satisfies never
  }
}

const provenanceOf = (settled: SettledGroup): Provenance => ({
  ...ruleOf(settled),
  from: settled.sides
    .filter(({ fate }) => fate === 'shown')
    .map(({ record, since, event }) => ({ record, since, event })),
})

function conflictOf(settled: SettledGroup): ShownConflict[] {
  const { group, sides, conflict } = settled
  if (conflict === undefined) return []
  const cut = sides.map((side) => ({ ...side, values: cutLong(side.values) }))
  return [{ group: group.name, fields: group.fields, ...conflict, ...ruleOf(settled), sides: cut }]
}

const ruleOf = ({ rule, decision }: SettledGroup) => ({ rule, ...(decision === undefined ? {} : { decision }) })

/** Descriptions are long, and a document holds them once already; whoever needs the whole has the record's id. */
const longest = 300

function cutLong(values: PlainObject): PlainObject {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, cut(value)]))
}

function cut(value: Plain): Plain {
  if (typeof value === 'string') return value.length > longest ? `${value.slice(0, longest)}…` : value
  if (Array.isArray(value)) return value.map(cut)
  return isPlainObject(value) ? cutLong(toPlainObject(value)) : value
}
