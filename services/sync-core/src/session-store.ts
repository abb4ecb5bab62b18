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

/** A page of ids, and what the next one follows; no `last`: it was the last. */
export type Page = { readonly ids: readonly string[]; readonly last: string | undefined }
/** Sessions of some levels that began before a time (ms). */
type Old = { readonly levels: readonly string[]; readonly before: number }
type OldPage = Old & { readonly after: string; readonly limit: number }

/** Sessions whose time is over. */
export type Expiring = {
  /** Those that are of these levels by themselves, or marked as deleted. */
  limited(of: OldPage): Promise<Page>
  /** Consents of these levels: of whoever withdrew. */
  consentsOf(of: { readonly levels: readonly string[]; readonly after: string; readonly limit: number }): Promise<Page>
  /** Those of some customers, by their records' ids. */
  oldOf(userKeys: readonly string[], before: number): Promise<string[]>
  /** Removes those that still have that version, with what was recommended in them. */
  remove(sessions: readonly { readonly id: string; readonly version: number }[]): Promise<void>
  /** Removes old recommendations whose session is not there any more: something late was told of them. */
  removeOrphans(of: Old): Promise<void>
}

/** Sessions, as far as their customers' documents tell of them, and as far as they are removed. */
export function createSessionStore(db: Db): SessionStore & Expiring {
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

    async limited({ levels, before, after, limit }) {
      const old = { createdAt: { $lt: new Date(before) } }
      const found = await sessions
        .find(
          { _id: { $gt: after }, $or: [{ 'summary.level': { $in: levels }, ...old }, { deletedReason: 'retention' }] },
          { projection: { _id: 1 } },
        )

        .sort({ _id: 1 })
        .limit(limit)
        .toArray()
      const ids = found.map(({ _id }) => _id)
      return { ids, last: ids.at(-1) }
    },

    async consentsOf({ levels, after, limit }) {
      const found = await db
        .collection<{ _id: string }>('consents')
        .find({ level: { $in: levels }, _id: { $gt: after } }, { projection: { _id: 1 } })
        .sort({ _id: 1 })
        .limit(limit)
        .toArray()
      const ids = found.map(({ _id }) => _id)
      return { ids, last: ids.at(-1) }
    },

    async oldOf(userKeys, before) {
      const old = { createdAt: { $lt: new Date(before) } }
      const found = await findInChunks(userKeys, (some) =>
        sessions.find({ userKey: { $in: some }, ...old }, { projection: { _id: 1 } }).toArray(),
      )
      return found.map(({ _id }) => _id)
    },

    async remove(over) {
      if (over.length === 0) return
      const ids = over.map(({ id }) => id)
      await db.collection('recommendations').deleteMany({ sessionKey: { $in: ids } })
      await sessions.bulkWrite(
        over.map(({ id, version }) => ({ deleteOne: { filter: { _id: id, version } } })),
        { ordered: false },
      )
    },

    async removeOrphans({ levels, before }) {
      const recommendations = db.collection<{ _id: string; sessionKey: string }>('recommendations')
      const old = { createdAt: { $lt: new Date(before) }, consentLevel: { $in: [...levels, null] } }
      for (let behind = ''; ; ) {
        const page = await recommendations
          .find({ ...old, _id: { $gt: behind } }, { projection: { sessionKey: 1 } })
          .sort({ _id: 1 })
          .limit(usual)
          .toArray()
        const last = page.at(-1)
        if (last === undefined) return
        const keys = [...new Set(page.map(({ sessionKey }) => sessionKey))]
        const there = await findInChunks(keys, (some) =>
          sessions.find({ _id: { $in: some } }, { projection: { _id: 1 } }).toArray(),
        )
        const held = new Set(there.map(({ _id }) => _id))
        const orphans = page.filter(({ sessionKey }) => !held.has(sessionKey)).map(({ _id }) => _id)
        if (orphans.length > 0) await recommendations.deleteMany({ _id: { $in: orphans } })
        behind = last._id
      }
    },
  }
}
