const dayMs = 86_400_000

/** Monday of the week that a time (ms) lies in, UTC, as `2026-03-09`. */
export function weekOf(ms: number): string {
  // 1970-01-01 was a Thursday
  const days = Math.floor(ms / dayMs)
  return new Date((days - ((((days + 3) % 7) + 7) % 7)) * dayMs).toISOString().slice(0, 10)
}

/** The period in which a person's pseudonyms are made by one key: the month of the row's week. */
export const periodOf = (week: string): string => week.slice(0, 7)
