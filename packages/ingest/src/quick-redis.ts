import type { RedisOptions } from '@varai/runtime'
import { Redis } from 'ioredis'

const commandTimeoutMs = 250
/** The longest pause between attempts to connect. */
export const slowestRetryMs = 2_000

/**
 * A Redis that answers quickly or not at all, for what goes on without it: a command without a connection is refused at
 * once instead of being queued, one that hangs after 250 ms, and connecting is tried for ever.
 */
export const openQuickRedis = (options: {
  readonly url: string
  readonly redis?: RedisOptions
  /** Put before every key. */
  readonly prefix: string
}): Redis =>
  new Redis(options.url, {
    ...options.redis,
    keyPrefix: options.prefix,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: commandTimeoutMs,
    connectTimeout: 2_000,
    retryStrategy: (attempt: number) => Math.min(100 * 2 ** attempt, slowestRetryMs),
  })
