import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from '@varai/demo/system'
import { columnsOf, dataTypes } from '@varai/ml-data/pure'
import type { Check } from '../../runner.ts'
import type { AnalyticsContext } from '../open-analytics.ts'
import { firstExport } from './exported.ts'
import { trained } from './trained.ts'

const run = promisify(execFile)
const requirement = 'duckdb==2.0.1'
const sqlType = { STRING: 'VARCHAR', BOOLEAN: 'BOOLEAN', DOUBLE: 'DOUBLE' } as const

/** A reader that is not ours, in another language, with nothing to go by but the files and the data card. */
export const foreignParquet: Check<AnalyticsContext> = {
  title: 'DuckDB reads the Parquet files: the documented columns, the counts of the data card, what the JSON lines say',
  async run(context) {
    const of = await trained(context)
    const { folder } = await firstExport(context, of)
    const python = await environment()
    const { stdout } = await run(python, [join(import.meta.dirname, 'foreign_parquet.py'), folder], {
      maxBuffer: 2 ** 26,
    })
    const read = JSON.parse(stdout) as Record<string, Read>
    const wrong = dataTypes.flatMap((dataType) => {
      const expected = JSON.stringify(columnsOf(dataType).map(({ name, type }) => [name, sqlType[type]]))
      const file = read[dataType]
      if (file === undefined) return [`${dataType}: no file`]
      const { columns, rows, card, differing } = file
      return JSON.stringify(columns) === expected && rows === card && rows > 0 && differing === 0
        ? []
        : [`${dataType}: ${JSON.stringify(file)}`]
    })
    return {
      holds: wrong.length === 0,
      figures: [
        ...Object.entries(read).map(
          ([dataType, { columns, rows, card, differing }]) =>
            `${dataType}: ${rows} rows of ${columns.length} columns; ${card} by the data card; ${differing} differ from the JSON lines`,
        ),
        ...wrong,
      ],
    }
  },
}

type Read = { columns: [string, string][]; rows: number; card: number; differing: number }

/** A virtual environment with the package, made once. */
async function environment(): Promise<string> {
  const folder = join(root, '.varai', 'cache', 'foreign-parquet')
  const python = join(folder, 'bin', 'python')
  const works =
    existsSync(python) &&
    (await run(python, ['-c', 'import duckdb']).then(
      () => true,
      () => false,
    ))
  if (!works) {
    await run('python3', ['-m', 'venv', '--clear', folder])
    await run(python, ['-m', 'pip', 'install', '--quiet', requirement])
  }
  return python
}
