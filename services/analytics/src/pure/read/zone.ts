/** Local times of a zone, by whole hours. */
export type Zone = {
  name: string
  /** `YYYY-MM-DD-HH` there at an instant (ms). Undefined where no hour begins at that instant. */
  hourAt(ms: number): string | undefined
  /** The first instant (ms) at which an hour `YYYY-MM-DD-HH` has begun there. */
  instantOf(hour: string): number
}

const hourMs = 3_600_000

/** Undefined for what is no zone. Rows are of hours in UTC, so a zone that is half an hour off has no hours here. */
export function zoneOf(name: string): Zone | undefined {
  const format = formatOf(name)
  if (format === undefined) return undefined
  const known = new Map<number, { text: string; whole: boolean }>()
  const at = (ms: number) => {
    const found = known.get(ms)
    if (found !== undefined) return found
    const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, value]))
    const text = ['year', 'month', 'day', 'hour'].map((part) => parts.get(part as never) ?? '').join('-')
    const made = { text, whole: parts.get('minute') === '00' && parts.get('second') === '00' }
    known.set(ms, made)
    return made
  }
  return {
    name,
    hourAt(ms) {
      const { text, whole } = at(ms)
      return whole ? text : undefined
    },
    instantOf(hour) {
      const [year = 0, month = 1, day = 1, hourOfDay = 0] = hour.split('-').map(Number)
      const utc = Date.UTC(year, month - 1, day, hourOfDay)
      // no zone is farther off than this; what a clock skips has begun when it goes on
      for (let ms = utc - 15 * hourMs; ms <= utc + 15 * hourMs; ms += hourMs / 4) if (at(ms).text >= hour) return ms
      return utc
    },
  }
}

function formatOf(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-GB', {
      ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
      ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
    })
  } catch {
    return undefined
  }
}
