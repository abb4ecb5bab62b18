import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Db } from 'mongodb'
import { addCounts, cardText, countRow, type DataCard, knownGaps, noCounts, type TypeCard } from '../pure/data-card.ts'
import { exportRow } from '../pure/export-row.ts'
import { columnsOf } from '../pure/index.ts'
import { createExportStore, type DonePart, type ExportRequest, type Part } from './export-store.ts'
import { openJsonLines, openParquet, type PartFile } from './part-file.ts'

export type ExportReport = { readonly id: string; readonly card: DataCard; readonly resumed: boolean }

/** The folder belongs to another export, or to one that is finished. */
export class FolderTaken extends Error {
  override name = 'FolderTaken'
}

/** So often may people leave while a part is written before something else is wrong. */
const attempts = 10
const manifestName = 'manifest.json'

/**
 * Writes what is published of some types and weeks into a folder: for each type and week a Parquet file and one of JSON
 * lines, the data card, the manifest. Killed and started again with the same folder it goes on, under the same id, with
 * the part it was at; files appear whole or not at all. Cohorts of which fewer than `k` are left stay out. Rejects with
 * FolderTaken, and when the database or the disk fails.
 */
export async function runExport(
  db: Db,
  request: ExportRequest,
  options: {
    readonly folder: string
    /** Fewer people than that never say the same, whatever they were released with. */
    readonly k: number
    readonly stopping: AbortSignal
    readonly progress: (part: DonePart, done: number, all: number) => void
    /** Awaited before the rows of a page are written. */
    readonly onPage?: (part: Part) => Promise<void>
  },
): Promise<ExportReport> {
  const { folder, k, stopping, progress } = options
  const store = createExportStore(db)
  await mkdir(folder, { recursive: true })
  const { id, resumed } = await idOf(folder, request)
  const kept = await store.begin(id, request)
  const done = new Map(kept.parts.map((part) => [nameOf(part), part]))
  const parts: Part[] = []
  for (const dataType of request.dataTypes) {
    for (const week of await store.weeks(dataType, request.from, request.to)) parts.push({ dataType, week })
  }
  for (const part of parts) {
    stopping.throwIfAborted()
    if (done.has(nameOf(part))) continue
    const written = await writePart(part)
    await store.partDone(id, written)
    done.set(nameOf(part), written)
    progress(written, done.size, parts.length)
  }
  const card = await cardOf([...done.values()])
  await put(join(folder, 'data-card.json'), `${JSON.stringify(card, null, 2)}\n`)
  await put(join(folder, 'data-card.md'), cardText(card))
  await store.finish(id)
  await put(join(folder, manifestName), manifestText('done', id, request, [...done.values()]))
  return { id, card, resumed }

  async function writePart(part: Part): Promise<DonePart> {
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const written = await tryPart(part)
      if (written !== undefined) return written
    }
    throw new Error(`people left ${attempts} times while ${nameOf(part)} was written`)
  }

  /** Undefined when somebody left while it was written: the files are not what may be given away. */
  async function tryPart(part: Part): Promise<DonePart | undefined> {
    await store.forget(id, part)
    const sizes = await store.sizes(part)
    const whole = new Set([...sizes].flatMap(([cohort, rows]) => (rows >= k ? [cohort] : [])))
    const withheld = [...sizes].reduce((sum, [cohort, rows]) => sum + (whole.has(cohort) ? 0 : rows), 0)
    await mkdir(join(folder, part.dataType), { recursive: true })
    const names = [`${nameOf(part)}.parquet`, `${nameOf(part)}.jsonl`] as const
    const files: PartFile[] = [
      await openParquet(join(folder, names[0]), part.dataType),
      await openJsonLines(join(folder, names[1])),
    ]
    const counts = noCounts()
    const written = new Map<string, number>()
    try {
      for await (const taken of store.take(id, part, whole)) {
        await options.onPage?.(part)
        stopping.throwIfAborted()
        const rows = taken.map(({ row, subject }) => exportRow(row, { week: part.week, subject }))
        for (const row of rows) countRow(counts, row)
        for (const { row } of taken) written.set(row.cohort, (written.get(row.cohort) ?? 0) + 1)
        for (const file of files) await file.write(rows)
      }
      const now = await store.sizes(part, { exports: id })
      const isWhole = [...written].every(([cohort, rows]) => rows >= k && now.get(cohort) === rows)
      if (!isWhole || now.size !== written.size) return await abandoned()
      const finished = []
      for (const [at, file] of files.entries()) {
        finished.push({ file: names[at] ?? '', rows: counts.rows, ...(await file.finish()) })
      }
      return { ...part, files: finished, counts, withheld }
    } catch (error) {
      await abandoned()
      throw error
    }

    async function abandoned(): Promise<undefined> {
      for (const file of files) await file.abandon()
      return undefined
    }
  }

  async function cardOf(all: readonly DonePart[]): Promise<DataCard> {
    const types: TypeCard[] = []
    for (const dataType of request.dataTypes) {
      const own = all.filter((part) => part.dataType === dataType)
      const counts = own.map((part) => part.counts).reduce(addCounts, noCounts())
      const waiting = await store.waiting(dataType, request.from, request.to)
      const withheld = own.reduce((sum, part) => sum + part.withheld, 0)
      types.push({ dataType, ...counts, waiting, withheld, columns: columnsOf(dataType) })
    }
    const { from, to } = request
    return { export: id, madeAt: new Date().toISOString(), from, to, k, types, knownGaps }
  }
}

const nameOf = ({ dataType, week }: Part): string => `${dataType}/${week}`

/** The export that a folder is for: begun here before, or a new one. */
async function idOf(folder: string, request: ExportRequest): Promise<{ id: string; resumed: boolean }> {
  const path = join(folder, manifestName)
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    return undefined
  })
  if (text === undefined) {
    const id = `export-${randomUUID()}`
    await put(path, manifestText('running', id, request, []))
    return { id, resumed: false }
  }
  const held = JSON.parse(text) as { export?: unknown; state?: unknown; request?: unknown }
  if (held.state !== 'running') throw new FolderTaken(`${folder} holds a finished export`)
  if (JSON.stringify(held.request) !== JSON.stringify(request)) {
    throw new FolderTaken(`${folder} holds the beginning of an export of something else`)
  }
  return { id: String(held.export), resumed: true }
}

const manifestText = (state: string, id: string, request: ExportRequest, parts: readonly DonePart[]): string =>
  `${JSON.stringify({ export: id, state, request, files: parts.flatMap(({ files }) => files) }, null, 2)}\n`

async function put(path: string, text: string): Promise<void> {
  await writeFile(`${path}.part`, text, { flush: true })
  await rename(`${path}.part`, path)
}
