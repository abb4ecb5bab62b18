import { type Column, columnsOf, type Data, type DataType, type Value } from './columns.ts'
import { splitOf } from './split.ts'

/** What an export holds of a row, in the order of its columns. */
export type ExportRow = Readonly<Record<string, Value>>

export function exportRow(
  row: {
    readonly dataType: DataType
    readonly data: Data
    readonly platform: string
    readonly region: string
    readonly consentLevel: string
    readonly pseudonym: string | null
  },
  { week, subject }: { readonly week: string; readonly subject: string },
): ExportRow {
  const { platform, region, consentLevel, pseudonym, data } = row
  const all: Data = { ...data, platform, region, week, consentLevel, pseudonym, split: splitOf(subject) }
  return Object.fromEntries(columnsOf(row.dataType).map(({ name }) => [name, all[name] ?? null]))
}

/** The rows' values by column, as columnar files want them. */
export const byColumn = (columns: readonly Column[], rows: readonly ExportRow[]) =>
  columns.map((column) => ({ column, values: rows.map((row) => row[column.name] ?? null) }))
