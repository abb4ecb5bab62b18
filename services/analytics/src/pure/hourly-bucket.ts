/** The roll-up that an order counts in: one store, one hour, one currency. */
export type HourlyBucket = {
  merchantId: string
  platform: string
  storeId: string
  /** `YYYY-MM-DD-HH`, UTC. */
  hour: string
  /** ISO 4217; null while no statement named one. */
  currency: string | null
}

/** The UTC hour of a time in ms, as `YYYY-MM-DD-HH`. */
export const hourOf = (ms: number): string => new Date(ms).toISOString().slice(0, 13).replace('T', '-')

/** `_id` of the roll-up. The currency comes last and may be empty; the other parts hold no `|`. */
export const bucketId = (of: HourlyBucket): string =>
  ['orders', of.merchantId, of.platform, of.storeId, of.hour, of.currency ?? ''].join('|')

/** The bucket that {@link bucketId} named. Throws RangeError on any other text. */
export function parseBucketId(id: string): HourlyBucket {
  const [type, merchantId, platform, storeId, hour, ...currency] = id.split('|')
  if (type !== 'orders' || !merchantId || !platform || !storeId || !hour || currency.length === 0)
    throw new RangeError(`not the id of an hourly roll-up: ${JSON.stringify(id.slice(0, 80))}`)
  return { merchantId, platform, storeId, hour, currency: currency.join('|') || null }
}
