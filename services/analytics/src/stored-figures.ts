import { Decimal128 } from 'mongodb'
import type { Figures } from './pure/count/row.ts'

/** What a row's document holds beside its figures. */
const ownFields = new Set([
  ...['_id', 'type', 'merchantId', 'platform', 'storeId', 'hour', 'dimension', 'value', 'currency'],
  ...['seq', 'computedAt', 'avgDuration'],
])

/** Counts as numbers, amounts as decimals; of sessions also what their durations come to. */
export const storedFigures = (figures: Figures): Record<string, unknown> => ({
  ...Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [
      name,
      typeof value === 'number' ? value : Decimal128.fromString(value),
    ]),
  ),
  ...('totalSessions' in figures && { avgDuration: averageOf(figures) }),
})

/** Seconds; null where no duration is known. */
function averageOf({ durations, durationMs }: Figures): number | null {
  return typeof durations === 'number' && typeof durationMs === 'number' && durations > 0
    ? durationMs / durations / 1_000
    : null
}

export function figuresIn(stored: Record<string, unknown>): Figures {
  const figures: Record<string, number | string> = {}
  for (const [name, value] of Object.entries(stored)) {
    if (ownFields.has(name)) continue
    if (typeof value === 'number') figures[name] = value
    else if (value instanceof Decimal128) figures[name] = plainDecimal(value.toString())
  }
  return figures
}

/** Decimal text without trailing zeros after the point. */
const plainDecimal = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text)
