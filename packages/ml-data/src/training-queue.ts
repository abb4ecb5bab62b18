import type { Redis } from 'ioredis'

/** The list that workers take rows from, and what belongs to it. */
export const queueKey = 'ml_training_queue'
const taken = `${queueKey}:taken`
const acknowledged = `${queueKey}:acknowledged`
const epochKey = `${queueKey}:epoch`

/**
 * Rows on their way to workers, in Redis, which is never their only copy. Each row is handed over at least once: a
 * worker that takes one and does not acknowledge it in time loses it to another. Bounded: a full queue takes nothing.
 */
export type TrainingQueue = {
  /**
   * Names what Redis holds: another name after it was emptied, and what lay there then must come again. Makes one where
   * there is none.
   */
  epoch(): Promise<string>
  /** Puts rows behind the others while there is room; resolves with how many fitted in. */
  push(payloads: readonly string[], most: number): Promise<number>
  /** The first row, for so long; undefined when there is none. */
  take(visibleAfterMs: number): Promise<string | undefined>
  /** The worker is done with it. Harmless when repeated, or late. */
  acknowledge(payload: string): Promise<void>
  /** Rows whose workers were silent for too long go back; resolves with how many. */
  redeliver(): Promise<number>
  /** Ids of rows that were acknowledged and not yet noted, the oldest first. */
  done(limit: number): Promise<string[]>
  /** Forgets the oldest so many of those. */
  noted(count: number): Promise<void>
  remove(payloads: readonly string[]): Promise<void>
  /** Rows that lie there, taken ones included. */
  size(): Promise<number>
}

/** KEYS: queue, taken. ARGV: most, rows. */
const pushScript = `
local room = tonumber(ARGV[1]) - redis.call('LLEN', KEYS[1]) - redis.call('ZCARD', KEYS[2])
local pushed = 0
for at = 2, #ARGV do
  if pushed >= room then break end
  redis.call('RPUSH', KEYS[1], ARGV[at])
  pushed = pushed + 1
end
return pushed`

const now = `local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)`

/** KEYS: queue, taken. ARGV: ms. */
const takeScript = `${now}
local row = redis.call('LPOP', KEYS[1])
if not row then return nil end
redis.call('ZADD', KEYS[2], now + tonumber(ARGV[1]), row)
return row`

/** KEYS: queue, taken, acknowledged. ARGV: row, id. A row that went back meanwhile need not be handed over again. */
const acknowledgeScript = `
if redis.call('ZREM', KEYS[2], ARGV[1]) == 1 or redis.call('LREM', KEYS[1], 1, ARGV[1]) == 1 then
  redis.call('RPUSH', KEYS[3], ARGV[2])
end`

/** KEYS: queue, taken. */
const redeliverScript = `${now}
local late = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now, 'LIMIT', 0, 500)
for _, row in ipairs(late) do
  redis.call('ZREM', KEYS[2], row)
  redis.call('LPUSH', KEYS[1], row)
end
return #late`

export function createTrainingQueue(redis: Redis): TrainingQueue {
  return {
    async epoch() {
      await redis.set(epochKey, crypto.randomUUID(), 'NX')
      return (await redis.get(epochKey)) ?? ''
    },
    async push(payloads, most) {
      return Number(await redis.eval(pushScript, 2, queueKey, taken, most, ...payloads))
    },
    async take(visibleAfterMs) {
      const row = await redis.eval(takeScript, 2, queueKey, taken, visibleAfterMs)
      return typeof row === 'string' ? row : undefined
    },
    async acknowledge(payload) {
      await redis.eval(acknowledgeScript, 3, queueKey, taken, acknowledged, payload, idOf(payload))
    },
    redeliver: async () => Number(await redis.eval(redeliverScript, 2, queueKey, taken)),
    done: (limit) => redis.lrange(acknowledged, 0, limit - 1),
    async noted(count) {
      await redis.ltrim(acknowledged, count, -1)
    },
    async remove(payloads) {
      if (payloads.length === 0) return
      const together = redis.pipeline()
      for (const payload of payloads) together.lrem(queueKey, 0, payload).zrem(taken, payload)
      for (const [error] of (await together.exec()) ?? []) if (error !== null) throw error
    },
    async size() {
      const [waiting, out] = await Promise.all([redis.llen(queueKey), redis.zcard(taken)])
      return waiting + out
    },
  }
}

/** The id in a row of the queue. Throws on what no collector put there. */
function idOf(payload: string): string {
  const row: unknown = JSON.parse(payload)
  if (typeof row === 'object' && row !== null && 'id' in row && typeof row.id === 'string') return row.id
  throw new TypeError('not a row of the queue')
}
