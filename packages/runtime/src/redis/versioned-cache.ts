import type { Redis } from 'ioredis'
import { errorText } from '../describe-error.ts'
import type { Logger } from '../log.ts'
import { slowestRetryMs } from './quick-redis.ts'

/** One version of what is cached, to be written as JSON. Without `document` it is gone. */
export type Cached = { readonly id: string; readonly version: number; readonly document: object | undefined }

/**
 * Documents that are read more often than they change, each under `<name>:<id>` as JSON whose first member is its
 * version. Never the only copy: Redis may be away, be emptied, or forget.
 */
export type VersionedCache = {
  /** Sets each document for its lifetime, unless a version as new is there. Resolves also when Redis is away or slow. */
  put(documents: readonly Cached[]): Promise<void>
  /** The JSON of a document: as it is cached, else as it is loaded, and then cached. Rejects only when `load` does. */
  read(id: string, load: () => Promise<Omit<Cached, 'id'> | undefined>): Promise<string | undefined>
}

/** KEYS: where it lies. ARGV: version, JSON, seconds. What a slow process read long ago never replaces what is newer. */
const putIfNewer = `
local held = redis.call('GET', KEYS[1])
if held and tonumber(string.match(held, '^{"version":(%d+)') or '0') >= tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1`

/** Documents that go in one pipeline. */
const atOnce = 200

export function createVersionedCache(options: {
  /** As `openQuickRedis` gives it. */
  readonly redis: Redis
  readonly name: string
  /** How long a document lives after it was set. */
  readonly seconds: number
  readonly log: Logger
  readonly now?: () => number
}): VersionedCache {
  const { redis, name, seconds, log, now = Date.now } = options
  const keyOf = (id: string): string => `${name}:${id}`
  // while Redis hangs, batches do not each wait for it anew
  let leftAloneUntil = 0

  async function ask<T>(command: () => Promise<T>, otherwise: T): Promise<T> {
    if (redis.status !== 'ready' || now() < leftAloneUntil) return otherwise
    try {
      return await command()
    } catch (error) {
      leftAloneUntil = now() + slowestRetryMs
      log.warn({ cache: name, error: errorText(error) }, 'cache.away')
      return otherwise
    }
  }

  async function send(documents: readonly Cached[]): Promise<void> {
    const together = redis.pipeline()
    for (const cached of documents) {
      together.eval(putIfNewer, 1, keyOf(cached.id), cached.version, textOf(cached), seconds)
    }
    for (const [error] of (await together.exec()) ?? []) if (error !== null) throw error
  }

  const put = (documents: readonly Cached[]): Promise<void> =>
    ask(async () => {
      for (let at = 0; at < documents.length; at += atOnce) await send(documents.slice(at, at + atOnce))
    }, undefined)

  return {
    put,
    async read(id, load) {
      const held = await ask(() => redis.get(keyOf(id)), null)
      if (held !== null && !isGone(held)) return held
      const loaded = await load()
      if (loaded?.document === undefined) return undefined
      const cached = { ...loaded, id }
      await put([cached])
      return textOf(cached)
    },
  }
}

const textOf = ({ version, document }: Omit<Cached, 'id'>): string =>
  JSON.stringify(document === undefined ? { version, gone: true } : { version, ...document })

const isGone = (text: string): boolean => /^\{"version":\d+,"gone":true\}$/.test(text)
