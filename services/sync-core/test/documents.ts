import { type RecordDocument, toDocument } from '../src/pure/document.ts'
import { foldRecord } from '../src/pure/fold/fold-record.ts'
import type { DecimalForm } from '../src/pure/form.ts'
import type { RecordState } from '../src/pure/record.ts'
import type { Statement } from '../src/pure/statement.ts'

/** Stands for the database's decimal where there is no database. */
export const decimalText: DecimalForm = {
  from: (text) => ({ decimal: text }),
  toText: (stored) =>
    typeof stored === 'object' && stored !== null && 'decimal' in stored ? String(stored.decimal) : '',
}

export const savedAt = new Date(0)

/** The record after batches of statements, one after the other. Throws for no statements at all. */
export function foldInBatches(batches: readonly (readonly Statement[])[]): RecordState {
  let held: RecordState | undefined
  for (const batch of batches) if (batch.length > 0) held = foldRecord(held, batch).record
  if (held === undefined) throw new Error('nothing was stated')
  return held
}

/** The document without what depends on how it came about. */
export function contentOf(record: RecordState): Omit<RecordDocument, 'version'> {
  const { tie: _tie, ...said } = record
  const { version: _, lastChange: _change, ...content } = toDocument(said, savedAt, decimalText)
  return content
}

/** What the document says, without the machinery that dates it. */
export function valuesOf(record: RecordState): Record<string, unknown> {
  const { fold, ...content } = contentOf(record)
  if (typeof fold !== 'object' || fold === null) throw new Error('no fold')
  const { log, shapes, floor, ...rest } = { log: 0, shapes: 0, floor: 0, ...fold }
  return { ...content, fold: rest }
}
