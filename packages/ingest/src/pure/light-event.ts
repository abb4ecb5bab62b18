import { schemaOf } from '@varai/schemas'
import type { OutgoingEvent } from './to-events.ts'

/** Longer text may be what makes a record large. */
const longestText = 512

/**
 * An event without its lists and long texts, which refers to where it lies whole. It says less and nothing else: a field
 * left out is not stated, and no list claims to be complete. Who wants all of it reads it back.
 */
export function lightEvent(event: OutgoingEvent, payloadRef: string): OutgoingEvent {
  const defaulted = new Set<string>()
  for (const field of schemaOf(event.record).fields) if ('default' in field) defaulted.add(field.name)
  const light = Object.entries(event.value).filter(
    ([name, value]) => name === 'cleared' || !defaulted.has(name) || isShort(value),
  )
  // What is left of a record is still that record: only fields with a default are gone.
  return { ...event, value: { ...Object.fromEntries(light), payloadRef } } as OutgoingEvent
}

const isShort = (value: unknown): boolean =>
  typeof value === 'string' ? value.length <= longestText : typeof value !== 'object' || value === null
