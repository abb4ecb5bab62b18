import { writeGuarded } from '@varai/runtime/guarded-writes'
import type { Collection, Db } from 'mongodb'
import { collections } from '../collections.ts'

type StoredErasure = { _id: string; until: Date }

export type ErasureStore = ReturnType<typeof createErasureStore>

/** What was erased, by keyed names, for good: what comes late is erased by it too. */
export function createErasureStore(db: Db) {
  const erasures: Collection<StoredErasure> = db.collection<StoredErasure>(collections.erasures)

  return {
    /** Nothing of these counts that was there until then (ms). */
    async keep(names: readonly string[], until: number): Promise<void> {
      if (names.length === 0) return
      const at = new Date(until)
      await writeGuarded(
        erasures,
        [...new Set(names)].map((_id) => ({ insertOne: { document: { _id, until: at } } })),
      )
      await erasures.updateMany({ _id: { $in: [...names] } }, { $max: { until: at } })
    },

    /** Until when nothing of them counts (ms), of those that were erased. */
    async untilOf(names: readonly string[]): Promise<Map<string, number>> {
      if (names.length === 0) return new Map()
      const found = await erasures.find({ _id: { $in: [...names] } }).toArray()
      return new Map(found.map(({ _id, until }) => [_id, until.getTime()]))
    },
  }
}
