import type { Reader } from '@varai/ingest/pure'

/**
 * The time by which what the document states is ordered, in ms. Undefined where it says null, as samples do: then the
 * trigger's time counts. A document that does not speak of it at all is another one, or a part of one.
 */
export const toldAt = (of: Reader, key: string): number | undefined =>
  of.states(key) && !of.has(key) ? undefined : of.time(key)
