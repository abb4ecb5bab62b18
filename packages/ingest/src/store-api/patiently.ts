import { setTimeout as after } from 'node:timers/promises'
import pRetry from 'p-retry'
import { NoAnswer } from './get.ts'

/** A longer pause is not waited for: the store is asked again in another pass. */
const longestPauseMs = 10_000

/**
 * Asks a store again that did not answer (`NoAnswer`), three times at most, when it wants to be asked or after a second,
 * two, four. Rejects with the last `NoAnswer`, at once when the store wants to be left alone for longer than ten
 * seconds, and with the signal's reason when that aborts.
 */
export const patiently = <T>(ask: () => Promise<T>, signal: AbortSignal, firstPauseMs = 1_000): Promise<T> =>
  pRetry(ask, {
    ...{ retries: 3, minTimeout: firstPauseMs, randomize: true, signal },
    shouldRetry: ({ error }) => error instanceof NoAnswer && (error.afterMs ?? 0) <= longestPauseMs,
    async onFailedAttempt({ error, retriesLeft, retryDelay }) {
      const wanted = error instanceof NoAnswer ? (error.afterMs ?? 0) : 0
      if (retriesLeft === 0 || wanted > longestPauseMs) return
      await after(Math.max(0, wanted - retryDelay), undefined, { signal })
    },
  })
