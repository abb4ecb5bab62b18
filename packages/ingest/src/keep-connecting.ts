import { setTimeout as after } from 'node:timers/promises'
import type { HealthCheck, Logger } from '@varai/runtime'

export type Connecting = {
  /** For `/readyz`: fails until connected. */
  readonly check: HealthCheck
  /** Resolves when connected, or when told to stop; rejects only with an error that is `hopeless`. */
  readonly done: Promise<void>
}

const firstPauseMs = 200
const longestPauseMs = 5_000

/**
 * Connects to something, and tries again until it succeeds. A service that waited for it before it listened would
 * answer a platform with refused connections; one that listens answers 503.
 */
export function keepConnecting(options: {
  /** What is being reached, for the log and `/readyz`. */
  readonly to: string
  readonly connect: () => Promise<unknown>
  /** Whether trying again cannot help. */
  readonly hopeless?: (error: unknown) => boolean
  readonly log: Logger
  readonly stopping: AbortSignal
}): Connecting {
  const { to, log, stopping, hopeless = () => false } = options
  let connected = false

  async function connect(): Promise<void> {
    for (let pauseMs = firstPauseMs; !stopping.aborted; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      try {
        await options.connect()
        connected = true
        return
      } catch (error) {
        if (hopeless(error)) throw error
        log.warn({ to, err: error, againInMs: pauseMs }, 'connection.failed')
        await after(pauseMs, undefined, { signal: stopping }).catch(() => undefined)
      }
    }
  }

  return {
    check: () => {
      if (!connected) throw new Error(`${to} has not been reached yet`)
    },
    done: connect(),
  }
}
