import { errorText, type Logger, type RedisOptions } from '@varai/runtime'
import { createVersionedCache, openQuickRedis, type VersionedCache } from '@varai/runtime/redis'
import { recommendationsIn, viewOf } from './pure/ai/session-view.ts'
import { aiSessionKind } from './pure/kinds.ts'
import type { RecordState } from './pure/record.ts'
import type { RecordStore } from './record-store.ts'

/**
 * Copies of sessions, for whoever goes on with them: `ai_session:<record id>` for an hour, `recommendations:<record id>`
 * for half of one. By the id of the record, because two stores, or merchants, may have sessions of one name.
 */
export type SessionCaches = {
  /** Sets the copies of these sessions, unless newer ones are there. Never rejects: copies are of no consequence. */
  put(sessions: readonly RecordState[]): Promise<void>
  /** The JSON of a session; undefined where there is none. Rejects when the database is away and there is no copy. */
  session(recordId: string): Promise<string | undefined>
  /** The JSON of what was recommended in it; undefined where nothing was. Rejects as above. */
  recommendations(recordId: string): Promise<string | undefined>
  close(): void
}

const seconds = { session: 3_600, recommendations: 1_800 }
/** Longer than anybody waits who asks for a page, shorter than a batch may take. */
const answerWithinMs = 1_000

/** `redis` undefined: nothing is copied, and everything is read from the database. */
export function createSessionCaches(options: {
  readonly redis: { readonly url: string; readonly options: RedisOptions } | undefined
  /** Put before every key. */
  readonly prefix: string
  readonly records: Pick<RecordStore, 'loadMany'>
  readonly log: Logger
}): SessionCaches {
  const { redis: server, prefix, records, log } = options
  const redis = server && openQuickRedis({ url: server.url, redis: server.options, prefix, answerWithinMs })
  redis?.on('error', (error: unknown) => log.debug({ error: errorText(error) }, 'redis.away'))
  const cacheOf = (name: string, lifetime: number): VersionedCache | undefined =>
    redis && createVersionedCache({ redis, name, seconds: lifetime, log })
  const sessions = cacheOf('ai_session', seconds.session)
  const recommended = cacheOf('recommendations', seconds.recommendations)

  function reader(cache: VersionedCache | undefined, documentOf: typeof viewOf) {
    return async (recordId: string): Promise<string | undefined> => {
      const load = async () => {
        const record = (await records.loadMany(aiSessionKind, [recordId])).get(recordId)
        return record && { version: record.version, document: documentOf(record) }
      }
      if (cache !== undefined) return cache.read(recordId, load)
      const loaded = await load()
      return loaded?.document && JSON.stringify({ version: loaded.version, ...loaded.document })
    }
  }

  return {
    async put(changed) {
      const copies = changed.map((record) => ({ record, id: record.id, version: record.version }))
      const ofSessions = copies.map(({ record, ...copy }) => ({ ...copy, document: viewOf(record) }))
      const all = copies.map(({ record, ...copy }) => ({ ...copy, document: recommendationsIn(record) }))
      const gone = new Set(ofSessions.flatMap(({ id, document }) => (document === undefined ? [id] : [])))
      await sessions?.put(ofSessions)
      await recommended?.put(all.filter(({ id, document }) => document !== undefined || gone.has(id)))
    },
    session: reader(sessions, viewOf),
    recommendations: reader(recommended, recommendationsIn),
    close: () => redis?.disconnect(),
  }
}
