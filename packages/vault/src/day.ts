/** A day in UTC, `2026-11-22`. */
export type Day = string

export const dayMs = 86_400_000

/** How long what was sealed stays readable, in days after the end of the day it was sealed on. */
export const retentionDays = 30

export const dayOf = (ms: number): Day => new Date(ms).toISOString().slice(0, 10)

/** Start of a day in epoch milliseconds. Throws RangeError on what is not a day. */
export function startOf(day: Day): number {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN
  if (Number.isNaN(ms) || dayOf(ms) !== day) throw new RangeError(`not a day: ${day}`)
  return ms
}

export function isDay(text: string): boolean {
  try {
    return startOf(text) >= 0
  } catch {
    return false
  }
}

/** When the keys of a day are destroyed, in epoch milliseconds; from then on nothing sealed on it can be read. */
export const destroyedAt = (day: Day): number => startOf(day) + (retentionDays + 1) * dayMs
