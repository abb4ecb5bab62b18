import type { AggregationRequested } from '@varai/schemas'
import { isCalendarTime } from '../facts/fact.ts'
import { hourOf } from './hour.ts'

/** Hours whose rows are to be made again from the facts. */
export type AggregationRequest = {
  /** The event that asks. */
  id: string
  /** The first hour, and the first one behind the last. */
  from: string
  to: string
  reason: string
}

const hourMs = 3_600_000
/** More hours than these are asked for in several requests. */
const mostHours = 24 * 366

type Read = { ok: true; statement: AggregationRequest } | { ok: false; reason: string }

/** `kinds` may name anything: all rows of an hour are made again. An hour that is begun counts whole. */
export function readRequest({ eventId, from, to, reason }: AggregationRequested): Read {
  if (![from, to].every(isCalendarTime) || to <= from) return { ok: false, reason: 'bad from or to' }
  const end = Math.ceil(to / hourMs) * hourMs
  if (end - from > (mostHours + 1) * hourMs) return { ok: false, reason: `more than ${mostHours} hours` }
  return { ok: true, statement: { id: eventId, from: hourOf(from), to: hourOf(end), reason: reason.slice(0, 80) } }
}
