import { type Collection, type Db, MongoServerError } from 'mongodb'
import { collections } from '../collections.ts'
import type { Step } from '../step.ts'

/** `step`: as JSON. It is only ever read whole, and a database goes through every field of what it is given. */
type StoredJournal = { _id: 'aggregation'; seq: number; open: boolean; at: Date; step?: string }

export type JournalStore = ReturnType<typeof createJournalStore>

/** Steps one after the other, in one document. */
export function createJournalStore(db: Db) {
  const journal: Collection<StoredJournal> = db.collection(collections.journal, {
    // A step that a failover forgets could have been carried out in part.
    writeConcern: { w: 'majority', journal: true },
    readConcern: 'majority',
    readPreference: 'primary',
  })

  return {
    /** The last step, and what is left to be done of it where it is open. */
    async last(): Promise<{ seq: number; open: Step | undefined }> {
      const found = await journal.findOne({ _id: 'aggregation' })
      const open = found?.open === true && found.step !== undefined ? (JSON.parse(found.step) as Step) : undefined
      return { seq: found?.seq ?? 0, open }
    },

    /** Opens the step behind `seq`. False when another one was opened meanwhile: what this one rests on is old. */
    async open(seq: number, step: Step): Promise<boolean> {
      const fields = { seq: seq + 1, open: true, at: new Date(), step: JSON.stringify(step) }
      if (seq > 0) {
        const { matchedCount } = await journal.updateOne({ _id: 'aggregation', seq, open: false }, { $set: fields })
        return matchedCount === 1
      }
      try {
        await journal.insertOne({ _id: 'aggregation', ...fields })
        return true
      } catch (error) {
        if (error instanceof MongoServerError && error.code === 11_000) return false
        throw error
      }
    },

    /** The step was carried out. */
    async close(seq: number): Promise<void> {
      await journal.updateOne({ _id: 'aggregation', seq, open: true }, { $set: { open: false }, $unset: { step: 1 } })
    },
  }
}
