import { isDeleted } from '../fold/existence.ts'
import { emptyList, inOrder } from '../fold/keyed-list.ts'
import { eventIdOf, type Moment, platformAtOf } from '../moment.ts'
import { type Plain, type PlainObject, textOf } from '../plain.ts'
import type { RecordState } from '../record.ts'
import { type Change, differing, heldBefore } from './change.ts'

/**
 * The last change of what a record says. It lies in the record, written together with it and overwritten by the next
 * change, so that whoever finds the record can tell it whole, however often, for no write more. A save that changes
 * nothing of what the record says (the fold learned when something was stated) carries it over: `version` is that of
 * the record when it began to say what it says.
 */
export type RecordChange = Pick<Change, 'version' | 'from' | 'causes' | 'at'> & {
  readonly kind: Exclude<Change['kind'], 'redirected'>
  /** Absent: everything that the record says. */
  readonly fields?: readonly string[]
}

/** It lies in the record for good: little of what was before, and few of many events. */
const longestFrom = 4 * 1024
const mostCauses = 20

/**
 * What a record says, as in the changes of canonical documents: its values, without the machinery that folds them.
 * Undefined of one that is deleted: whatever is said of it before it comes back, it says nothing.
 */
export function imageOfRecord(record: RecordState): PlainObject | undefined {
  const { kind, platform, storeId, platformId, registers, lists, existence } = record
  if (isDeleted(existence)) return undefined
  const image: { [name: string]: Plain } = { platform, storeId, platformId }
  if (existence.first !== undefined) image['createdAt'] = platformAtOf(existence.first)
  if (existence.live !== undefined) image['updatedAt'] = platformAtOf(existence.live)
  for (const field of kind.registers) {
    const value = registers.values[field]
    if (value !== undefined && value !== null) image[field] = value
  }
  for (const { field } of kind.lists) image[field] = inOrder(lists[field] ?? emptyList).map(([, { value }]) => value)
  return image
}

/** A record that is about to be saved, with its last change. `before`: as it was found; undefined where it is new. */
export function withChange(before: RecordState | undefined, after: RecordState, at: number): RecordState {
  const change = lastChange(before, after, at)
  return change === before?.change ? after : { ...after, change }
}

/** A record about whose changes nobody is told. What it carries of them would soon be wrong. */
export const withoutChange = ({ change: _, ...record }: RecordState): RecordState => record

function lastChange(before: RecordState | undefined, after: RecordState, at: number): RecordChange {
  const [was, is] = [before && imageOfRecord(before), imageOfRecord(after)]
  const { version } = after
  if (after.existence.erased !== undefined && after.existence.erased !== before?.existence.erased) {
    // what was before is nobody's business any more, nor is what the last change says of it
    const fields = is === undefined ? ['erased'] : differing(was ?? {}, is)
    if (fields.length === 0 && before?.change !== undefined) return { ...before.change, from: null }
    return { version, at, kind: 'erased', fields, from: null, causes: [] }
  }
  if (is === undefined) {
    if (before !== undefined && was === undefined) return before.change ?? unknownChange(after, at)
    const from = before === undefined ? null : '{}'
    return { version, at, kind: 'deleted', fields: ['deleted'], from, causes: causesOfDeletion(after) }
  }
  if (was === undefined) {
    const causes = causesOf(before, after, Object.keys(is))
    if (before === undefined) return { version, at, kind: 'created', from: null, causes }
    return { version, at, kind: 'updated', from: textOf({ deleted: true }), causes }
  }
  const fields = differing(was, is)
  if (fields.length === 0) return before?.change ?? unknownChange(after, at)
  const from = heldBefore(was, fields, longestFrom)
  return { version, at, kind: 'updated', fields, from, causes: causesOf(before, after, fields) }
}

/**
 * Of a record that was last saved by a release that kept no changes: that it is as it is, nothing of how it came about.
 * `at` is when it was found so.
 */
export const unknownChange = ({ version, existence }: RecordState, at: number): RecordChange => ({
  ...{ version, at, kind: isDeleted(existence) ? 'deleted' : 'updated' },
  ...{ fields: [], from: null, causes: [] },
})

/** The events that state what differs. What is absent from a whole list was stated by none. */
function causesOf(before: RecordState | undefined, after: RecordState, fields: readonly string[]): string[] {
  const moments = new Set<Moment | undefined>()
  for (const field of fields) {
    moments.add(after.registers.stated[field])
    const list = after.lists[field]
    if (list === undefined) continue
    const known = before?.lists[field]?.elements
    for (const [key, { moment }] of list.elements) if (known?.get(key)?.moment !== moment) moments.add(moment)
  }
  if (fields.includes('updatedAt')) moments.add(after.existence.live)
  return eventsOf(moments)
}

const causesOfDeletion = ({ existence: { gone, terminal } }: RecordState): string[] =>
  eventsOf(new Set([gone?.moment, terminal]))

const eventsOf = (moments: ReadonlySet<Moment | undefined>): string[] =>
  [...new Set([...moments].flatMap((moment) => (moment === undefined ? [] : [eventIdOf(moment)])))]
    .sort()
    .slice(0, mostCauses)
