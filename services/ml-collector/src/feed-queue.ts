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
/** Between looks at which nothing moved it is waited ever longer, ms. */
const pauses = { shortest: 200, longest: 5_000 }
/** How often rows that were queued long ago are looked for, ms. */
const strayEveryMs = 60_000

export type Feeding = {
  /** Rows have been published: it is looked at once. */
  readonly nudge: () => void
  /** Resolves when told to stop. */
  readonly done: Promise<void>
}

/**
 * Moves published rows into the queue, and notes which of them workers have. What a row's state says is in the database:
 * whatever becomes of the queue, rows that are not `done` come again. One process at a time, though two would only hand
 * rows over twice.
 */
export function createFeedQueue({ db, queue, leases, most, againAfterMs, log, now = Date.now }: FeedDeps) {
  const rows = db.collection<TrainingRow>(collections.trainingData)
  /** What Redis was called when rows were last looked through for what it forgot, and when that is due again. */
  let looked: { epoch: string; dueAt: number } | undefined

  /** Resolves with how many rows moved in either direction; 0 where there is nothing to do, or no room. */
  async function feedOnce(): Promise<number> {
    const epoch = await queue.epoch()
    await comeAgain(epoch)
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

  /** Rows that Redis no longer has. A full queue is not read through at each look, only where it may have been lost. */
  async function comeAgain(epoch: string): Promise<void> {
    if (looked?.epoch === epoch && now() < looked.dueAt) return
    const longAgo = new Date(now() - againAfterMs)
    await rows.updateMany(
      { 'handOver.state': 'queued', $or: [{ 'handOver.epoch': { $ne: epoch } }, { 'handOver.at': { $lt: longAgo } }] },
      { $set: { handOver: { state: 'due' } } },
    )
    looked = { epoch, dueAt: now() + Math.min(strayEveryMs, againAfterMs / 2) }
  }

  async function note(): Promise<number> {
    const ids = await queue.done(page)
    if (ids.length === 0) return 0
    await rows.updateMany({ _id: { $in: ids } }, { $set: { handOver: { state: 'done', at: new Date(now()) } } })
    await queue.noted(ids.length)
    return ids.length
  }

  /** Feeds until told to stop. */
  return function keepFeeding(stopping: AbortSignal, { shortest, longest } = pauses): Feeding {
    let wake = new AbortController()
    let held: { readonly id: string; readonly token: number } | undefined
    let heldUntil = 0

    async function holds(): Promise<boolean> {
      const began = performance.now()
      if (held !== undefined && began < heldUntil - leaseMs / 2) return true
      if (held !== undefined && !(await leases.hold(held, leaseMs))) held = undefined
      if (held === undefined) {
        const claim = await leases.claim(lease, leaseMs)
        if (claim.kind === 'claimed') held = claim.lease
      }
      heldUntil = began + leaseMs
      return held !== undefined
    }

    async function keep(): Promise<void> {
      let idle = shortest
      while (!stopping.aborted) {
        wake = new AbortController()
        const moved = await look()
        if (moved > 0) idle = shortest
        else {
          await after(idle, undefined, { signal: AbortSignal.any([stopping, wake.signal]) }).catch(() => undefined)
          idle = wake.signal.aborted ? shortest : Math.min(2 * idle, longest)
        }
      }
      if (held !== undefined) await leases.release(held, 0, {}).catch(() => false)
    }

    async function look(): Promise<number> {
      try {
        return (await holds()) ? await feedOnce() : 0
      } catch (error) {
        log.warn({ error: errorText(error) }, 'queue.feeding-failed')
        return 0
      }
    }

    return { nudge: () => wake.abort(), done: keep() }
  }
}
