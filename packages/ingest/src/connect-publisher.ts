import { setTimeout as after } from 'node:timers/promises'
import { IncompatibleSchema, type Publisher } from '@varai/kafka'
import type { HealthCheck, Logger } from '@varai/runtime'
import type { EventRecordName } from '@varai/schemas'

export type Connecting = {
  /** For `/readyz`: fails until Kafka and the registry have been reached. */
  readonly check: HealthCheck
  /** Resolves when connected, or when told to stop; rejects only when the registry refuses our schemas. */
  readonly done: Promise<void>
}

const firstPauseMs = 200
const longestPauseMs = 5_000

/**
 * Connects, and tries again until it succeeds. A service that waited for Kafka before it listened would answer a
 * platform with refused connections; one that listens answers 503, and is not ready.
 */
export function connectPublisher(options: {
  readonly publisher: Pick<Publisher, 'connect'>
  /** What will be published. */
  readonly records: readonly EventRecordName[]
  readonly log: Logger
  readonly stopping: AbortSignal
}): Connecting {
  const { publisher, records, log, stopping } = options
  let connected = false

  async function connect(): Promise<void> {
    for (let pauseMs = firstPauseMs; !stopping.aborted; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      try {
        await publisher.connect(records)
        connected = true
        return
      } catch (error) {
        if (error instanceof IncompatibleSchema) throw error
        log.warn({ err: error, againInMs: pauseMs }, 'kafka.not-reached')
        await after(pauseMs, undefined, { signal: stopping }).catch(() => undefined)
      }
    }
  }

  return {
    check: () => {
      if (!connected) throw new Error('Kafka or the schema registry has not been reached yet')
    },
    done: connect(),
  }
}
