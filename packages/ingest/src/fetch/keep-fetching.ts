import { type ConsumeOptions, type Consumer, consumeLanes } from '@varai/kafka'
import type { Logger } from '@varai/runtime'
import { fetchTopic, type Platform } from '@varai/schemas'
import { keepConnecting } from '../keep-connecting.ts'
import { fetchAttempts } from '../pure/fetch-pause.ts'

/** A store is asked as fast as it allows; more at once would only wait here instead of in Kafka. */
const requestsAtOnce = 50

export type Fetching = {
  /** For `/readyz`: never fails, since deliveries are taken without it; notes what is not read. */
  readonly check: () => string | undefined
  /** Finishes what is in hand; what is not finished comes again. */
  stop(): Promise<void>
}

/** Reads `varai.fetch.<platform>` as soon as `after` resolves and Kafka lets it; deliveries never wait for it. */
export function keepFetching(
  options: Pick<ConsumeOptions, 'kafka' | 'codec' | 'publisher' | 'metrics' | 'service' | 'handle' | 'onCrash'> & {
    readonly platform: Platform
    readonly after: Promise<void>
    readonly log: Logger
    readonly stopping: AbortSignal
  },
): Fetching {
  const { platform, after, log, stopping, ...rest } = options
  let consumer: Consumer | undefined

  async function connect(): Promise<void> {
    await after
    if (stopping.aborted) return
    const joining = consumeLanes({
      ...{ ...rest, log, maxRecords: requestsAtOnce },
      lanes: [{ name: 'fetch', topics: [fetchTopic(platform)] }],
      retry: { step: 'fetch', attempts: fetchAttempts },
    })
    consumer = joining
    try {
      await joining.start()
    } catch (error) {
      await joining.stop()
      throw error
    }
  }

  keepConnecting({ to: 'the topics of fetches', connect, log, stopping })
  return {
    check: () => (consumer?.ready === true ? undefined : 'requests to ask stores are not read yet'),
    stop: async () => consumer?.stop(),
  }
}
