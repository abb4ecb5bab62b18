// `npm run check`: everything that can be said about the code without running the system. Names of steps as
// arguments run only those.
import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'

import { pnpm, root } from './repository.ts'

type Step = { name: string; about: string; commands: readonly (readonly [string, ...string[]])[] }
const node = (script: string, ...rest: string[]) => [process.execPath, ...process.execArgv, script, ...rest] as const

// The slowest come first, so that the others fit beside them.
const steps: readonly Step[] = [
  {
    name: 'types',
    about: 'TypeScript in every package',
    commands: [
      [
        'npx',
        '--yes',
        pnpm,
        'exec',
        'turbo',
        'run',
        'typecheck',
        '--continue',
        '--output-logs=errors-only',
        '--no-update-notifier',
      ],
      ['tsc', '--noEmit', '-p', '.'],
    ],
  },
  { name: 'style', about: 'format and lint', commands: [['biome', 'check', '--error-on-warnings', '.']] },
  {
    name: 'dead-code',
    about: 'files, exports and dependencies that nothing uses',
    commands: [['knip', '--no-progress', '--no-config-hints']],
  },
  {
    name: 'contract',
    about: 'generated files up to date; every schema version reads every other',
    commands: [
      node('packages/schemas/scripts/generate.ts', '--check'),
      node('packages/schemas/scripts/check-compatibility.ts'),
    ],
  },
  { name: 'rooms', about: 'who may import whom', commands: [node('tools/rooms/main.ts')] },
  {
    name: 'chart',
    about: 'the helm chart, rendered and held against the Kubernetes schemas',
    commands: [node('tools/chart/main.ts')],
  },
  {
    name: 'php',
    about: 'what shops install: linted by the newest PHP, parsed by the oldest, formatted',
    commands: [node('integrations/php/main.ts')],
  },
  { name: 'tree', about: 'what must not lie in the repository', commands: [node('tools/tree.ts')] },
]

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !steps.some((step) => step.name === name))
if (unknown.length > 0) {
  console.error(`No such step: ${unknown.join(', ')}. Steps:`)
  for (const { name, about } of steps) console.error(`  ${name.padEnd(11)}${about}`)
  process.exit(2)
}

type Outcome = { ok: boolean; output: string }

/** Runs one program from the root; resolves when it has ended, with all it printed. */
function run([command, ...rest]: readonly [string, ...string[]]): Promise<Outcome> {
  return new Promise((resolve) => {
    const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', NO_COLOR: '1', FORCE_COLOR: '0' }
    const child = spawn(command, rest, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
    child.on('error', (error) => resolve({ ok: false, output: `${command}: ${error.message}` }))
    child.on('close', (code) => resolve({ ok: code === 0, output }))
  })
}

const failed: string[] = []
async function take({ name, about, commands }: Step): Promise<void> {
  const started = performance.now()
  const outcomes: Outcome[] = []
  for (const command of commands) outcomes.push(await run(command))
  const ok = outcomes.every((outcome) => outcome.ok)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  // A step that could not do all its work says so in its last line; a passing one says nothing else.
  const remark = outcomes.at(-1)?.output.trimEnd().split('\n').at(-1) ?? ''
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name.padEnd(11)}${seconds.padStart(5)} s  ${about}`)
  if (ok && remark.startsWith('skipped:')) console.log(`     ${remark}`)
  if (!ok) {
    failed.push(name)
    for (const { ok: fine, output } of outcomes) if (!fine) console.log(`${output.trimEnd()}\n`)
  }
}

const waiting = steps.filter((step) => asked.length === 0 || asked.includes(step.name))
const work = async () => {
  for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) await take(step)
}
await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work))
console.log(failed.length === 0 ? 'All checks hold.' : `Failed: ${failed.join(', ')}`)
process.exit(failed.length === 0 ? 0 : 1)
