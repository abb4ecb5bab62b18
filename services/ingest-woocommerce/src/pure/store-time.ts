import { type Reader, readUtcTime } from '@varai/ingest/pure'

const [modified, created] = ['date_modified_gmt', 'date_created_gmt'] as const

/**
 * When the store last changed the entity, in ms. WooCommerce states times twice, in the site's zone and in UTC, neither
 * with an offset; only the UTC one can be used. What was never changed since it was made (customers) says only that.
 * Undefined where it says neither, as the first version of the API, which knows no UTC, and drafts that were never
 * saved do: then the receipt's time counts.
 */
export function modifiedAt(of: Reader): number | undefined {
  if (isTime(of, modified)) return of.as(modified, readUtcTime, 0)
  if (isTime(of, created)) return of.as(created, readUtcTime, 0)
  const speaksOfIt = [modified, created, 'date_modified', 'date_created'].some((key) => of.states(key))
  if (!speaksOfIt) of.fail(modified, 'is missing')
  return undefined
}

/** Zeros stand for no time in MySQL. */
const isTime = (of: Reader, key: string): boolean => of.has(key) && !/^0000-/.test(of.freeText(key) ?? '')

/** A time that may be missing; the zeros of an empty database field are none. */
export const timeOf = (of: Reader, key: string): number | undefined => of.readable(key, readUtcTime)
