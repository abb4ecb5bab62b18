import { createHash } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { ByteWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer'
import { byColumn, type ExportRow } from '../pure/export-row.ts'
import { type Column, columnsOf, type DataType } from '../pure/index.ts'

export type WrittenFile = {
  readonly file: string
  readonly rows: number
  readonly bytes: number
  readonly sha256: string
}

export type PartFile = {
  write(rows: readonly ExportRow[]): Promise<void>
  /** Puts the file in its place, whole or not at all, and on the disk. */
  finish(): Promise<Omit<WrittenFile, 'file' | 'rows'>>
  abandon(): Promise<void>
}

/** A file that is written beside its place until it is whole. */
async function openBeside(path: string) {
  const beside = `${path}.part`
  const file = await open(beside, 'w')
  const hash = createHash('sha256')
  let bytes = 0
  return {
    async append(chunk: Uint8Array) {
      hash.update(chunk)
      bytes += chunk.length
      await file.writeFile(chunk)
    },
    async finish() {
      await file.sync()
      await file.close()
      await rename(beside, path)
      return { bytes, sha256: hash.digest('hex') }
    },
    async abandon() {
      await file.close()
      await rm(beside, { force: true })
    },
  }
}

export async function openJsonLines(path: string): Promise<PartFile> {
  const file = await openBeside(path)
  return {
    write: (rows) => file.append(Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''))),
    finish: file.finish,
    abandon: file.abandon,
  }
}

/** Each call of `write` becomes a row group, so that memory holds one at a time. */
export async function openParquet(path: string, dataType: DataType): Promise<PartFile> {
  const file = await openBeside(path)
  const columns = columnsOf(dataType)
  const bytes = new ByteWriter()
  const schema = schemaFromColumnData({ columnData: columnData(columns, []) })
  const parquet = new ParquetWriter({
    ...{ writer: bytes, schema, createdBy: 'Varai Sync' },
    kvMetadata: columns.map(({ name, doc }) => ({ key: `column.${name}`, value: doc })),
  })
  /** What was encoded so far; offsets go on counting. */
  const flush = async (): Promise<void> => {
    const chunk = Buffer.from(bytes.buffer.slice(0, bytes.index))
    bytes.index = 0
    await file.append(chunk)
  }
  return {
    async write(rows) {
      if (rows.length === 0) return
      await parquet.write({ columnData: columnData(columns, rows), rowGroupSize: rows.length })
      await flush()
    },
    async finish() {
      await parquet.finish()
      await flush()
      return file.finish()
    },
    abandon: file.abandon,
  }
}

const columnData = (columns: readonly Column[], rows: readonly ExportRow[]) =>
  byColumn(columns, rows).map(({ column: { name, type, nullable }, values }) => ({
    name,
    type,
    nullable,
    data: values,
  }))
