import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { System } from '@varai/demo/system'
import type { BenchOptions } from '../bench.ts'
import type { Table } from '../report.ts'
import { type CpuProfile, type Share, timeByCategory } from './profile.ts'
import { startOurs } from './sinks.ts'
import { type Route, workOff } from './work-off.ts'
import type { Workload } from './workload.ts'

/** The first that an address holds tells where code belongs. */
const belongings: readonly (readonly [string, string])[] = [
  ['/node_modules/kafkajs/', 'kafkajs: fetches, records, commits'],
  ['/node_modules/avsc/', 'Avro'],
  ['/packages/kafka/src/codec.ts', 'Avro'],
  ['/packages/kafka/src/bounded-type.ts', 'Avro'],
  ['/packages/kafka/', 'lanes and batches'],
  ['/node_modules/bson/', 'BSON'],
  ['/node_modules/mongodb/', 'MongoDB driver'],
  ['/services/sync-core/src/pure/fold/', 'folding'],
  ['/services/sync-core/src/pure/document.ts', 'records to documents and back'],
  ['/services/sync-core/src/decimal-form.ts', 'records to documents and back'],
  ['/services/sync-core/src/pure/form.ts', 'records to documents and back'],
  ['/services/sync-core/src/pure/group-moments.ts', 'records to documents and back'],
  ['/services/sync-core/src/pure/change/', 'changes: images and telling'],
  ['/services/sync-core/src/changes/', 'changes: images and telling'],
  ['/services/sync-core/src/pure/plain.ts', 'values: copies, texts, digests'],
  ['/services/sync-core/src/pure/admit.ts', 'reading statements'],
  ['/services/sync-core/src/pure/statement.ts', 'reading statements'],
  ['/services/sync-core/src/pure/project/', 'projecting'],
  ['/services/sync-core/', 'the rest of sync-core'],
  ['/node_modules/', 'other libraries'],
]
const categoryOf = (url: string): string | undefined => belongings.find(([part]) => url.includes(part))?.[1]

/**
 * Starts ours once more, with V8's profiler on, and lets it work off two rounds: one to warm up, one that counts. The
 * one that runs must have ended.
 */
export async function profileOurs(
  system: System,
  options: BenchOptions & { readonly close: (stop: () => Promise<unknown>) => void },
  route: Route,
  workload: Workload,
): Promise<Table> {
  const folder = join(options.stateDir, 'profile')
  await rm(folder, { recursive: true, force: true })
  const sink = await startOurs(system, { ...options, nodeArgs: ['--cpu-prof', `--cpu-prof-dir=${folder}`] })
  await workOff({ ...route, sink }, workload.nextRound(), workload.about)
  const from = microseconds()
  await workOff({ ...route, sink }, workload.nextRound(), workload.about)
  const to = microseconds()
  await sink.service.stop()
  const [file] = await readdir(folder)
  if (file === undefined) throw new Error('ours left no profile')
  const profile: CpuProfile = JSON.parse(await readFile(join(folder, file), 'utf8'))
  return profileTable(timeByCategory(profile, { from, to }, categoryOf), workload)
}

/** The clock of V8's profiles, and of every process of the machine. */
const microseconds = (): number => Number(process.hrtime.bigint() / 1_000n)

function profileTable(shares: readonly Share[], { title, events }: Workload): Table {
  const all = shares.reduce((sum, { micros }) => sum + micros, 0)
  const row = (name: string, micros: number) => [name, ((100 * micros) / all).toFixed(1), (micros / events).toFixed(1)]
  return {
    title: `Where our time on the CPU goes: ${title}`,
    head: ['', '%', 'CPU µs/event'],
    rows: [...shares.map(({ name, micros }) => row(name, micros)), row('all', all)],
  }
}
