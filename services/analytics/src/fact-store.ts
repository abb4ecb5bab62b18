import { canonicalDecimal } from '@varai/schemas'
import { type AnyBulkWriteOperation, type Collection, type Db, Decimal128 } from 'mongodb'
import { type HourlyCount, plainDecimal } from './pure/hourly-count.ts'
import { contributionOf, type Existence, type OrderFact, type Stated } from './pure/order-fact.ts'
import { writeGuarded } from './write-guarded.ts'

type StoredFact = {
  _id: string
  merchantId: string
  platform: string
  storeId: string
  stated: {
    createdAt?: Stated<Date | null>
    cancelledAt?: Stated<Date | null>
    currency?: Stated<string | null>
    total?: Stated<Decimal128 | null>
    test?: Stated<boolean | null>
  }
  existence: Existence
  /** What the roll-ups sum; null when the order counts nowhere. */
  counted: { bucket: string; cancelled: boolean; total: Decimal128 | null } | null
  left: string[]
  version: number
}

export type FactStore = ReturnType<typeof createFactStore>

export const factCollection = 'analytics_order_facts'

/** One document per order: what it adds to the counts. No personal data. */
export function createFactStore(db: Db) {
  const facts: Collection<StoredFact> = db.collection<StoredFact>(factCollection)

  return {
    async loadMany(ids: readonly string[]): Promise<Map<string, OrderFact>> {
      const found = await facts.find({ _id: { $in: [...ids] } }).toArray()
      return new Map(found.map((stored) => [stored._id, fromStored(stored)]))
    },

    /**
     * Saves each fact if nobody saved it since it was loaded, with its version raised by one. False when some were
     * not saved for that reason: load all of them again and decide again.
     */
    async saveMany(changed: readonly OrderFact[]): Promise<boolean> {
      if (changed.length === 0) return true
      const writes = changed.map((fact): AnyBulkWriteOperation<StoredFact> => {
        const document = toStored({ ...fact, version: fact.version + 1 })
        if (fact.version === 0) return { insertOne: { document } }
        return { replaceOne: { filter: { _id: fact.id, version: fact.version }, replacement: document } }
      })
      return writeGuarded(facts, writes)
    },

    /** What the facts of each roll-up add up to; roll-ups without facts are absent. */
    async sum(buckets: readonly string[]): Promise<Map<string, HourlyCount>> {
      const isTrue = (condition: unknown) => ({ $sum: { $cond: [condition, 1, 0] } })
      const sums = await facts
        .aggregate<{ _id: string; orders: number; cancelled: number; grossTotal: unknown; withoutTotal: number }>([
          { $match: { 'counted.bucket': { $in: [...buckets] } } },
          {
            $group: {
              _id: '$counted.bucket',
              orders: { $sum: 1 },
              cancelled: isTrue('$counted.cancelled'),
              grossTotal: { $sum: '$counted.total' },
              withoutTotal: isTrue({ $eq: ['$counted.total', null] }),
            },
          },
        ])
        .toArray()
      return new Map(
        sums.map(({ _id, grossTotal, ...counts }) => [
          _id,
          { ...counts, grossTotal: plainDecimal(String(grossTotal)) },
        ]),
      )
    },

    /** The roll-ups that these facts left show them no more; facts saved again since then stay as they are. */
    async clearLeft(moved: readonly OrderFact[]): Promise<void> {
      const writes = moved.map(({ id, version }) => ({
        updateOne: { filter: { _id: id, version }, update: { $set: { left: [] } } },
      }))
      if (writes.length > 0) await facts.bulkWrite(writes, { ordered: false })
    },
  }
}

function toStored(fact: OrderFact): StoredFact {
  const { createdAt, cancelledAt, currency, total, test } = fact.stated
  const counted = contributionOf(fact)
  return {
    _id: fact.id,
    merchantId: fact.merchantId,
    platform: fact.platform,
    storeId: fact.storeId,
    stated: {
      ...(createdAt && { createdAt: withValue(createdAt, toDate) }),
      ...(cancelledAt && { cancelledAt: withValue(cancelledAt, toDate) }),
      ...(currency && { currency }),
      ...(total && { total: withValue(total, toDecimal) }),
      ...(test && { test }),
    },
    existence: fact.existence,
    counted: counted && { ...counted, total: toDecimal(counted.total) },
    left: [...fact.left],
    version: fact.version,
  }
}

function fromStored(stored: StoredFact): OrderFact {
  const { createdAt, cancelledAt, currency, total, test } = stored.stated
  return {
    id: stored._id,
    merchantId: stored.merchantId,
    platform: stored.platform,
    storeId: stored.storeId,
    stated: {
      ...(createdAt && { createdAt: withValue(createdAt, fromDate) }),
      ...(cancelledAt && { cancelledAt: withValue(cancelledAt, fromDate) }),
      ...(currency && { currency }),
      ...(total && { total: withValue(total, fromDecimal) }),
      ...(test && { test }),
    },
    existence: stored.existence,
    left: stored.left,
    version: stored.version,
  }
}

const withValue = <A, B>({ value, moment }: Stated<A>, convert: (value: A) => B): Stated<B> => ({
  value: convert(value),
  moment,
})

const toDate = (ms: number | null): Date | null => (ms === null ? null : new Date(ms))
const fromDate = (date: Date | null): number | null => date?.getTime() ?? null
const toDecimal = (text: string | null): Decimal128 | null => (text === null ? null : Decimal128.fromString(text))

function fromDecimal(decimal: Decimal128 | null): string | null {
  if (decimal === null) return null
  const text = canonicalDecimal(decimal.toString())
  if (text === undefined) throw new RangeError(`not an amount of the contract: ${decimal.toString()}`)
  return text
}
