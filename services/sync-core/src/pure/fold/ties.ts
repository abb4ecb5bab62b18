import { isAnswerId, isReadable, type Platform, platforms, tieEventId } from '@varai/schemas'
import type { Question } from '../admit.ts'
import { eventIdOf, type Moment, platformAtOf, platformTimeOf, triggeredAtOf } from '../moment.ts'
import { mayBePart } from '../part-ids.ts'
import { areAlike, type PlainObject, toPlain } from '../plain.ts'
import type { RecordState } from '../record.ts'
import { type Stating, said } from '../statement.ts'
import { emptyList, type ListState, listed } from './keyed-list.ts'

/**
 * A time (ms) of the store at which it said different things. Which of them is so only the store knows: platforms stamp
 * whole seconds, and what is told of one second comes in any order.
 */
export type Tie = {
  readonly at: number
  /** Ids of what is to be read: the entity, or parts of it that have ids of their own. */
  readonly of: readonly string[]
}

type After = Pick<RecordState, 'registers' | 'lists' | 'existence'>

/** Whose service can ask the store for such an entity. */
function readableOn({ kind, platform }: Pick<RecordState, 'kind' | 'platform'>): Platform | undefined {
  const { entityType } = kind
  if (entityType === undefined) return undefined
  return platforms.find((name) => name === platform && isReadable(name, entityType))
}

/**
 * The newest tie that statements of a record show, among each other or with what was held before; undefined where there
 * is none, where one as new was known, or nobody could be asked. Only what is shown afterwards counts: what was stated
 * anew since, and what the store itself answered about that time. `statements` are in ascending order of their moments.
 *
 * Of several different values of one time, in whatever order and batches they come, the second to come always meets
 * another one that is held; so no tie that lasts is missed, and the answer settles it.
 */
export function tieAmong(before: RecordState, statements: readonly Stating[], after: After): Tie | undefined {
  if (readableOn(before) === undefined) return undefined
  const { live } = before.existence
  for (let last = statements.length - 1; last >= 0; ) {
    const time = platformTimeOf(statements[last]?.moment ?? '')
    let first = last
    while (first > 0 && statements[first - 1]?.moment.startsWith(time)) first -= 1
    // nearly always a statement is alone with its time, and newer than all before
    if (last > first || (live !== undefined && live >= time)) {
      const at = Number(time)
      if (before.tie !== undefined && at <= before.tie) return undefined
      const of = disputed(before, { statements: statements.slice(first, last + 1), time, after })
      if (of.size > 0) return { at, of: [...of].sort() }
    }
    last = first - 1
  }
  return undefined
}

/** What to ask of a store that said different things; nothing of what is gone since, which has no values to show. */
export function questionsAbout(record: RecordState, { at: platformAt, of }: Tie): Question[] {
  const { kind, merchantId, storeId } = record
  const platform = readableOn(record)
  if (platform === undefined || kind.entityType === undefined) return []
  const entityType: string = kind.entityType
  return of.map((entityId) => ({
    ...{ merchantId, platform, storeId, entityType, entityId, platformAt, reason: 'tie' },
    causeEventId: tieEventId({ source: platform, storeId, entityType, entityId }),
  }))
}

/** Statements of one time, and how the record is after them. */
type Together = { readonly statements: readonly Stating[]; readonly time: string; readonly after: After }

/** Ids of the entities about which they, and what is held of their time, disagree. */
function disputed(before: RecordState, together: Together): Set<string> {
  const ids = new Set<string>()
  const { kind, platformId } = before
  if (kind.registers.some((field) => isDisputed(before, field, together))) ids.add(platformId)
  for (const { field } of kind.lists) {
    const hasOwnIds = kind.parts === field && mayBePart(before)
    for (const key of disputedIn(before.lists[field] ?? emptyList, field, together)) {
      ids.add(hasOwnIds && key !== absent ? key : platformId)
    }
  }
  return ids
}

function isDisputed({ registers }: RecordState, field: string, { statements, time, after }: Together): boolean {
  if (!isOpen(after.registers.stated[field], time)) return false
  let known = registers.stated[field]?.startsWith(time) ? registers.values[field] : undefined
  for (const statement of statements) {
    const value = said(statement, field)
    if (value === undefined) continue
    const plain = toPlain(value)
    if (known !== undefined && !areAlike(known, plain)) return true
    known = plain
  }
  return false
}

/** Stands for elements of which it is disputed whether they are there. */
const absent = ''

/** Keys of elements that they list differently. */
function disputedIn(held: ListState, field: string, { statements, time, after }: Together): Set<string> {
  const keys = new Set<string>()
  const says = statements.flatMap((statement) => listed(statement, field) ?? [])
  const list = after.lists[field] ?? emptyList
  // a newer statement listed the whole: whatever these say is over
  if (says.length === 0 || (list.wholeAt > time && !list.wholeAt.startsWith(time))) return keys
  const known = new Map<string, PlainObject>()
  for (const [key, { value, moment }] of held.elements) if (moment.startsWith(time)) known.set(key, value)
  const presence = isOpen(after.existence.live, time) || !after.existence.live?.startsWith(time)
  const isThereDisputed = (key: string): boolean => {
    const moment = list.elements.get(key)?.moment
    const isBuried = (list.gone.get(key) ?? -1) >= Number(time)
    return presence && !isBuried && (moment === undefined || moment.startsWith(time))
  }
  let whole = held.wholeAt.startsWith(time)
  for (const { elements, whole: isWhole } of says) {
    for (const [key, value] of elements) {
      const other = known.get(key)
      if (other === undefined && whole && isThereDisputed(key)) keys.add(absent)
      if (other !== undefined && isOpen(list.elements.get(key)?.moment, time) && !areAlike(other, value)) keys.add(key)
      known.set(key, value)
    }
    if (!isWhole) continue
    whole = true
    for (const key of known.keys()) if (!elements.has(key) && isThereDisputed(key)) keys.add(absent)
  }
  return keys
}

/** A second, and what clocks differ by. */
const overAfter = 2_000

/** Whether what counts is of that time, and no answer of the store from when that second was over. */
const isOpen = (moment: Moment | undefined, time: string): boolean =>
  moment?.startsWith(time) === true &&
  !(triggeredAtOf(moment) >= platformAtOf(moment) + overAfter && isAnswerId(eventIdOf(moment)))
