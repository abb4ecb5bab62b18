import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '@varai/demo/system'
import { type DataType, dataTypes } from '@varai/ml-data/pure'
import type { AnalyticsContext } from '../open-analytics.ts'
import type { Judged } from './attack.ts'
import { type Trained, varai } from './trained.ts'

export type Exported = {
  readonly id: string
  readonly folder: string
  /** The rows of each type, each with whose it is: known to us by the order of keyed names, to no reader. */
  readonly rows: ReadonlyMap<DataType, readonly (Judged & { readonly name: string })[]>
  /** Everything that anybody can read in it. */
  readonly text: string
}

const once = new WeakMap<Trained, Promise<Exported>>()

/** The export from before anybody left; made once, whichever check comes first. */
export function firstExport(context: AnalyticsContext, of: Trained): Promise<Exported> {
  const known = once.get(of) ?? exported(context, 'first', of)
  once.set(of, known)
  return known
}

/** Exports the shoppers' week by the command, and reads it. */
export async function exported(context: AnalyticsContext, name: string, of: Trained): Promise<Exported> {
  const folder = join(root, '.varai', 'acceptance', 'ml', name)
  await rm(folder, { recursive: true, force: true })
  await varai(context, 'ml', 'export', '--from', of.from, '--to', of.to, '--out', folder)
  const manifest = await readFile(join(folder, 'manifest.json'), 'utf8')
  const { export: id } = JSON.parse(manifest) as { export: string }
  const people = new Map(of.made.map(({ row, person }) => [row, person]))
  const rows = new Map<DataType, (Judged & { name: string })[]>()
  let text = manifest
  for (const dataType of dataTypes) {
    const file = await readFile(join(folder, dataType, `${of.from}.jsonl`), 'utf8').catch(() => '')
    text += file
    const lines = file.split('\n').filter((line) => line !== '')
    const names = await context.db
      .collection<{ _id: string }>('ml_rows')
      .find({ dataType, week: of.from, exports: id }, { projection: { _id: 1 } })
      .sort({ _id: 1 })
      .toArray()
    if (names.length !== lines.length) throw new Error(`${dataType}: ${lines.length} lines of ${names.length} rows`)
    const judged = lines.map((line, at) => {
      const name = names[at]?._id ?? ''
      return { name, row: JSON.parse(line) as Judged['row'], truly: people.get(name) ?? 'nobody' }
    })
    rows.set(dataType, judged)
  }
  return { id, folder, rows, text }
}
