import { Redis } from 'ioredis'
import type { RedisOptions } from '../config/secure-connection.ts'

const quicklyMs = 250
/** The longest pause between attempts to connect. */
export const slowestRetryMs = 2_000

/**
 * A Redis that answers quickly or not at all, for what goes on without it: a command without a connection is refused at
 * once instead of being queued, one that hangs after `answerWithinMs`, and connecting is tried for ever.
 */
export const openQuickRedis = (options: {
  readonly url: string
  readonly redis?: RedisOptions
  /** Put before every key. */
  readonly prefix: string
  /** 250 unless given: less than anybody notices who waits for an answer. */
  readonly answerWithinMs?: number
}): Redis =>
  new Redis(options.url, {
    ...options.redis,
    keyPrefix: options.prefix,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: options.answerWithinMs ?? quicklyMs,
    connectTimeout: 2_000,
    retryStrategy: (attempt: number) => Math.min(100 * 2 ** attempt, slowestRetryMs),
  })
