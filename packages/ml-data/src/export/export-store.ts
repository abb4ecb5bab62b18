import type { AnyBulkWriteOperation, Db } from 'mongodb'
import type { Counts } from '../pure/data-card.ts'
import type { DataType } from '../pure/index.ts'
import { collections, type KeptRow, type TrainingRow } from '../stored.ts'
import type { WrittenFile } from './part-file.ts'

/** What an export is of. */
export type ExportRequest = { readonly dataTypes: readonly DataType[]; readonly from: string; readonly to: string }

/** One week of one type. */
export type Part = { readonly dataType: DataType; readonly week: string }
export type DonePart = Part & {
  readonly files: readonly WrittenFile[]
  readonly counts: Counts
  readonly withheld: number
}

/** An export, as it is remembered for whoever asks later what was in it. Which rows it holds, the rows say. */
export type KeptExport = {
  readonly _id: string
  readonly request: ExportRequest
  readonly state: 'running' | 'done'
  readonly parts: readonly DonePart[]
  readonly startedAt: Date
  readonly finishedAt?: Date
}

const page = 5_000

/** Rows on their way into an export, and what is remembered of it. */
export function createExportStore(db: Db) {
  const rows = db.collection<KeptRow>(collections.rows)
  const published = db.collection<TrainingRow>(collections.trainingData)
  const exports = db.collection<KeptExport>(collections.exports)
  /** What an export may take. */
  const takeable = { state: 'released', retiring: { $exists: false } } as const

  /** Rows of each cohort of a part, of those that may be taken. */
  async function sizes(part: Part, more: object = {}): Promise<Map<string, number>> {
    const found = await rows
      .aggregate<{ _id: string; rows: number }>([
        { $match: { ...part, ...takeable, ...more } },
        { $group: { _id: '$cohort', rows: { $sum: 1 } } },
      ])
      .toArray()
    return new Map(found.map((group) => [group._id, group.rows]))
  }

  return {
    /** The export of that id, begun now unless it was before. */
    async begin(id: string, request: ExportRequest): Promise<KeptExport> {
      await exports.updateOne(
        { _id: id },
        { $setOnInsert: { request, state: 'running', parts: [], startedAt: new Date() } },
        { upsert: true },
      )
      const kept = await exports.findOne({ _id: id })
      if (kept === null) throw new Error('an export vanished')
      return kept
    },
    async partDone(id: string, part: DonePart): Promise<void> {
      await exports.updateOne({ _id: id }, { $push: { parts: part } })
    },
    async finish(id: string): Promise<void> {
      await exports.updateOne({ _id: id }, { $set: { state: 'done', finishedAt: new Date() } })
    },

    async weeks(dataType: DataType, from: string, to: string): Promise<string[]> {
      return (await rows.distinct('week', { dataType, state: 'released', week: { $gte: from, $lt: to } })).sort()
    },
    async waiting(dataType: DataType, from: string, to: string): Promise<number> {
      return rows.countDocuments({ dataType, state: 'waiting', week: { $gte: from, $lt: to } })
    },
    sizes,

    /** Whoever is withdrawn from now on is not in the part: it is written again from the beginning. */
    async forget(id: string, part: Part): Promise<void> {
      await rows.updateMany({ ...part, exports: id }, { $pull: { exports: id } })
    },

    /**
     * Rows of these cohorts, page by page in the order of their keyed names, which says nothing. Each is noted as being
     * in the export before it is handed over: what is withdrawn later is listed for it.
     */
    async *take(id: string, { dataType, week }: Part, whole: ReadonlySet<string>): AsyncGenerator<Taken[]> {
      const timestamp = new Date(`${week}T00:00:00Z`)
      for (let behind = ''; ; ) {
        const some = await published
          .find({ dataType, timestamp, _id: { $gt: behind } })
          .sort({ _id: 1 })
          .limit(page)
          .toArray()
        const last = some.at(-1)
        if (last === undefined) return
        behind = last._id
        const wanted = some.filter(({ cohort }) => whole.has(cohort))
        if (wanted.length === 0) continue
        await rows.bulkWrite(
          wanted.map(
            ({ _id, cohort, pseudonym }): AnyBulkWriteOperation<KeptRow> => ({
              updateOne: {
                filter: { _id, cohort, ...takeable },
                update: { $addToSet: { exports: id, ...(pseudonym !== null && { pseudonyms: pseudonym }) } },
              },
            }),
          ),
          { ordered: false },
        )
        const ids = wanted.map(({ _id }) => _id)
        const noted = await rows.find({ _id: { $in: ids }, exports: id, ...takeable }).toArray()
        const byId = new Map(noted.map((row) => [row._id, row]))
        yield wanted.flatMap((row) => {
          const kept = byId.get(row._id)
          return kept?.cohort === row.cohort ? [{ row, subject: kept.subject }] : []
        })
      }
    },
  }
}

/** A row to be written, and whose it is. */
export type Taken = { readonly row: TrainingRow; readonly subject: string }
