import { type AnyBulkWriteOperation, type Collection, type Db, Decimal128 } from 'mongodb'
import { bucketId, type HourlyBucket, parseBucketId } from './pure/hourly-bucket.ts'
import { type HourlyCount, plainDecimal } from './pure/hourly-count.ts'
import { writeGuarded } from './write-guarded.ts'

type StoredRollup = {
  _id: string
  type: 'orders'
  merchantId: string
  platform: string
  storeId: string
  /** `YYYY-MM-DD-HH`, UTC. */
  hour: string
  currency: string | null
  orders: number
  cancelled: number
  grossTotal: Decimal128
  withoutTotal: number
  /** Raised by every write. The document is never removed, or an old count could come back under a used number. */
  rev: number
  /** Of the write that made this revision; tells its writer that it was not overtaken. */
  writtenBy: string
  computedAt: Date
}

/** A count to be written over revision `rev`, which was read before the facts were; 0 = there was none. */
export type RollupWrite = { bucket: string; rev: number; count: HourlyCount }

export type HourlyRow = HourlyBucket & HourlyCount & { computedAt: Date }

/** Which rows to read. `from` is included, `to` is not; `after` continues behind a row. */
export type HourlyQuery = {
  merchantId: string
  from: string
  to: string
  platform?: string | undefined
  storeId?: string | undefined
  currency?: string | undefined
  after?: { hour: string; id: string } | undefined
  limit: number
}

export type RollupStore = ReturnType<typeof createRollupStore>

export const rollupCollection = 'analytics_hourly'

/** The hourly roll-ups of type `orders`. */
export function createRollupStore(db: Db) {
  const rollups: Collection<StoredRollup> = db.collection<StoredRollup>(rollupCollection)

  return {
    /** The present revision of each roll-up that exists. */
    async revisions(buckets: readonly string[]): Promise<Map<string, number>> {
      const found = await rollups.find({ _id: { $in: [...buckets] } }, { projection: { rev: 1 } }).toArray()
      return new Map(found.map(({ _id, rev }) => [_id, rev]))
    },

    /** Writes each count whose revision is still the one that was read; returns the buckets to count again. */
    async writeMany(writes: readonly RollupWrite[]): Promise<string[]> {
      if (writes.length === 0) return []
      const writtenBy = crypto.randomUUID()
      const operations = writes.map((write): AnyBulkWriteOperation<StoredRollup> => {
        const { _id, ...fields } = toStored(write, writtenBy)
        if (write.rev === 0) return { insertOne: { document: { _id, ...fields } } }
        return { updateOne: { filter: { _id, rev: write.rev }, update: { $set: fields } } }
      })
      if (await writeGuarded(rollups, operations)) return []
      const ids = writes.map((write) => write.bucket)
      const ours = await rollups.find({ _id: { $in: ids }, writtenBy }, { projection: { _id: 1 } }).toArray()
      const won = new Set(ours.map(({ _id }) => _id))
      return ids.filter((id) => !won.has(id))
    },

    /** Rows with at least one order, by hour. */
    async readHours(query: HourlyQuery): Promise<HourlyRow[]> {
      const { merchantId, platform, storeId, currency, after } = query
      const behind = after && {
        $or: [{ hour: { $gt: after.hour } }, { hour: after.hour, _id: { $gt: after.id } }],
      }
      const found = await rollups
        .find({
          type: 'orders',
          merchantId,
          hour: { $gte: query.from, $lt: query.to },
          orders: { $gt: 0 },
          ...(platform !== undefined && { platform }),
          ...(storeId !== undefined && { storeId }),
          ...(currency !== undefined && { currency }),
          ...behind,
        })
        .sort({ hour: 1, _id: 1 })
        .limit(query.limit)
        .toArray()
      return found.map(fromStored)
    },
  }
}

const toStored = ({ bucket, rev, count }: RollupWrite, writtenBy: string): StoredRollup => ({
  _id: bucket,
  type: 'orders',
  ...parseBucketId(bucket),
  ...count,
  grossTotal: Decimal128.fromString(count.grossTotal),
  rev: rev + 1,
  writtenBy,
  computedAt: new Date(),
})

const fromStored = (stored: StoredRollup): HourlyRow => ({
  merchantId: stored.merchantId,
  platform: stored.platform,
  storeId: stored.storeId,
  hour: stored.hour,
  currency: stored.currency,
  orders: stored.orders,
  cancelled: stored.cancelled,
  grossTotal: plainDecimal(stored.grossTotal.toString()),
  withoutTotal: stored.withoutTotal,
  computedAt: stored.computedAt,
})

/** The row's id, for continuing behind it. */
export const rowId = (row: HourlyRow): string => bucketId(row)
