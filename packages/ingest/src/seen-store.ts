import type { Logger, RedisOptions } from '@varai/runtime'
import { openQuickRedis, slowestRetryMs } from '@varai/runtime/redis'
import { gather } from './gather.ts'

/**
 * Delivery ids that Kafka has the events of. Only a short cut: consumers are idempotent, so whatever goes wrong here
 * means that a delivery is published again, never that it is lost or waits.
 */
export type SeenStore = {
  /** False also when Redis is away or slow. Never rejects. */
  has(id: string): Promise<boolean>
  /** What was remembered with an id; undefined also when Redis is away or slow. Never rejects. */
  recall(id: string): Promise<string | undefined>
  /** Resolves when it is remembered, with a text where one is given, or cannot be. Never rejects. */
  remember(id: string, text?: string): Promise<void>
  /** Whether Redis answers at present. */
  readonly reachable: boolean
  close(): void
}

/** Platforms deliver up to a day late and retry for hours. */
const rememberSeconds = 48 * 60 * 60
/** A command is a write to its socket and a timer, so ids share one. */
const idsAtOnce = 500
/** While Redis hangs, deliveries do not each wait for it anew. */
const leaveAloneMs = slowestRetryMs

export function createSeenStore(options: {
  readonly url: string
  readonly redis?: RedisOptions
  /** Put before every key, so that several environments share one server. */
  readonly prefix: string
  readonly log: Logger
  readonly now?: () => number
}): SeenStore {
  const { log, now = Date.now } = options
  const client = openQuickRedis({ ...options, prefix: `${options.prefix}webhook:` })
  let leftAloneUntil = 0
  let told = false

  client.on('error', (error: unknown) => tell(error))
  client.on('ready', () => {
    if (told) log.info('redis.back')
    told = false
  })

  /** Once an outage: the client reports every attempt to connect. */
  function tell(error: unknown): void {
    if (!told) log.warn({ err: error }, 'redis.away: deliveries are published without asking whether they were before')
    told = true
  }

  async function ask<T>(command: () => Promise<T>, otherwise: T): Promise<T> {
    if (client.status !== 'ready' || now() < leftAloneUntil) return otherwise
    try {
      return await command()
    } catch (error) {
      leftAloneUntil = now() + leaveAloneMs
      tell(error)
      return otherwise
    }
  }

  const areThere = gather(async (ids: readonly string[]) => {
    const texts = await client.mget([...ids])
    return texts.map((text) => text !== null)
  }, idsAtOnce)
  const remember = gather(async (entries: readonly { readonly id: string; readonly text: string }[]) => {
    const together = client.pipeline()
    for (const { id, text } of entries) together.set(id, text, 'EX', rememberSeconds)
    const results = (await together.exec()) ?? []
    for (const [error] of results) if (error !== null) throw error
    return results
  }, idsAtOnce)

  return {
    has: (id) => ask(() => areThere(id), false),
    recall: (id) => ask(async () => (await client.get(id)) ?? undefined, undefined),
    async remember(id, text = '1') {
      await ask(() => remember({ id, text }), undefined)
    },
    get reachable() {
      return client.status === 'ready' && now() >= leftAloneUntil
    },
    close: () => client.disconnect(),
  }
}
