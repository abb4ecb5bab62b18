import type { Collection, Db } from 'mongodb'
import { collections } from '../collections.ts'
import type { AggregationRequest } from '../pure/count/aggregation-request.ts'

/** What came of a request. */
export type Aggregated = { rows: number; repaired: number }

type StoredRequest = {
  _id: string
  from: string
  to: string
  reason: string
  askedAt: Date
  doneAt?: Date
} & Partial<Aggregated>

export type RequestStore = ReturnType<typeof createRequestStore>

/** Requests to make rows again. They are few: one an hour, and what operators ask. Those that are done go after 90 days. */
export function createRequestStore(db: Db) {
  const requests: Collection<StoredRequest> = db.collection<StoredRequest>(collections.requests)

  return {
    /** Keeps it until it is done; asked again, it is the same request. */
    async ask({ id, from, to, reason }: AggregationRequest): Promise<void> {
      await requests.updateOne(
        { _id: id },
        { $setOnInsert: { from, to, reason, askedAt: new Date() } },
        { upsert: true },
      )
    },

    /** The one that has waited longest. */
    async next(): Promise<AggregationRequest | undefined> {
      const found = await requests
        .find({ doneAt: { $exists: false } })
        .sort({ askedAt: 1 })
        .limit(1)
        .next()
      return found === null ? undefined : { id: found._id, from: found.from, to: found.to, reason: found.reason }
    },

    async done(id: string, came: Aggregated): Promise<void> {
      await requests.updateOne({ _id: id }, { $set: { ...came, doneAt: new Date() } })
    },

    /** When one was done last; undefined before the first. */
    async lastDoneAt(): Promise<Date | undefined> {
      const found = await requests
        .find({ doneAt: { $exists: true } })
        .sort({ doneAt: -1 })
        .limit(1)
        .next()
      return found?.doneAt
    },
  }
}
