import { bucketId, hourOf } from './hourly-bucket.ts'
import { type Moment, platformTimeOf } from './moment.ts'
import type { CountedFields, OrderRef, OrderStatement } from './order-statement.ts'

/** A value and the moment of the newest statement that stated it. */
export type Stated<T> = { value: T; moment: Moment }
export type StatedFields = { [Field in keyof CountedFields]?: Stated<CountedFields[Field]> }
/** The newest sign of life and the newest deletion; `terminal` once a deletion was said to be for good. */
export type Existence = { live?: Moment; gone?: Moment; terminal: boolean }

/**
 * What one order adds to the counts, and what is needed to see whether a later event changes that.
 * It depends on the set of statements about the order, never on their arrival, repetition or batching.
 */
export type OrderFact = OrderRef & {
  stated: StatedFields
  existence: Existence
  /** Roll-ups in which it counted before and may still be shown. Where it counts now follows from the rest. */
  left: readonly string[]
  /** Of the stored document; 0 = not stored yet. */
  version: number
}

/** What an order adds to one roll-up. */
export type Contribution = {
  bucket: string
  cancelled: boolean
  /** Canonical decimal text; null while no statement named a total. */
  total: string | null
}

export type Decision = { fact: OrderFact; changed: boolean }

/** Adds statements about one order, at least one, to what is held of it. */
export function foldOrder(held: OrderFact | undefined, statements: readonly OrderStatement[]): Decision {
  const [first] = statements
  if (first === undefined) throw new RangeError('nothing to fold')
  const next: OrderFact = {
    ...first.order,
    stated: statements.reduce(addFields, held?.stated ?? {}),
    existence: statements.reduce(addExistence, held?.existence ?? { terminal: false }),
    left: held?.left ?? [],
    version: held?.version ?? 0,
  }
  if (held !== undefined && next.existence === held.existence && next.stated === held.stated)
    return { fact: held, changed: false }
  return { fact: { ...next, left: leftAfter(held, next) }, changed: true }
}

/** Where the order counts; null when it does not: deleted, a test, or not yet known when it was made. */
export function contributionOf(fact: OrderFact): Contribution | null {
  const { createdAt, currency, total, cancelledAt, test } = fact.stated
  if (isDeleted(fact.existence) || test?.value === true || createdAt === undefined || createdAt.value === null)
    return null
  const { merchantId, platform, storeId } = fact
  const bucket = { merchantId, platform, storeId, hour: hourOf(createdAt.value), currency: currency?.value ?? null }
  return {
    bucket: bucketId(bucket),
    cancelled: cancelledAt !== undefined && cancelledAt.value !== null,
    total: total?.value ?? null,
  }
}

/** Every roll-up that a fact concerns: where it counts, and where it may still be shown. */
export function bucketsOf(fact: OrderFact): string[] {
  const present = contributionOf(fact)?.bucket
  return present === undefined ? [...fact.left] : [...fact.left, present]
}

/** What is open from an earlier save stays open: its writer may have died. */
function leftAfter(held: OrderFact | undefined, next: OrderFact): string[] {
  const present = contributionOf(next)?.bucket
  const before = held === undefined ? [] : bucketsOf(held)
  return [...new Set(before)].filter((bucket) => bucket !== present)
}

/** The same object when the statement moves nothing. */
function addFields(held: StatedFields, statement: OrderStatement): StatedFields {
  if (statement.kind !== 'stated') return held
  const { fields, moment } = statement
  return take(take(take(take(take(held, 'createdAt'), 'cancelledAt'), 'currency'), 'total'), 'test')

  function take<Field extends keyof CountedFields>(into: StatedFields, field: Field): StatedFields {
    const value = fields[field]
    const present = into[field]
    if (value === undefined || (present !== undefined && !isNewer({ value, moment }, present))) return into
    return { ...into, [field]: { value, moment } }
  }
}

/** By moment; two values under one event id, which should not be, are settled by the value so that arrival is not. */
function isNewer(next: Stated<unknown>, held: Stated<unknown>): boolean {
  if (next.moment !== held.moment) return next.moment > held.moment
  return String(next.value) > String(held.value)
}

/** The same object when the statement moves nothing. */
function addExistence(held: Existence, statement: OrderStatement): Existence {
  const side = statement.kind === 'deleted' ? 'gone' : 'live'
  const isNewest = statement.moment > (held[side] ?? '')
  const isFinal = statement.kind === 'deleted' && statement.terminal && !held.terminal
  if (!isNewest && !isFinal) return held
  return { ...held, ...(isNewest && { [side]: statement.moment }), terminal: held.terminal || isFinal }
}

/** Ties of the store's time favour deletion. */
const isDeleted = ({ live, gone, terminal }: Existence): boolean =>
  terminal || (gone !== undefined && (live === undefined || platformTimeOf(gone) >= platformTimeOf(live)))
