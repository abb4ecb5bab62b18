import type { Failure, Translation } from '@varai/ingest/pure'
import type { Speaker } from './api-events.ts'
import { failuresOf } from './read-batch.ts'
import { type Item, itemShapes } from './shape/item-shape.ts'

/** One event of a batch, sanitised, or all that is wrong with it. No reason quotes a value. */
export function readItem(given: unknown, speaker: Speaker): Translation<Item> {
  const name = eventIn(given)
  if (name === undefined) return refused({ path: '', reason: 'expected an object with an event' })
  const shape = itemShapes[speaker].get(name)
  if (shape === undefined) return refused({ path: 'event', reason: 'is no event that is taken here' })
  const read = shape.safeParse(given)
  return read.success ? { ok: true, value: read.data, leftOut: [] } : { ok: false, failures: failuresOf(read.error) }
}

const refused = (failure: Failure): Translation<Item> => ({ ok: false, failures: [failure] })

/** The event that an item says it is, known or not. */
export const eventIn = (given: unknown): string | undefined => textIn(given, 'event')
/** The id that an item gives itself, for the answer. */
export const idIn = (given: unknown): string | undefined => textIn(given, 'id')

function textIn(given: unknown, name: string): string | undefined {
  if (typeof given !== 'object' || given === null || !Object.hasOwn(given, name)) return undefined
  const text: unknown = Reflect.get(given, name)
  return typeof text === 'string' && text.length <= 128 ? text : undefined
}
