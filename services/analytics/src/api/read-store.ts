import type { Collection, Db } from 'mongodb'
import { collections, factCollections } from '../collections.ts'
import type { Attribution } from '../pure/attribution/attribute.ts'
import { hourOf } from '../pure/count/hour.ts'
import { type Figures, parseRowId, type RowKey } from '../pure/count/row.ts'
import { type AttributionQuery, type ReportQuery, reports } from '../pure/read/query.ts'
import type { StoredShown } from '../step.ts'
import { figuresIn } from '../stored-figures.ts'

export type AttributedOrder = {
  order: string
  counts: boolean
  waits: boolean
  attribution: Attribution | null
  because: readonly string[]
}
export type Status = {
  waiting: number
  lastAggregation: { from: string; to: string; reason: string; doneAt: Date; rows: number; repaired: number } | null
}
export type ReadStore = ReturnType<typeof createReadStore>

/** Whoever asks waits for an answer. */
const limits = { maxTimeMS: 15_000 }
const mostOrders = 20
const mostWaiting = 100_000

/** What the API shows; writes nothing. */
export function createReadStore(db: Db) {
  const rows: Collection<{ _id: string }> = db.collection(collections.rows)
  const orders: Collection<{ _id: string; waits?: true }> = db.collection(collections.orders)
  const shown: Collection<StoredShown> = db.collection(collections.ordersShown)

  return {
    /** Rows of a report by their hours. */
    async *rowsOf(query: ReportQuery): AsyncGenerator<{ key: RowKey; figures: Figures }> {
      const { merchantId, dimension, platform, storeId, currency } = query
      const found = rows
        .find(
          {
            ...{ merchantId, type: reports[query.report].type, dimension },
            hour: { $gte: hourOf(query.from), $lt: hourOf(query.to) },
            ...(platform !== undefined && { platform }),
            ...(storeId !== undefined && { storeId }),
            ...(currency !== undefined && { currency }),
          } as object,
          limits,
        )
        .sort({ hour: 1, _id: 1 })
        .batchSize(1_000)
      for await (const stored of found) yield { key: parseRowId(stored._id), figures: figuresIn(stored) }
    },

    /** Orders that the words may mean, at most 20. */
    async attributionsOf({ merchantId, order, platform, storeId }: AttributionQuery): Promise<AttributedOrder[]> {
      const found = await orders
        .find(
          {
            ...(order.includes('|') ? { _id: order } : { 'fact.entityId': order }),
            'fact.merchantId': merchantId,
            ...(platform !== undefined && { 'fact.platform': platform }),
            ...(storeId !== undefined && { 'fact.storeId': storeId }),
          } as object,
          { ...limits, projection: { waits: 1 } },
        )
        .sort({ _id: 1 })
        .limit(mostOrders)
        .toArray()
      const ids = found.map(({ _id }) => _id)
      const counted = await shown.find({ _id: { $in: ids } }, { ...limits, projection: { rows: 0 } }).toArray()
      const known = new Map(counted.map((one) => [one._id, one]))
      return found.map(({ _id, waits }) => {
        const { at, attribution = null, because = [] } = known.get(_id) ?? {}
        return { order: _id, counts: at !== undefined, waits: waits === true, attribution, because }
      })
    },

    async status(): Promise<Status> {
      const waiting = await Promise.all(
        factCollections.map((name) =>
          db.collection(name).countDocuments({ waits: true }, { limit: mostWaiting, ...limits }),
        ),
      )
      const last = await db
        .collection(collections.requests)
        .find({ doneAt: { $exists: true } }, limits)
        .sort({ doneAt: -1 })
        .limit(1)
        .next()
      return {
        waiting: waiting.reduce((sum, count) => sum + count, 0),
        lastAggregation:
          last === null
            ? null
            : {
                ...{ from: last['from'], to: last['to'], reason: last['reason'], doneAt: last['doneAt'] },
                ...{ rows: last['rows'] ?? 0, repaired: last['repaired'] ?? 0 },
              },
      }
    },
  }
}
