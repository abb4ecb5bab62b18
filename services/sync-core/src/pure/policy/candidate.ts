import type { Since } from '../fold/since.ts'
import { digestOf, type Plain, type PlainObject, textOf } from '../plain.ts'
import type { Around } from './check.ts'
import type { FieldGroup } from './field-groups.ts'

/** One of the records (or parts of records) that a canonical document is made from, as far as it is alive. */
export type Member = {
  /** The record's id, or the record's and the part's. */
  readonly id: string
  readonly platform: string
  readonly storeId: string
  /** Until when (ms) what it stated is erased, where anything is. */
  readonly erasedAt?: number | undefined
  readonly around: Around
  /** What it states of a field; null where it states nothing, or that there is none. */
  readonly valueOf: (field: string) => Plain
  /** Since when; undefined for what was never stated. */
  readonly sinceOf: (field: string) => Since | undefined
}

/** What one member says of a group, to be compared with what others say. */
export type Candidate = {
  readonly member: Member
  /** As stated, of every field of the group. */
  readonly stated: PlainObject
  readonly since: Since
  /** Computed when it is first asked for: most documents have one member, and nothing to compare. */
  readonly checked: () => CheckedValues
}
export type CheckedValues = {
  /** In one form; what failed is left out. */
  readonly accepted: PlainObject
  /** Equal for values that are equal after normalising. */
  readonly digest: string
  readonly problems: readonly Problem[]
}
/** A value that failed its check. Says what is wrong with it, never what it is. */
export type Problem = { readonly field: string; readonly problem: string }

/** A member that knows nothing does not take part: an account without a phone number must not erase another's. */
export function candidateOf(member: Member, group: FieldGroup): Candidate | undefined {
  const stated = Object.fromEntries(group.fields.map((field) => [field, member.valueOf(field)]))
  const since = group.fields.map(member.sinceOf).reduce(later, undefined)
  const [first = ''] = group.fields
  const speaks =
    group.merges === 'opt_out' ? isSomething(stated[first] ?? null) : Object.values(stated).some(isSomething)
  if (!speaks || since === undefined) return undefined
  let checked: CheckedValues | undefined
  return {
    ...{ member, stated, since },
    checked: () => {
      checked ??= check(group, stated, member.around)
      return checked
    },
  }
}

/** Stands for values of a group: equal for those that are equal after normalising. */
export const digestOfValues = (group: FieldGroup, values: PlainObject, around: Around): string =>
  check(group, values, around).digest

/** What is wrong with values of a group that somebody gives. */
export const problemsOf = (group: FieldGroup, values: PlainObject, around: Around): readonly Problem[] =>
  check(group, values, around).problems

export const isSomething = (value: Plain): boolean =>
  value !== null && value !== '' && !(Array.isArray(value) && value.length === 0)

/** A group changed when the last of its fields did. */
const later = (one: Since | undefined, other: Since | undefined): Since | undefined =>
  one === undefined || (other !== undefined && other.at > one.at) ? other : one

function check(group: FieldGroup, values: PlainObject, around: Around): CheckedValues {
  const problems: Problem[] = []
  const accepted: { [name: string]: Plain } = {}
  const compared: { [name: string]: Plain } = {}
  // the proof of a consent is no part of what was decided
  const decisive = group.merges === 'opt_out' ? group.fields.slice(0, 1) : group.fields
  for (const field of group.fields) {
    const value = values[field] ?? null
    if (!isSomething(value)) continue
    const checked = checkField(group, field, value, around)
    problems.push(...checked.problems.map((problem) => ({ field, problem })))
    if (checked.accepted !== undefined) accepted[field] = checked.accepted
    if (decisive.includes(field)) compared[field] = checked.compared
  }
  return { accepted, problems, digest: digestOf(compared) }
}

type CheckedField = {
  readonly accepted: Plain | undefined
  readonly compared: Plain
  readonly problems: readonly string[]
}

function checkField(group: FieldGroup, field: string, value: Plain, around: Around): CheckedField {
  const checkValue = group.checks[field]
  if (checkValue === undefined) return { accepted: value, compared: value, problems: [] }
  if (group.merges === 'one') {
    const checked = checkValue(value, around)
    if (checked.ok) return { accepted: checked.value, compared: checked.value, problems: [] }
    const compared = typeof value === 'string' ? value.trim() : value
    return { accepted: undefined, compared, problems: [checked.problem] }
  }
  const elements = (Array.isArray(value) ? value : []).map((element: Plain) => ({
    element,
    checked: checkValue(element, around),
  }))
  return {
    // an address stays as it was written; only its comparison is of the plain form
    accepted: elements.flatMap(({ element, checked }) =>
      checked.ok ? [group.merges === 'addresses' ? element : checked.value] : [],
    ),
    compared: [...new Set(elements.map(({ element, checked }) => textOf(checked.ok ? checked.value : element)))].sort(),
    problems: [...new Set(elements.flatMap(({ checked }) => (checked.ok ? [] : [checked.problem])))].sort(),
  }
}
