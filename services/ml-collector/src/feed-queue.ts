import { setTimeout as after } from 'node:timers/promises'
import { collections, payloadOf, type TrainingQueue, type TrainingRow } from '@varai/ml-data'
import { errorText, type Logger } from '@varai/runtime'
import type { LeaseStore } from '@varai/runtime/leases'
import type { Db } from 'mongodb'

export type FeedDeps = {
  readonly db: Db
  readonly queue: TrainingQueue
  readonly leases: LeaseStore
  /** Rows that may lie in the queue, taken ones included. */
  readonly most: number
  /** After so long a row that nobody acknowledged is put in again, ms: Redis may have lost it alone. */
  readonly againAfterMs: number
  readonly log: Logger
  readonly now?: () => number
}

const lease = 'ml-feed'
const leaseMs = 15_000
/** So many rows are in memory at once. */
const page = 200

/**
 * Moves published rows into the queue, and notes which of them workers have. What a row's state says is in the database:
 * whatever becomes of the queue, rows that are not `done` come again. One process at a time, though two would only hand
 * rows over twice.
 */
export function createFeedQueue({ db, queue, leases, most, againAfterMs, log, now = Date.now }: FeedDeps) {
  const rows = db.collection<TrainingRow>(collections.trainingData)

  /** Resolves with how many rows moved in either direction; 0 where there is nothing to do, or no room. */
  async function feedOnce(): Promise<number> {
    const epoch = await queue.epoch()
    const longAgo = new Date(now() - againAfterMs)
    await rows.updateMany(
      { 'handOver.state': 'queued', $or: [{ 'handOver.epoch': { $ne: epoch } }, { 'handOver.at': { $lt: longAgo } }] },
      { $set: { handOver: { state: 'due' } } },
    )
    const noted = await note()
    const back = await queue.redeliver()
    if (back > 0) log.warn({ rows: back }, 'queue.redelivered')
    const room = most - (await queue.size())
    if (room <= 0) return noted
    const due = await rows.find({ 'handOver.state': 'due' }).limit(Math.min(page, room)).toArray()
    const pushed = due.slice(0, due.length === 0 ? 0 : await queue.push(due.map(payloadOf), most))
    const ids = pushed.map(({ _id }) => _id)
    if (ids.length === 0) return noted
    await rows.updateMany(
      { _id: { $in: ids }, 'handOver.state': 'due' },
      { $set: { handOver: { state: 'queued', epoch, at: new Date(now()) } } },
    )
    // What was taken back while it was on its way must not stay there.
    const still = new Set(
      (await rows.find({ _id: { $in: ids } }, { projection: { _id: 1 } }).toArray()).map(({ _id }) => _id),
    )
    await queue.remove(pushed.filter(({ _id }) => !still.has(_id)).map(payloadOf))
    return noted + ids.length
  }

  async function note(): Promise<number> {
    const ids = await queue.done(page)
    if (ids.length === 0) return 0
    await rows.updateMany({ _id: { $in: ids } }, { $set: { handOver: { state: 'done', at: new Date(now()) } } })
    await queue.noted(ids.length)
    return ids.length
  }

  /** Feeds until told to stop. Resolves then. */
  return async function keepFeeding(stopping: AbortSignal, idleMs = 500): Promise<void> {
    while (!stopping.aborted) {
      await turn(stopping, idleMs).catch((error: unknown) =>
        log.warn({ error: errorText(error) }, 'queue.feeding-failed'),
      )
      await after(idleMs, undefined, { signal: stopping }).catch(() => undefined)
    }
  }

  /** As long as the lease is ours, page after page. */
  async function turn(stopping: AbortSignal, idleMs: number): Promise<void> {
    const claim = await leases.claim(lease, leaseMs)
    if (claim.kind === 'not now') return
    const ours = { id: lease, token: claim.lease.token }
    try {
      while (!stopping.aborted && (await leases.hold(ours, leaseMs))) {
        const until = now() + leaseMs / 3
        while (!stopping.aborted && now() < until) {
          if ((await feedOnce()) > 0) continue
          await after(idleMs, undefined, { signal: stopping }).catch(() => undefined)
        }
      }
    } finally {
      await leases.release(ours, 0, {})
    }
  }
}
