import type { Db } from 'mongodb'

export type ProgressStore = ReturnType<typeof createProgressStore>

/** How far this consumer has come, apart from what Kafka knows of it. */
export function createProgressStore(db: Db) {
  const progress = db.collection<{ _id: string; at: Date }>('reporting_progress')
  let written = 0
  return {
    /** When changes were followed last, ms; undefined before the first. */
    async followedAt(): Promise<number | undefined> {
      return (await progress.findOne({ _id: 'followed' }))?.at.getTime()
    },
    /** At most a write a minute. */
    async followed(at: number): Promise<void> {
      if (at - written < 60_000) return
      await progress.updateOne({ _id: 'followed' }, { $max: { at: new Date(at) } }, { upsert: true })
      written = at
    },
  }
}
