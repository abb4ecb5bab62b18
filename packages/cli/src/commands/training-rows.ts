import {
  collections,
  createTrainingQueue,
  FolderTaken,
  type KeptExport,
  runExport,
  type Withdrawal,
  workQueue,
} from '@varai/ml-data'
import { type DataType, dataTypes } from '@varai/ml-data/pure'
import { type Environment, mongoSettings, redisSettings, text } from '@varai/runtime'
import { openQuickRedis } from '@varai/runtime/redis'
import { readSettings } from '../addresses.ts'
import { withDatabase } from '../document-store.ts'
import { printable } from '../pure/printable.ts'
import { tableLines } from '../pure/table.ts'
import { Refusal } from '../refusal.ts'
import type { Terminal } from '../terminal.ts'

export type ExportOptions = {
  /** All unless given. */
  readonly types: readonly DataType[]
  readonly from: string
  readonly to: string
  readonly folder: string
  readonly k: number
}

/** Writes training rows into a folder; killed, the same words go on where it was. Exit code 1 when it was interrupted. */
export async function exportTrainingRows(terminal: Terminal, env: Environment, options: ExportOptions): Promise<0 | 1> {
  const { mongo } = readSettings(env, { mongo: mongoSettings })
  const { types, from, to, folder, k } = options
  if (!(isDay(from) && isDay(to) && from < to))
    throw new Refusal('--from and --to: two days, YYYY-MM-DD, the first before the other', 2)
  const request = { dataTypes: types.length === 0 ? dataTypes : types, from, to }
  try {
    const { id, card, resumed } = await withDatabase(mongo, (db) =>
      runExport(db, request, {
        ...{ folder, k, stopping: terminal.stop },
        progress: ({ dataType, week, counts }, done, all) =>
          terminal.tell(`${dataType} ${week}: ${counts.rows} rows (${done} of ${all})`),
      }),
    )
    await terminal.print(`${id}${resumed ? ' (went on)' : ''} in ${folder}`)
    for (const { dataType, rows, waiting, withheld } of card.types) {
      await terminal.print(`  ${dataType}: ${rows} rows; ${waiting} wait for others like them, ${withheld} withheld`)
    }
    return 0
  } catch (error) {
    if (error instanceof FolderTaken) throw new Refusal(error.message)
    if (!terminal.stop.aborted) throw error
    terminal.tell('varai: interrupted; the same words go on where it was')
    return 1
  }
}

const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text

/** The exports that were made, the newest first. */
export async function listExports(terminal: Terminal, env: Environment, { json }: { json: boolean }): Promise<0> {
  const { mongo } = readSettings(env, { mongo: mongoSettings })
  const found = await withDatabase(mongo, (db) =>
    db.collection<KeptExport>(collections.exports).find().sort({ startedAt: -1 }).limit(100).toArray(),
  )
  if (json) for (const each of found) await terminal.print(JSON.stringify(each))
  else {
    const rows = found.map(({ _id, state, startedAt, request, parts }) => {
      const sum = parts.reduce((rows, { counts }) => rows + counts.rows, 0)
      return [
        _id,
        state,
        startedAt.toISOString(),
        `${request.from} to ${request.to}`,
        request.dataTypes.join(','),
        String(sum),
      ]
    })
    const titles = ['export', 'state', 'begun', 'weeks', 'types', 'rows'].map((title) => ({ title }))
    for (const line of tableLines(titles, rows)) await terminal.print(line)
  }
  return 0
}

/** What people withdrew or had erased, with the exports that hold it still: whoever has these must take it out there. */
export async function listWithdrawals(
  terminal: Terminal,
  env: Environment,
  { json, export: wanted }: { json: boolean; export: string | undefined },
): Promise<0> {
  const { mongo } = readSettings(env, { mongo: mongoSettings })
  const filter = wanted === undefined ? {} : { 'rows.exports': wanted }
  await withDatabase(mongo, async (db) => {
    for await (const { _id, at, rows } of db
      .collection<Withdrawal>(collections.withdrawals)
      .find(filter)
      .sort({ at: 1 })) {
      if (json) {
        await terminal.print(JSON.stringify({ cause: _id, at, rows }))
        continue
      }
      await terminal.print(`${at.toISOString()}  ${printable(_id)}`)
      for (const { dataType, consentLevel, exports, pseudonyms } of rows) {
        const who = pseudonyms.length === 0 ? 'any one of its cohort' : pseudonyms.join(', ')
        await terminal.print(
          `  ${dataType}, ${consentLevel}, ${who}: ${exports.length === 0 ? 'in no export' : exports.join(', ')}`,
        )
      }
    }
  })
  return 0
}

/** Takes rows of the queue and prints each as one line of JSON; a row counts as handed over once its line is out. */
export async function workTrainingQueue(
  terminal: Terminal,
  env: Environment,
  { untilEmpty, visibleAfter }: { untilEmpty: boolean; visibleAfter: number },
): Promise<0> {
  const { redis, prefix } = readSettings(env, {
    redis: redisSettings,
    prefix: text('VARAI_TOPIC_PREFIX', 'text put before every name', ''),
  })
  const client = openQuickRedis({ url: redis.url, redis: redis.options, prefix, answerWithinMs: 10_000 })
  try {
    await new Promise<void>((ready, failed) => client.once('ready', () => ready()).once('error', failed))
    client.on('error', () => undefined)
    const handled = await workQueue(createTrainingQueue(client), (row) => terminal.print(row), {
      ...{ stopping: terminal.stop, untilEmpty, visibleAfterMs: visibleAfter * 1_000 },
    })
    terminal.tell(`${handled} rows`)
    return 0
  } finally {
    client.disconnect()
  }
}
