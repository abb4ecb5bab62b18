import { setTimeout as after } from 'node:timers/promises'
import { type Budget, type ThrottleStatus, waitFor } from '../pure/admin-api/budget.ts'
import { ApiUnavailable } from './api-failure.ts'

/** The points of one app at one store, shared by all queries of this process. */
export type QueryBudget = {
  /**
   * Resolves when a query of that cost may be sent, in the order of asking. Rejects with ApiUnavailable (`throttled`) as
   * soon as it is clear that this will not be before `deadline` (ms), and with the signal's reason when that is aborted.
   */
  admit(cost: number, of: { readonly deadline: number; readonly signal: AbortSignal }): Promise<void>
  /** The query was answered, or not: its cost is no longer in the air. `status` is what the answer said. */
  settle(cost: number, status: ThrottleStatus | undefined): void
  /** As last told; undefined before the first answer. */
  readonly told: ThrottleStatus | undefined
}

/**
 * Knows nothing at first: the first query goes alone, and its answer says how much there is and how fast it comes back.
 * Other processes and apps spend from the same bucket, so what every later answer says counts more than what we reckon.
 */
export function createQueryBudget(now: () => number = Date.now): QueryBudget {
  let budget: Budget | undefined
  let inFlight = 0
  /** Points of queries whose answer is still out; an answer does not tell whether they are taken off already. */
  let reserved = 0
  let answered = Promise.withResolvers<void>()
  let lastInLine: Promise<unknown> = Promise.resolve()

  async function admitNext(cost: number, deadline: number, signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted()
      if (budget === undefined) {
        if (inFlight === 0) break
        await whicheverFirst(answered.promise, signal)
        continue
      }
      const at = now()
      const wait = waitFor(budget, cost + reserved, at)
      if (wait === 0) break
      if (at + wait > deadline) throw new ApiUnavailable('throttled', 'out of points', { retryAfterMs: wait })
      await after(wait, undefined, { signal }).catch(() => signal.throwIfAborted())
    }
    inFlight += 1
    reserved += cost
  }

  return {
    admit(cost, { deadline, signal }) {
      const mine = lastInLine.then(() => admitNext(cost, deadline, signal))
      lastInLine = mine.catch(() => undefined)
      return whicheverFirst(mine, signal)
    },
    settle(cost, status) {
      inFlight -= 1
      reserved -= cost
      if (status !== undefined) budget = { ...status, at: now() }
      answered.resolve()
      answered = Promise.withResolvers()
    },
    get told() {
      return budget
    },
  }
}

/** The promise, or the rejection with the signal's reason when that comes first. */
async function whicheverFirst<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>()
  const abort = () => aborted.reject(signal.reason)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([promise, aborted.promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
