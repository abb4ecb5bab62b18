import type { Collection, Db } from 'mongodb'
import { collections } from '../collections.ts'
import type { AggregationRequest } from '../pure/count/aggregation-request.ts'

/** What came of a request: rows that were summed anew, and those of them that had shown anything else. */
export type Aggregated = { rows: number; repaired: number }
/** A request, with what came of it so far; `from` is the first hour that is left to do. */
export type OpenRequest = AggregationRequest & { came: Aggregated }

type StoredRequest = {
  _id: string
  from: string
  to: string
  reason: string
  askedAt: Date
  /** The first hour that is left to do; absent before the first was done. */
  next?: string
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
    async next(): Promise<OpenRequest | undefined> {
      const found = await requests
        .find({ doneAt: { $exists: false } })
        .sort({ askedAt: 1 })
        .limit(1)
        .next()
      if (found === null) return undefined
      const { _id: id, from, next = from, to, reason, rows = 0, repaired = 0 } = found
      return { id, from: next, to, reason, came: { rows, repaired } }
    },

    /** Everything before `next` is done; with `next` at its end the whole request is. */
    async save({ id, to }: AggregationRequest, next: string, came: Aggregated): Promise<void> {
      await requests.updateOne({ _id: id }, { $set: { ...came, next, ...(next >= to && { doneAt: new Date() }) } })
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
