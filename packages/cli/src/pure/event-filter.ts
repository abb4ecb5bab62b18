import type { ShownEvent } from './event-line.ts'

/** Which events to show; an empty list lets everything through. */
export type EventFilter = {
  events: readonly string[]
  entities: readonly string[]
  stores: readonly string[]
  merchants: readonly string[]
}

/** Records without an envelope pass only where nothing is asked for. */
export function passes(filter: EventFilter, { value }: ShownEvent): boolean {
  if (!('eventName' in value))
    return [filter.events, filter.entities, filter.stores, filter.merchants].every((wanted) => wanted.length === 0)
  const wants = (wanted: readonly string[], given: string) => wanted.length === 0 || wanted.includes(given)
  return (
    wants(filter.events, value.eventName) &&
    wants(filter.entities, value.entityType) &&
    wants(filter.stores, value.storeId) &&
    wants(filter.merchants, value.merchantId)
  )
}
