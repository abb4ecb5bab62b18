import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { root } from '@varai/demo/system'
import type { Finding } from '../runner.ts'
import { runProgram } from '../system/run-program.ts'

/** What is read of a report of vitest. */
type Report = {
  testResults: {
    assertionResults: {
      title: string
      status: string
      duration?: number
      failureMessages: string[]
      meta: { property?: { runs: number; seed: number; seen: Record<string, number> } }
    }[]
  }[]
}

const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')

function triedAs({ runs, seed, seen }: { runs: number; seed: number; seen: Record<string, number> }): string {
  const all = Object.entries(seen).map(([name, count]) => `${count} ${name}`)
  return [`${runs} runs from seed ${seed}`, ...all].join(', ')
}

/** The case that failed stands in one line, and can be had from its seed. */
const cut = (line: string): string => (line.length > 400 ? `${line.slice(0, 400)} …` : line)

/**
 * Runs tests of one file, those whose titles have any of these texts, or all, on the stack that runs in `stateDir`; what
 * became of each, with the runs and the seed of properties. Holds when all passed, and at least one was there.
 */
export async function runTests(options: {
  project: 'unit' | 'int'
  file: string
  titles?: readonly string[]
  /** How often each property is tried. */
  runs?: number
  stateDir: string
}): Promise<Finding> {
  const { project, file, titles = [], runs, stateDir } = options
  const folder = await mkdtemp(join(tmpdir(), 'varai-tests-'))
  const outputFile = join(folder, 'report.json')
  try {
    const pattern = titles.map((title) => title.replaceAll(/[^\w\s,:]/g, '.')).join('|')
    const { code, output } = await runProgram(
      process.execPath,
      [
        ...[vitest, 'run', '--project', project, '--reporter=json', `--outputFile=${outputFile}`, file],
        ...(titles.length > 0 ? ['-t', pattern] : []),
      ],
      {
        cwd: root,
        env: {
          ...process.env,
          VARAI_TEST_STACK: stateDir,
          ...(runs === undefined ? {} : { VARAI_PROPERTY_RUNS: String(runs) }),
        },
      },
    )
    const text = await readFile(outputFile, 'utf8').catch(() => undefined)
    if (text === undefined) return { holds: false, figures: output.trimEnd().split('\n').slice(-20) }
    const report: Report = JSON.parse(text)
    const tests = report.testResults.flatMap((of) => of.assertionResults).filter(({ status }) => status !== 'skipped')
    return {
      holds: code === 0 && tests.length > 0 && tests.every(({ status }) => status === 'passed'),
      figures: tests.flatMap(({ title, status, duration = 0, failureMessages, meta: { property } }) => {
        const tried = property === undefined ? '' : `${triedAs(property)}, `
        const line = `${status}: ${title} (${tried}${(duration / 1000).toFixed(1)} s)`
        return [line, ...failureMessages.flatMap((message) => message.split('\n').map(cut).slice(0, 80))]
      }),
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
