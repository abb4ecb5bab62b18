import { type Moment, platformAtOf } from '../moment.ts'
import { digestOf, type Plain } from '../plain.ts'
import type { RecordState } from '../record.ts'
import { type Runs, runsAfter } from './runs.ts'
import { elementFact, type Fact, listFact } from './shape.ts'

/** Since when a value is as it is. */
export type Since = {
  /** The statement that began it. */
  readonly moment: Moment
  /** ms, fit for comparisons across stores: the store's time, but never ahead of when its statement was received. */
  readonly at: number
}

/** The present runs of all tracked facts of a record: compute once, then ask for each field. */
export const runsOf = ({ since }: RecordState): Runs => runsAfter(since.floor, since.entries)

/** Since when a field has its present value (or is cleared); undefined for one that was never stated. */
export function sinceOf({ registers }: RecordState, runs: Runs, field: string): Since | undefined {
  const value = registers.values[field]
  const stated = registers.stated[field]
  return value === undefined || stated === undefined ? undefined : sinceOfFact(runs, [field], value, stated)
}

/** Since when an element of a list is as it is, in what is tracked of it. */
export function sinceOfElement(record: RecordState, runs: Runs, field: string, key: string): Since | undefined {
  const element = record.lists[field]?.elements.get(key)
  const tracked = record.kind.lists.find((list) => list.field === field)?.tracked
  if (element === undefined || tracked === undefined) return undefined
  const facts = [elementFact(field, key), listFact(field)]
  return sinceOfFact(runs, facts, tracked(element.value), element.moment)
}

/**
 * The run of the value that is held. Where the log does not know it (it came later than the log reaches, or in a crowd
 * of other values), the value is as old as its newest statement.
 */
function sinceOfFact(runs: Runs, facts: readonly Fact[], value: Plain, stated: Moment): Since {
  const run = facts.map((fact) => runs.get(fact)).find((each) => each !== undefined)
  const isList = run !== undefined && runs.get(facts[0] ?? '') === undefined
  if (run !== undefined && (isList || run.digest === digestOf(value))) {
    return { moment: run.moment, at: Math.min(run.at, platformAtOf(run.moment)) }
  }
  return { moment: stated, at: platformAtOf(stated) }
}
