import { once } from 'node:events'
import { isDeepStrictEqual } from 'node:util'
import { openQuickRedis } from '@varai/runtime/redis'
import type { Db, Document } from 'mongodb'

export type Copies = { readonly sessions: number; readonly equal: number; readonly first: string | undefined }

/** What a copy says in the words of the document. */
const compared = [
  ...['version', 'sessionId', 'userId', 'consentLevel', 'region', 'startedAt', 'completedAt', 'outcome', 'duration'],
  ...['conversionResult', 'orderId', 'faceAnalysisData', 'conversationHistory', 'createdAt', 'updatedAt'],
]
const listed = ['interactions', 'recommendations']

/** Holds the copies of a store's sessions in Redis against the documents: each there, of the newest version, the same. */
export async function compareCopies(
  db: Db,
  redisUrl: string,
  store: { readonly merchantId: string; readonly storeId: string },
): Promise<Copies> {
  const redis = openQuickRedis({ url: redisUrl, prefix: '', answerWithinMs: 10_000 })
  redis.on('error', () => undefined) // the commands say it
  try {
    await once(redis, 'ready')
    const { merchantId, storeId } = store
    const sessions = await db.collection('ai_sessions').find({ merchantId, storeId }).toArray()
    const unlike: string[] = []
    for (const session of sessions) {
      const text = await redis.get(`ai_session:${session._id}`)
      const copy: unknown = text === null ? null : JSON.parse(text)
      if (!isDeepStrictEqual(essenceOf(copy), essenceOf(session))) unlike.push(`${session._id}: ${text}`)
    }
    return { sessions: sessions.length, equal: sessions.length - unlike.length, first: unlike[0] }
  } finally {
    redis.disconnect()
  }
}

/** Times in ms; nothing is null; of lists what is in them, in their order. */
function essenceOf(of: unknown): unknown {
  if (of === null || typeof of !== 'object') return undefined
  const says = (name: string): unknown => inMs(Reflect.get(of, name))
  const ids = (name: string): unknown[] => {
    const list: unknown = Reflect.get(of, name)
    return Array.isArray(list) ? list.map((element: Document) => element['id']) : []
  }
  return [...compared.map(says), ...listed.map(ids)]
}

function inMs(value: unknown): unknown {
  if (value instanceof Date) return value.getTime()
  if (Array.isArray(value)) return value.map(inMs)
  if (typeof value !== 'object' || value === null) return value ?? null
  return Object.fromEntries(Object.entries(value).map(([name, of]) => [name, inMs(of)]))
}
