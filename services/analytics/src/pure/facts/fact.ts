import { isIdPart, recordId } from '@varai/schemas'
import { type Moment, platformTimeOf } from './moment.ts'

/** The entity of one store that a fact is about. */
export type FactRef = {
  /** merchant|platform|store|the store's own id */
  id: string
  merchantId: string
  platform: string
  storeId: string
  entityId: string
}

/** A value and the moment of the newest statement that stated it. */
export type Stated<T> = { value: T; moment: Moment }

/** The oldest and the newest sign of life, and the newest deletion; `terminal` once one was said to be for good. */
export type Existence = { first?: Moment; live?: Moment; gone?: Moment; terminal: boolean }

export const neverSeen: Existence = { terminal: false }

/** An element of a list, by the key under which it is stated again. */
export type Kept<T> = { key: string; value: T; moment: Moment }

type Enveloped = {
  merchantId: string
  source: string
  storeId: string
  entityId: string
  platformAt: number
  triggeredAt: number | null
}

/** First ms of the year 10000: hours up to it fit `YYYY-MM-DD-HH`. */
const year10000 = 253_402_300_800_000

/** Why a record can never be counted; undefined when it can. */
export function unusable(of: Enveloped): string | undefined {
  const badPart = (['merchantId', 'source', 'storeId', 'entityId'] as const).find((part) => !isIdPart(of[part]))
  if (badPart !== undefined) return `bad ${badPart}`
  const sorts = [of.platformAt, of.triggeredAt].every((ms) => isBetween(ms, 0, year10000))
  return sorts ? undefined : 'bad platformAt or triggeredAt'
}

const isBetween = (ms: number | null, first: number, end: number): boolean => ms === null || (ms >= first && ms < end)

/** True for ms of the years 0 to 9999. */
export const isCalendarTime = (ms: number | null): boolean => isBetween(ms, -62_167_219_200_000, year10000)

export const factRef = (of: Enveloped): FactRef => ({
  id: recordId(of),
  merchantId: of.merchantId,
  platform: of.source,
  storeId: of.storeId,
  entityId: of.entityId,
})

/** The same object when the statement moves nothing. */
export function addLife(held: Existence, moment: Moment): Existence {
  const isFirst = held.first === undefined || moment < held.first
  const isNewest = moment > (held.live ?? '')
  if (!isFirst && !isNewest) return held
  return { ...held, ...(isFirst && { first: moment }), ...(isNewest && { live: moment }) }
}

/** The same object when the deletion moves nothing. */
export function addDeletion(held: Existence, moment: Moment, terminal: boolean): Existence {
  const isNewest = moment > (held.gone ?? '')
  const isFinal = terminal && !held.terminal
  if (!isNewest && !isFinal) return held
  return { ...held, ...(isNewest && { gone: moment }), terminal: held.terminal || isFinal }
}

/** Ties of the store's time favour deletion. */
export const isDeleted = ({ live, gone, terminal }: Existence): boolean =>
  terminal || (gone !== undefined && (live === undefined || platformTimeOf(gone) >= platformTimeOf(live)))

/** By moment; two values under one event id, which should not be, are settled by the value so that arrival is not. */
export function isNewer(next: Stated<unknown>, held: Stated<unknown> | undefined): boolean {
  if (held === undefined) return true
  if (next.moment !== held.moment) return next.moment > held.moment
  return textOf(next.value) > textOf(held.value)
}

const textOf = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value))

/**
 * The list with an element, of which the newest statement counts, and of all elements the newest `most`; in the order
 * of their keys. The same object when nothing of it changes. What was left out once never comes back but by a newer
 * statement, so that the list is a function of the set of statements.
 */
export function keepNewest<T>(held: readonly Kept<T>[], next: Kept<T>, most: number): readonly Kept<T>[] {
  const at = held.findIndex(({ key }) => key >= next.key)
  const known = at >= 0 && held[at]?.key === next.key ? held[at] : undefined
  if (known !== undefined) return isNewer(next, known) ? held.with(at, next) : held
  if (held.length < most) return held.toSpliced(at < 0 ? held.length : at, 0, next)
  const oldest = held.reduce((one, other) => (isOlder(other, one) ? other : one))
  if (isOlder(next, oldest)) return held
  const others = held.filter((one) => one !== oldest)
  return keepNewest(others, next, most)
}

const isOlder = <T>(one: Kept<T>, other: Kept<T>): boolean =>
  one.moment === other.moment ? one.key > other.key : one.moment < other.moment
