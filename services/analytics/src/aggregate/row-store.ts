import { type AnyBulkWriteOperation, type Collection, type Db, Decimal128, MongoBulkWriteError } from 'mongodb'
import { type Figures, parseRowId, type RowKey } from '../pure/count/row.ts'

/** `_id` is the id of the row; beside it what it names, and its figures by name: counts as numbers, amounts as decimals. */
type StoredRow = RowKey & {
  _id: string
  /** The step that wrote it last. A row is never removed, or an old step could bring it back. */
  seq: number
  computedAt: Date
  [figure: string]: unknown
}

/** What a row shows from a step on. */
export type RowState = { row: string; isNew: boolean; figures: Figures }

export type Row = { key: RowKey; figures: Figures; computedAt: Date }

export type RowStore = ReturnType<typeof createRowStore>

export const rowCollection = 'analytics_hourly'

const ownFields = new Set([
  ...['_id', 'type', 'merchantId', 'platform', 'storeId', 'hour', 'dimension', 'value', 'currency'],
  ...['seq', 'computedAt', 'avgDuration'],
])

/** The rows that are read, by hour. */
export function createRowStore(db: Db) {
  const rows: Collection<StoredRow> = db.collection<StoredRow>(rowCollection)

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

export const isOnlyDuplicates = (error: unknown): boolean =>
  error instanceof MongoBulkWriteError &&
  error.result.getWriteConcernError() === undefined &&
  error.result.getWriteErrors().every((one) => one.code === 11_000)

const storedFigures = (figures: Figures): Record<string, unknown> => ({
  ...Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [
      name,
      typeof value === 'number' ? value : Decimal128.fromString(value),
    ]),
  ),
  ...('totalSessions' in figures && { avgDuration: averageOf(figures) }),
})

/** Seconds; null where no duration is known. */
function averageOf({ durations, durationMs }: Figures): number | null {
  return typeof durations === 'number' && typeof durationMs === 'number' && durations > 0
    ? durationMs / durations / 1_000
    : null
}

export function figuresIn(stored: Record<string, unknown>): Figures {
  const figures: Record<string, number | string> = {}
  for (const [name, value] of Object.entries(stored)) {
    if (ownFields.has(name)) continue
    if (typeof value === 'number') figures[name] = value
    else if (value instanceof Decimal128) figures[name] = plainDecimal(value.toString())
  }
  return figures
}

/** Decimal text without trailing zeros after the point. */
const plainDecimal = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text)
