import { platformAtOf } from '../moment.ts'
import type { RecordState } from '../record.ts'
import { isStating, type Statement } from '../statement.ts'
import { counting, cut, cutExistence, datedFrom, foldErasure } from './erasure.ts'
import { foldExistence, isDeleted } from './existence.ts'
import { emptyList, foldList, type ListState } from './keyed-list.ts'
import { foldRegisters, noRegisters, settles } from './registers.ts'
import { shapeOf } from './shape.ts'
import { emptyLog, foldLog } from './since-log.ts'
import { type Tie, tieAmong } from './ties.ts'

export type Decision = {
  readonly record: RecordState
  /** False when the statements added nothing: then nothing is to be saved, and the version stays. */
  readonly changed: boolean
  /** What only the store can settle: it is to be asked before the record is saved, which is what remembers it. */
  readonly tie?: Tie
}

/**
 * The record after some more statements about it. The same record for any order, repetition and batching of the same
 * statements, apart from its version; what `since` promises, see since-log.ts. Throws RangeError for no statements at
 * all, or for statements about another record.
 */
export function foldRecord(held: RecordState | undefined, statements: readonly Statement[]): Decision {
  const ordered = statements.length > 1 ? [...statements].sort(byMoment) : statements
  const found = held ?? unheard(ordered[0])
  const foreign = ordered.find(({ recordId }) => recordId !== found.id)
  if (foreign !== undefined) throw new RangeError(`${foreign.recordId} is not ${found.id}`)

  const { kind } = found
  const erased = foldErasure(found.existence.erased, ordered)
  const before = erased === undefined || erased === found.existence.erased ? found : cut(found, erased)
  const counts = erased === undefined ? ordered : counting(ordered, erased)
  const from = erased === undefined ? 0 : datedFrom(erased)
  const stating = counts.filter(isStating)
  const registers = foldRegisters(before.registers, stating, kind)
  const lists = foldLists(before, counts)
  const existence = cutExistence(foldExistence(before.existence, counts), before.existence)
  const since = foldLog(
    before.since,
    (from === 0 ? stating : stating.filter(({ moment }) => platformAtOf(moment) >= from)).map((statement) => ({
      ...{ moment: statement.moment, at: statement.at, shape: shapeOf(kind, statement) },
    })),
    kind.datedApart,
  )
  const isNew = held === undefined
  const learned =
    registers !== found.registers || lists !== found.lists || existence !== found.existence || since !== found.since
  const tie = tieAmong(before, stating, { registers, lists, existence })
  if (!isNew && !learned && tie === undefined) return { record: found, changed: false }
  const record = { ...before, version: before.version + 1, registers, lists, existence, since }
  if (tie === undefined) return { record, changed: true }
  // of what is gone there is nothing to show; if it comes back it is stated anew
  return { record: { ...record, tie: tie.at }, changed: true, ...(isDeleted(existence) ? {} : { tie }) }
}

const byMoment = (one: Statement, other: Statement): number =>
  one.moment === other.moment ? 0 : one.moment < other.moment ? -1 : 1

function unheard(statement: Statement | undefined): RecordState {
  if (statement === undefined) throw new RangeError('no statements to fold')
  const { kind, recordId: id, merchantId, platform, storeId, platformId } = statement
  const lists = Object.fromEntries(kind.lists.map(({ field }) => [field, emptyList]))
  const name = { id, merchantId, platform, storeId, platformId }
  return { ...name, kind, version: 0, registers: noRegisters, lists, existence: {}, since: emptyLog }
}

function foldLists({ kind, lists }: RecordState, statements: readonly Statement[]): RecordState['lists'] {
  let next: Record<string, ListState> | undefined
  for (const { field, remembers, most } of kind.lists) {
    const list = lists[field] ?? emptyList
    const folded = foldList(list, statements, field, {
      ...{ parts: kind.parts === field, remembers, most },
      ...(kind.outlivesPersons && { settles: (value, against) => settles(kind, field, value, against) }),
    })
    if (folded === list) continue
    next ??= { ...lists }
    next[field] = folded
  }
  return next ?? lists
}
