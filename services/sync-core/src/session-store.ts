import type { Db, Document } from 'mongodb'
import { findInChunks } from './find-in-chunks.ts'
import type { SessionSummary } from './pure/ai/session-summary.ts'
import { newestFirst } from './pure/project/person.ts'

export type SessionStore = {
  /** Of each of some customers, by their records' ids, the newest sessions, so many at most; newest first. */
  newestOf(userKeys: readonly string[], most: number): Promise<Map<string, SessionSummary[]>>
}

type Stored = Document & { _id: string; userKey?: string; summary: SessionSummary }

/** So many sessions of a hundred customers are usual. A shop's kiosk is one customer with any number of them. */
const usual = 2_000

/** Sessions, as far as their customers' documents tell of them. */
export function createSessionStore(db: Db): SessionStore {
  const sessions = db.collection<Stored>('ai_sessions')

  const find = (userKeys: readonly string[], limit: number) =>
    sessions
      .find({ userKey: { $in: userKeys } }, { projection: { userKey: 1, summary: 1 } })
      .sort({ createdAt: -1, _id: 1 })
      .limit(limit)
      .toArray()

  async function findSome(userKeys: readonly string[], most: number): Promise<Stored[]> {
    const found = await find(userKeys, usual)
    if (found.length < usual) return found
    const each: Stored[] = []
    for (const userKey of userKeys) each.push(...(await find([userKey], most)))
    return each
  }

  return {
    async newestOf(userKeys, most) {
      const found = await findInChunks(userKeys, (some) => findSome(some, most))
      const byUser = Map.groupBy(found, ({ userKey = '' }) => userKey)
      return new Map(
        [...byUser].map(([userKey, of]) => [
          userKey,
          of
            .map(({ summary }) => summary)
            .sort(newestFirst)
            .slice(0, most),
        ]),
      )
    },
  }
}
