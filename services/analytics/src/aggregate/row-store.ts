import { type AnyBulkWriteOperation, type Collection, type Db, MongoBulkWriteError } from 'mongodb'
import { collections } from '../collections.ts'
import { type Figures, parseRowId, type RowKey } from '../pure/count/row.ts'
import type { RowState } from '../step.ts'
import { figuresIn, storedFigures } from '../stored-figures.ts'

/** `_id` is the id of the row; beside it what it names, and its figures by name: counts as numbers, amounts as decimals. */
type StoredRow = RowKey & {
  _id: string
  /** The step that wrote it last. A row is never removed, or an old step could bring it back. */
  seq: number
  computedAt: Date
  [figure: string]: unknown
}

export type RowStore = ReturnType<typeof createRowStore>

/** The rows that are read, by hour. */
export function createRowStore(db: Db) {
  const rows: Collection<StoredRow> = db.collection<StoredRow>(collections.rows)

  return {
    /** The figures of those that exist. */
    async load(ids: readonly string[]): Promise<Map<string, Figures>> {
      if (ids.length === 0) return new Map()
      const found = await rows.find({ _id: { $in: [...ids] } }).toArray()
      return new Map(found.map((stored) => [stored._id, figuresIn(stored)]))
    },

    /** Writes each row that no step wrote from this one on. */
    async write(seq: number, states: readonly RowState[]): Promise<void> {
      if (states.length === 0) return
      const operations = states.map(({ row, isNew, figures }): AnyBulkWriteOperation<StoredRow> => {
        const fields = { ...storedFigures(figures), seq, computedAt: new Date() }
        if (isNew) return { insertOne: { document: { _id: row, ...parseRowId(row), ...fields } } }
        return { updateOne: { filter: { _id: row, seq: { $lt: seq } }, update: { $set: fields } } }
      })
      try {
        await rows.bulkWrite(operations, { ordered: false })
      } catch (error) {
        // somebody else wrote it first, of this very step
        if (!isOnlyDuplicates(error)) throw error
      }
    },

    /** All rows of an hour. */
    async ofHour(hour: string): Promise<Map<string, Figures>> {
      const found = await rows.find({ hour }).toArray()
      return new Map(found.map((stored) => [stored._id, figuresIn(stored)]))
    },
  }
}

const isOnlyDuplicates = (error: unknown): boolean =>
  error instanceof MongoBulkWriteError &&
  error.result.getWriteConcernError() === undefined &&
  error.result.getWriteErrors().every((one) => one.code === 11_000)
