import { type Reader, readUtcTime } from '@varai/ingest/pure'

/**
 * When the store last changed the entity, in ms. WooCommerce states times twice, in the site's zone and in UTC, neither
 * with an offset; only the UTC one can be used. What was never changed since it was made (customers) says only that.
 */
export const modifiedAt = (of: Reader): number =>
  of.as(of.has('date_modified_gmt') ? 'date_modified_gmt' : 'date_created_gmt', readUtcTime, 0)

/** A time that may be missing; the zeros of an empty database field are none. */
export const timeOf = (of: Reader, key: string): number | undefined => of.readable(key, readUtcTime)
