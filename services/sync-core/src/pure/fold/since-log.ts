import { type Moment, platformAtOf } from '../moment.ts'
import { type Runs, runsAfter } from './runs.ts'
import { type Fact, listOf, readShape, type Shape } from './shape.ts'

/**
 * From which statements `since` is derived: when the present value of a field was first stated without another in
 * between. Platforms stamp whole entities, so "stated again" must not look like "edited"; and because statements come
 * in any order, a date that is kept up to date one by one would depend on it. So the statements themselves are kept,
 * as digests, in a bounded log that is a function of their set. docs/adr/0003-since-log.md has the reasons.
 *
 * Time is cut into nested buckets: minutes, merged into hours that ended an hour before the newest statement, merged
 * into days that ended a day before it. Each bucket keeps the first statement of those 4 shapes that appear first and
 * the last statement of those 4 that disappear last; where fields are dated apart, also the first and the last of 2
 * values of each field, so that a crowd of edits to others does not hide one. That choice can be made from what was
 * chosen before: a statement that is not chosen in a part of a bucket is not chosen in the whole either. What is more than 30 days older than the
 * newest statement leaves by whole days, in order, and its runs live on in `floor`; what arrives later than that is not
 * taken into the log.
 */
export type SinceLog = {
  /** In ascending order of (moment, shape). */
  readonly entries: readonly LogEntry[]
  /** Runs that were going on when the oldest entry began. */
  readonly floor: Runs
}

export type LogEntry = {
  readonly moment: Moment
  /** The statement's time for comparisons across stores, in ms; the least of all its deliveries. */
  readonly at: number
  readonly shape: Shape
}

export const emptyLog: SinceLog = { entries: [], floor: new Map() }

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const keptDays = 30
/** How many shapes a bucket keeps from its beginning, and how many from its end; and of a field that is dated apart. */
const kept = 4
const keptOfField = 2

/**
 * The log after some more statements, in any order; the same object when nothing of it changes. `apart` must be the same
 * for all statements of a record.
 */
export function foldLog(held: SinceLog, added: readonly LogEntry[], apart = false): SinceLog {
  const before = newestOf(held.entries)
  const admitted = added.filter(({ moment, shape }) => shape !== '' && !hasLeft(platformAtOf(moment), before))
  if (admitted.length === 0) return held
  const merged = merge(held.entries, admitted)
  if (merged === held.entries) return held
  const newest = newestOf(merged)
  const buckets = intoBuckets(merged, newest)
  const left = buckets.filter(({ id }) => id.left).flatMap((bucket) => choose(bucket, apart))
  const entries = buckets.filter(({ id }) => !id.left).flatMap((bucket) => choose(bucket, apart))
  if (left.length === 0 && isSame(entries, held.entries)) return held
  return { entries, floor: runsAfter(held.floor, left) }
}

const newestOf = (entries: readonly LogEntry[]): number => {
  const last = entries.at(-1)
  return last === undefined ? Number.NEGATIVE_INFINITY : platformAtOf(last.moment)
}

const endOf = (at: number, width: number): number => (Math.floor(at / width) + 1) * width

const hasLeft = (at: number, newest: number): boolean => endOf(at, day) + keptDays * day <= newest

const isBefore = (one: LogEntry, other: LogEntry): boolean =>
  one.moment === other.moment ? one.shape < other.shape : one.moment < other.moment

/** Both in order, each statement once; the held list itself when it has all of the added. */
function merge(held: readonly LogEntry[], added: readonly LogEntry[]): readonly LogEntry[] {
  const sorted = [...added].sort((one, other) => (isBefore(one, other) ? -1 : 1))
  const merged: LogEntry[] = []
  let changed = false
  let next = 0
  const take = (entry: LogEntry): boolean => {
    const last = merged.at(-1)
    if (last === undefined || last.moment !== entry.moment || last.shape !== entry.shape) {
      merged.push(entry)
      return true
    }
    if (entry.at >= last.at) return false
    merged[merged.length - 1] = entry
    return true
  }
  for (const entry of sorted) {
    for (let known = held[next]; known !== undefined && !isBefore(entry, known); known = held[next]) {
      take(known)
      next += 1
    }
    changed = take(entry) || changed
  }
  for (const known of held.slice(next)) take(known)
  return changed ? merged : held
}

type Bucket = { id: BucketId; entries: LogEntry[] }
type BucketId = { start: number; left: boolean }

function intoBuckets(entries: readonly LogEntry[], newest: number): Bucket[] {
  const buckets: Bucket[] = []
  for (const entry of entries) {
    const at = platformAtOf(entry.moment)
    const width = endOf(at, day) + day <= newest ? day : endOf(at, hour) + hour <= newest ? hour : minute
    const start = endOf(at, width)
    const last = buckets.at(-1)
    if (last?.id.start === start) last.entries.push(entry)
    else buckets.push({ id: { start, left: hasLeft(at, newest) }, entries: [entry] })
  }
  return buckets
}

/** What a bucket keeps, see {@link SinceLog}. */
function choose({ entries }: Bucket, apart: boolean): readonly LogEntry[] {
  if (entries.length <= 2) return entries
  const chosen = new Set<LogEntry>()
  const crowded = keepEnds(chosen, entries, ({ shape }) => shape, kept)
  // Who keeps every shape's ends keeps those of every field's values.
  if (apart && crowded) {
    const values = new Map(entries.map((entry) => [entry, fieldsOf(entry.shape)]))
    const fields = new Set([...values.values()].flatMap((each) => [...each.keys()]))
    for (const field of fields) keepEnds(chosen, entries, (entry) => values.get(entry)?.get(field), keptOfField)
  }
  return entries.filter((entry) => chosen.has(entry))
}

/** Adds the first entry of each of the `most` values that appear first, the last of those that disappear last. */
function keepEnds(
  chosen: Set<LogEntry>,
  entries: readonly LogEntry[],
  told: (entry: LogEntry) => string | undefined,
  most: number,
): boolean {
  const keep = (inOrder: readonly LogEntry[]): boolean => {
    const met = new Set<string>()
    for (const entry of inOrder) {
      const value = told(entry)
      if (value === undefined || met.has(value)) continue
      if (met.size === most) return true
      met.add(value)
      chosen.add(entry)
    }
    return false
  }
  const more = keep(entries)
  return keep(entries.toReversed()) || more
}

const fieldsOf = (shape: Shape): ReadonlyMap<Fact, string> =>
  new Map(readShape(shape).facts.filter(([fact]) => listOf(fact) === undefined))

const isSame = (one: readonly LogEntry[], other: readonly LogEntry[]): boolean =>
  one.length === other.length &&
  one.every(({ moment, shape, at }, index) => {
    const entry = other[index]
    return entry?.moment === moment && entry.shape === shape && entry.at === at
  })
