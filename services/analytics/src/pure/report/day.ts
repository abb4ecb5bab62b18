/**
 * Time is counted in quarters of an hour since 1970: since 1973 every time zone is a whole number of them away from
 * UTC, so each lies in one day wherever one looks from, also where clocks change.
 */
const quarterMs = 15 * 60_000
const quartersOfDay = 96
/** No zone is further from UTC: 14 hours. */
const furthest = 14 * 4

export const firstDay = '1973-01-02'
export const lastDay = '9999-12-30'

/** Undefined for a time that no report reaches. */
export function quarterOf(ms: number): number | undefined {
  const isReached = ms >= Date.parse(`${firstDay}T00:00:00Z`) && ms < Date.parse('9999-12-31T00:00:00Z')
  return isReached ? Math.floor(ms / quarterMs) : undefined
}

/** All quarters that may lie in the days `from` to `to`, both included, in any zone. */
export const quartersAround = (from: string, to: string): { readonly first: number; readonly end: number } => ({
  first: Date.parse(`${from}T00:00:00Z`) / quarterMs - furthest,
  end: Date.parse(`${to}T00:00:00Z`) / quarterMs + quartersOfDay + furthest,
})

/** A day that there is, as `YYYY-MM-DD`, within what reports reach. */
export function isDay(text: string): boolean {
  const ms = Date.parse(`${text}T00:00:00Z`)
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text)
    return false
  return text >= firstDay && text <= lastDay
}

export const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 86_400_000

/** A zone that is known here: `Europe/Vienna`, `UTC`, `+05:30`. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** Tells the day, as `YYYY-MM-DD`, in which a quarter lies in a time zone. Throws RangeError for an unknown zone. */
export function createDayOf(timeZone: string): (quarter: number) => string {
  const format = new Intl.DateTimeFormat('en', {
    ...{ timeZone, calendar: 'iso8601', numberingSystem: 'latn' },
    ...{ year: 'numeric', month: '2-digit', day: '2-digit' },
  })
  const days = new Map<number, string>()
  return (quarter) => {
    let day = days.get(quarter)
    if (day === undefined) {
      const parts = new Map(format.formatToParts(quarter * quarterMs).map(({ type, value }) => [type, value]))
      day = `${parts.get('year')?.padStart(4, '0')}-${parts.get('month')}-${parts.get('day')}`
      days.set(quarter, day)
    }
    return day
  }
}
