import { createHmac, hkdfSync } from 'node:crypto'
import type { Logger, RedisOptions } from '@varai/runtime'
import { openQuickRedis } from '@varai/runtime/redis'
import ipaddr from 'ipaddr.js'
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'

export type SenderLimits = {
  /** Requests a minute of one network address; of IPv6, of one /64, which is what one line has. */
  readonly requestsPerAddress: number
  /** Events a minute with one publishable key. */
  readonly eventsPerKey: number
}

export type SenderLimiter = {
  /** Seconds until this address may come again; 0 when it may now. Never rejects. */
  address(address: string): Promise<number>
  /** Seconds until this key may bring so many events; 0 when it may now. Never rejects. */
  key(storeId: string, events: number): Promise<number>
  close(): void
}

const minute = 60

/**
 * Limits that all processes share by Redis, and that each keeps for itself while Redis is away. Addresses are hashed
 * with a key of their own before they are counted anywhere, and forgotten after a minute.
 */
export function createSenderLimiter(options: {
  readonly url: string
  readonly redis?: RedisOptions
  /** Put before every key, so that several environments share one server. */
  readonly prefix: string
  readonly masterKey: Uint8Array
  readonly limits: SenderLimits
  readonly log: Logger
}): SenderLimiter {
  const { limits, log } = options
  const client = openQuickRedis({ ...options, prefix: `${options.prefix}limit:` })
  let told = false
  client.on('error', (error: unknown) => {
    if (!told) log.warn({ err: error }, 'redis.away: each process limits senders by itself')
    told = true
  })
  client.on('ready', () => {
    told = false
  })

  const limiter = (keyPrefix: string, points: number) =>
    new RateLimiterRedis({
      ...{ storeClient: client, keyPrefix, points, duration: minute, rejectIfRedisNotReady: true },
      // Who is over the limit is turned away without asking Redis again.
      inMemoryBlockOnConsumed: points + 1,
      insuranceLimiter: new RateLimiterMemory({ keyPrefix, points, duration: minute }),
    })
  const addresses = limiter('address', limits.requestsPerAddress)
  const keys = limiter('key', limits.eventsPerKey)
  const secret = Buffer.from(hkdfSync('sha256', options.masterKey, new Uint8Array(), 'varai sender addresses', 32))
  const hashed = (text: string) => createHmac('sha256', secret).update(text).digest('base64url').slice(0, 22)

  async function consume(from: RateLimiterRedis, key: string, points: number): Promise<number> {
    try {
      await from.consume(key, points)
      return 0
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) return Math.max(1, Math.ceil(refusal.msBeforeNext / 1_000))
      // Neither counter works, which is no reason to turn anybody away.
      log.warn({ err: refusal }, 'limits.failed')
      return 0
    }
  }

  return {
    address: (address) => consume(addresses, hashed(lineOf(address)), 1),
    key: (storeId, events) => consume(keys, storeId, events),
    close: () => client.disconnect(),
  }
}

/** What one line of an access provider has: an IPv4 address, or the first 64 bits of an IPv6 address. */
export function lineOf(address: string): string {
  if (!ipaddr.isValid(address)) return 'unknown'
  const parsed = ipaddr.process(address)
  return parsed instanceof ipaddr.IPv6 ? parsed.parts.slice(0, 4).join(':') : parsed.toString()
}
