import type { Names } from '@varai/ml-data/pure'

/**
 * When something was stated, as text that sorts: the store's own time, the trigger's time (both ms in 16 digits, a
 * missing trigger time lowest), the event's keyed name. Equal only for one and the same event.
 */
export type Moment = string

const digits = 16
const pad = (ms: number): string => String(ms).padStart(digits, '0')

/** The last ms that a date can express. */
const lastTime = 8_640_000_000_000_000
export const isTime = (ms: number): boolean => Number.isInteger(ms) && ms >= 0 && ms <= lastTime

export const momentOf = (
  of: { platformAt: number; triggeredAt: number | null; eventId: string },
  names: Names,
): Moment => [pad(of.platformAt), pad(of.triggeredAt ?? 0), names.event(of.eventId)].join('.')

/** Lower than every moment of that time (ms) or later, higher than every earlier one. */
export const momentsFrom = (ms: number): Moment => pad(ms)

/** The store's own time in a moment, ms. */
export const timeOf = (moment: Moment): number => Number(moment.slice(0, digits))

/** The keyed name of the event that made the statement. */
export const eventOf = (moment: Moment): string => moment.slice(2 * digits + 2)
