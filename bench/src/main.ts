// `npm run bench -- <name>`: figures beside peers in the same run. Markdown on stdout, progress on stderr, JSON in .varai.
import { mkdir, writeFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { join, relative } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { root } from '@varai/demo/system'
import { Command, InvalidArgumentError } from 'commander'
import { benchAnalytics } from './analytics/bench-analytics.ts'
import type { Bench, BenchOptions } from './bench.ts'
import { benchIdle } from './idle/bench-idle.ts'
import { benchIngest } from './ingest/bench-ingest.ts'
import { describeRun, type Report, toMarkdown } from './report.ts'
import { benchSync, installDatabase, installSync } from './sync/bench-sync.ts'

const benches: Readonly<Record<string, Bench>> = {
  ingest: benchIngest,
  sync: benchSync,
  analytics: benchAnalytics,
  idle: benchIdle,
}
/** What only the first run on a machine has to do, which its patience does not count. */
const installs: Readonly<Record<string, (options: BenchOptions) => Promise<void>>> = {
  sync: installSync,
  analytics: installDatabase,
}
/** Longer than any bench takes at its default size; `--minutes` for larger ones. */
const patienceMinutes = 45
/** A load that was there before makes a run one that is none of record; what is left of earlier work goes by itself. */
const quiet = { load: 0.3, withinMs: 120_000, lookEveryMs: 5_000 }

const wholeNumber = (text: string): number => {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('a whole number from 1 up')
  return number
}
const program = new Command('npm run bench --')
  .description('Measures speed and memory beside peers in the same run, on a system of its own.')
  .argument('<name>', `which: ${Object.keys(benches).join(', ')}`)
  .option('--rounds <number>', 'rounds that count, after those to warm up (5; with --quick 1)', wholeNumber)
  .option('--events <number>', 'most events of a round', wholeNumber)
  .option('--quick', 'small rounds: shows that it works, not how fast it is', false)
  .option('--no-wait', 'begins at once, also while the machine is busy with something else')
  .option('--minutes <number>', `gives up after so long (${patienceMinutes})`, wholeNumber)
  .parse()
const [name = ''] = program.args
const bench =
  benches[name] ??
  program.error(`There is no bench ${JSON.stringify(name)}; there are: ${Object.keys(benches).join(', ')}`)
const given = program.opts<{ rounds?: number; events?: number; quick: boolean; wait: boolean; minutes?: number }>()

const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // Not `once`: libraries that clean up at the end take a handler that is gone for none, and end the process at once.
  process.on(signal, () => stopping.abort(new Error(`ended by ${signal}`)))
}
const began = performance.now()
const progress = (line: string) =>
  console.error(`${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s  ${line}`)
const folder = join(root, '.varai', 'bench')

async function untilQuiet(signal: AbortSignal): Promise<void> {
  const giveUp = performance.now() + quiet.withinMs
  for (let told = false; (loadavg()[0] ?? 0) > quiet.load && performance.now() < giveUp; told = true) {
    if (!told) progress(`waiting up to ${quiet.withinMs / 60_000} minutes for the load to fall`)
    await after(quiet.lookEveryMs, undefined, { signal })
  }
}

async function run(measure: Bench): Promise<void> {
  const options = {
    rounds: given.rounds ?? (given.quick ? 1 : 5),
    events: given.events,
    quick: given.quick,
    stateDir: join(folder, name),
    progress,
    signal: stopping.signal,
  }
  await installs[name]?.(options)
  if (!given.quick && given.wait) await untilQuiet(stopping.signal)
  const about = describeRun(name, ['npm run bench --', ...process.argv.slice(2)].join(' '))
  const patience = AbortSignal.timeout((given.minutes ?? patienceMinutes) * 60_000)
  const findings = await measure({ ...options, signal: AbortSignal.any([stopping.signal, patience]) })
  const report: Report = { ...about, ...findings }
  await mkdir(folder, { recursive: true })
  const file = join(folder, `${name}-${about.at.replaceAll(':', '-')}.json`)
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`)
  console.log(toMarkdown(report))
  progress(`every round is in ${relative(process.cwd(), file)}`)
}

process.exitCode = await run(bench).then(
  () => 0,
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    return stopping.signal.aborted ? 130 : 1
  },
)
