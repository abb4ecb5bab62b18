// `npm run bench -- <name>`: figures beside peers in the same run. Markdown on stdout, progress on stderr, JSON in .varai.
import { mkdir, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { root } from '@varai/demo/system'
import { Command, InvalidArgumentError } from 'commander'
import type { Bench } from './bench.ts'
import { benchIdle } from './idle/bench-idle.ts'
import { benchIngest } from './ingest/bench-ingest.ts'
import { describeRun, type Report, toMarkdown } from './report.ts'
import { benchSync } from './sync/bench-sync.ts'

const benches: Readonly<Record<string, Bench>> = { ingest: benchIngest, sync: benchSync, idle: benchIdle }
/** Longer than any bench takes at its default size; `--minutes` for larger ones. */
const patienceMinutes = 15

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
  .option('--minutes <number>', `gives up after so long (${patienceMinutes})`, wholeNumber)
  .parse()
const [name = ''] = program.args
const bench =
  benches[name] ??
  program.error(`There is no bench ${JSON.stringify(name)}; there are: ${Object.keys(benches).join(', ')}`)
const given = program.opts<{ rounds?: number; events?: number; quick: boolean; minutes?: number }>()

const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // Not `once`: libraries that clean up at the end take a handler that is gone for none, and end the process at once.
  process.on(signal, () => stopping.abort(new Error(`ended by ${signal}`)))
}
const began = performance.now()
const progress = (line: string) =>
  console.error(`${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s  ${line}`)
const folder = join(root, '.varai', 'bench')

async function run(measure: Bench): Promise<void> {
  const about = describeRun(name, ['npm run bench --', ...process.argv.slice(2)].join(' '))
  const findings = await measure({
    rounds: given.rounds ?? (given.quick ? 1 : 5),
    events: given.events,
    quick: given.quick,
    stateDir: join(folder, name),
    progress,
    signal: AbortSignal.any([stopping.signal, AbortSignal.timeout((given.minutes ?? patienceMinutes) * 60_000)]),
  })
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
