import type { Db } from 'mongodb'
import { createConflictStore } from '../conflicts/conflict-store.ts'
import type { Erasing } from './erasure-store.ts'

/**
 * Takes what is erased out of what people were shown and said: decisions and verdicts about the accounts lose what they
 * hold and count no more; entries in the queue of conflicts lose what the accounts stated. May be repeated.
 */
export function createTidy(db: Db) {
  const conflicts = createConflictStore(db)
  return async ({ customers, at, keptAt }: Erasing): Promise<void> => {
    const ids = [...customers]
    // also what was decided of it after it was to be erased, and before it was
    const until = new Date(Math.max(at, keptAt))
    const gone = { $set: { state: 'erased' } }
    await db
      .collection('decisions')
      .updateMany(
        { $or: [{ about: { $in: ids } }, { collection: 'users', documentId: { $in: ids } }], at: { $lte: until } },
        { ...gone, $unset: { asked: true, says: true, about: true, why: true } },
      )
    await db
      .collection('verdicts')
      .updateMany({ pair: { $in: ids }, at: { $lte: until } }, { ...gone, $unset: { why: true } })
    await conflicts.forget(ids, at)
  }
}
