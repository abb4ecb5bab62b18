/**
 * When something was stated, as text that sorts: the store's own time, the trigger's time (both ms in 16 digits, a
 * missing trigger time lowest), the event's id. Compared as plain strings; equal only for one and the same event.
 */
export type Moment = string

const digits = 16

export const momentOf = (of: { platformAt: number; triggeredAt: number | null; eventId: string }): Moment =>
  [pad(of.platformAt), pad(of.triggeredAt ?? 0), of.eventId].join('.')

/** The store's own time in a moment; sorts like it. */
export const platformTimeOf = (moment: Moment): string => moment.slice(0, digits)

const pad = (ms: number): string => String(ms).padStart(digits, '0')

/** The store's own time in a moment, in ms. */
export const platformMsOf = (moment: Moment): number => Number(platformTimeOf(moment))

/** The times of a moment without its event. */
export const timesOf = (moment: Moment): string => moment.slice(0, 2 * digits + 1)
