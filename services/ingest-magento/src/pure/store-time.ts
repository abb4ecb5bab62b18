import { type Read, type Reader, readUtcTime } from '@varai/ingest/pure'

/** Zeros stand for no time in MySQL. */
const isNone = (value: unknown): boolean => typeof value === 'string' && value.startsWith('0000-00-00')

/** `2026-11-22 08:00:00`, which Magento means in UTC without saying so; ms. */
const readStoreTime = (value: unknown): Read<number | undefined> =>
  isNone(value) ? { ok: true, value: undefined } : readUtcTime(value)

/**
 * When the store last changed the entity, in ms. Undefined where it does not say: then the time at which it told counts.
 * One that is there and cannot be read is a failure, because statements are ordered by it.
 */
export const modifiedAt = (of: Reader): number | undefined =>
  of.has('updated_at') ? of.as('updated_at', readStoreTime, undefined) : timeOf(of, 'created_at')

/** A time that may be missing. */
export const timeOf = (of: Reader, key: string): number | undefined => of.readable(key, readStoreTime)
