import { setTimeout as after } from 'node:timers/promises'
import type { SystemContext } from '../../system/open-system.ts'

/** What the metrics of the spool said, the most of it and the last. */
export type SpoolWatch = {
  readonly most: Readonly<Sample>
  readonly last: Readonly<Sample>
  stop(): Promise<void>
}

/** Deliveries that wait, seconds that the oldest of them has waited, bytes of their files. */
type Sample = { depth: number; oldest: number; bytes: number }

const everyMs = 500

/** Asks for them twice a second until it is stopped. A service that is killed does not answer, which is no sample. */
export function watchSpool({ metric }: SystemContext): SpoolWatch {
  const nothing: Sample = { depth: 0, oldest: 0, bytes: 0 }
  let [most, last] = [nothing, nothing]
  const stopping = new AbortController()
  const of = (name: string) => metric('ingest-woocommerce', `varai_ingest_woocommerce_${name}`)

  async function look(): Promise<void> {
    const [depth, oldest, bytes] = await Promise.all([
      of('spooled_deliveries'),
      of('spool_oldest_seconds'),
      of('spool_bytes'),
    ])
    last = { depth, oldest, bytes }
    most = {
      depth: Math.max(most.depth, depth),
      oldest: Math.max(most.oldest, oldest),
      bytes: Math.max(most.bytes, bytes),
    }
  }

  async function watch(): Promise<void> {
    while (!stopping.signal.aborted) {
      await look().catch(() => undefined)
      await after(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }
  const watching = watch()

  return {
    get most() {
      return most
    },
    get last() {
      return last
    },
    async stop() {
      stopping.abort()
      await watching
      await look()
    },
  }
}
