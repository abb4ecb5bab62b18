import { setTimeout as after } from 'node:timers/promises'
import { errorText, type Logger } from '@varai/runtime'
import type { LeaseStore } from '@varai/runtime/leases'
import type { CountWaiting } from './count-waiting.ts'

export type KeepAggregatedOptions = {
  countWaiting: CountWaiting
  /** Goes on with what is asked for; false when nothing is. */
  doRequest: () => Promise<boolean>
  leases: LeaseStore
  /** How long a process that vanished keeps others from going on, ms. */
  leaseMs: number
  /** How often it is looked whether facts wait, where nobody told, ms. */
  lookEveryMs: number
  stopping: AbortSignal
  log: Logger
  onCounted: () => void
}

const lease = 'analytics-aggregation'
const togetherMs = 500

/**
 * Counts whatever waits as soon as it waits, in one process at a time. The lease only saves work: two that count at once
 * do no harm. `done` resolves when told to stop.
 */
export function keepAggregated(options: KeepAggregatedOptions): { nudge: () => void; done: Promise<void> } {
  const { countWaiting, doRequest, leases, leaseMs, lookEveryMs, stopping, log, onCounted } = options
  let wake = new AbortController()
  let held: { id: string; token: number } | undefined
  let heldUntil = 0

  async function holds(): Promise<boolean> {
    if (held !== undefined && performance.now() < heldUntil - leaseMs / 2) return true
    const began = performance.now()
    if (held !== undefined && !(await leases.hold(held, leaseMs))) held = undefined
    if (held === undefined) {
      const claim = await leases.claim(lease, leaseMs)
      if (claim.kind === 'claimed') held = claim.lease
    }
    heldUntil = began + leaseMs
    return held !== undefined
  }

  async function work(): Promise<void> {
    while (!stopping.aborted && (await holds())) {
      const came = await countWaiting()
      if (came === 'counted' || came === 'caught up') onCounted()
      const isAsked = (came === 'caught up' || came === 'nothing waits') && (await doRequest())
      if (came === 'caught up' || (came === 'nothing waits' && !isAsked)) return
    }
  }

  async function keep(): Promise<void> {
    while (!stopping.aborted) {
      wake = new AbortController()
      const began = performance.now()
      await work().catch((error: unknown) => log.warn({ error: errorText(error) }, 'aggregation.failed'))
      const tookMs = performance.now() - began
      await after(lookEveryMs, undefined, { signal: AbortSignal.any([stopping, wake.signal]) }).catch(() => undefined)
      // What one shopper does comes in several batches: counted together it is written once. The longer counting takes, the
      // more is counted at once.
      const pauseMs = Math.min(Math.max(togetherMs, tookMs), Math.max(togetherMs, leaseMs / 4))
      await after(pauseMs, undefined, { signal: stopping }).catch(() => undefined)
    }
    if (held !== undefined) await leases.release(held, 0, {}).catch(() => false)
  }

  return { nudge: () => wake.abort(), done: keep() }
}
