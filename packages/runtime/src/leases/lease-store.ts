import { type Collection, type Db, type Document, MongoServerError } from 'mongodb'

/** The right to carry something out for a while, with what is known of it so far. */
export type Lease = {
  readonly id: string
  /** Grows with every claim; what is saved under an older one is refused (a fencing token). */
  readonly token: number
  /** As it was saved last; undefined when nobody ever saved any. */
  readonly state: unknown
}

export type Claim =
  | { readonly kind: 'claimed'; readonly lease: Lease }
  /** Someone else is at it, or it is not due. `until`: when a claim is worth trying again, epoch ms. */
  | { readonly kind: 'not now'; readonly until: number; readonly state: unknown }

/**
 * Work that one process at a time carries out, again and again. Clocks only decide who begins; that nobody who lost the
 * right saves anything is decided by tokens. Every call rejects when the database is away.
 */
export type LeaseStore = {
  /** Takes the lease for so many ms if it is free and due; what was never claimed is both. */
  claim(id: string, leaseMs: number): Promise<Claim>
  /** Holds the lease for so many ms more, and saves `state` where given. False: someone else has it, nothing was saved. */
  hold(lease: Pick<Lease, 'id' | 'token'>, leaseMs: number, state?: Document): Promise<boolean>
  /** Saves `state` and gives the lease back, due again at `dueAt` (epoch ms). False as in `hold`. */
  release(lease: Pick<Lease, 'id' | 'token'>, dueAt: number, state: Document): Promise<boolean>
}

type LeaseDocument = {
  readonly _id: string
  readonly token: number
  readonly until: Date
  readonly dueAt: Date
  readonly state?: Document
}

const free = new Date(0)

/** Leases in a collection of their own, found by id alone. */
export function createLeaseStore(db: Db, collection: string, now: () => number = Date.now): LeaseStore {
  // A token that a failover forgets could be given twice.
  const leases: Collection<LeaseDocument> = db.collection(collection, {
    writeConcern: { w: 'majority', journal: true },
    readConcern: 'majority',
    readPreference: 'primary',
  })

  async function update({ id, token }: Pick<Lease, 'id' | 'token'>, set: Partial<LeaseDocument>): Promise<boolean> {
    const { matchedCount } = await leases.updateOne({ _id: id, token }, { $set: set })
    return matchedCount === 1
  }

  return {
    async claim(id, leaseMs) {
      const at = new Date(now())
      const until = new Date(now() + leaseMs)
      const claimed = await leases.findOneAndUpdate(
        { _id: id, until: { $lte: at }, dueAt: { $lte: at } },
        { $inc: { token: 1 }, $set: { until } },
        { returnDocument: 'after' },
      )
      if (claimed !== null) return { kind: 'claimed', lease: { id, token: claimed.token, state: claimed.state } }
      const held = await leases.findOne({ _id: id })
      if (held !== null) {
        return { kind: 'not now', until: Math.max(held.until.getTime(), held.dueAt.getTime()), state: held.state }
      }
      try {
        await leases.insertOne({ _id: id, token: 1, until, dueAt: free })
        return { kind: 'claimed', lease: { id, token: 1, state: undefined } }
      } catch (error) {
        const isTaken = error instanceof MongoServerError && error.code === 11_000
        if (isTaken) return { kind: 'not now', until: now() + leaseMs, state: undefined }
        throw error
      }
    },
    hold: (lease, leaseMs, state) =>
      update(lease, { until: new Date(now() + leaseMs), ...(state === undefined ? {} : { state }) }),
    release: (lease, dueAt, state) => update(lease, { until: free, dueAt: new Date(dueAt), state }),
  }
}
