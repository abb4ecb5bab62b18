/**
 * When something was stated, as sortable text: the store's own time, the trigger's time, the event's id, e.g.
 * `0001732273481000.0001732273481123.shopify|north.myshopify.com|b1c2|0`. Times are ms in 16 digits, a missing trigger
 * time is lowest. Compared as plain strings. It holds the event's id so that a value can be traced to what stated it.
 */
export type Moment = string

const digits = 16
const pad = (time: number): string => String(time).padStart(digits, '0')

/** The last ms that a date can express; also what 16 digits hold with room to spare. */
const lastTime = 8_640_000_000_000_000

/** True for a time that a moment and a date can hold: ms, not before 1970. */
export const isTime = (time: number): boolean => Number.isInteger(time) && time >= 0 && time <= lastTime

export const momentOf = (of: { platformAt: number; triggeredAt: number | null; eventId: string }): Moment =>
  `${pad(of.platformAt)}.${pad(of.triggeredAt ?? 0)}.${of.eventId}`

/** The store's own time in a moment, in ms. */
export const platformAtOf = (moment: Moment): number => Number(moment.slice(0, digits))

/** The same as text: what all moments of that time begin with. */
export const platformTimeOf = (moment: Moment): string => moment.slice(0, digits)

/** The trigger's time in a moment, in ms; 0 where it has none. */
export const triggeredAtOf = (moment: Moment): number => Number(moment.slice(digits + 1, 2 * digits + 1))

/**
 * The times of a moment without its event. What is absent from a complete list is weaker evidence than what another
 * event, or another part of a split payload, lists at the very same times.
 */
export const timesOf = (moment: Moment): string => moment.slice(0, 2 * digits + 1)

/** The event that made the statement. */
export const eventIdOf = (moment: Moment): string => moment.slice(2 * digits + 2)
