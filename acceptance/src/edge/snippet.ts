import { join } from 'node:path'
import { root } from '@varai/demo/system'
import { runFilePath } from '@varai/dev-stack'
import { loadSnippet } from '@varai/snippet'
import type { Check } from '../runner.ts'
import { runProgram } from '../system/run-program.ts'
import type { EdgeContext } from './open-edge.ts'

/** As much as a page may have to load. */
const mayHave = 4_000

/** The tests of what pages load, in a real browser, against a collector of their own on this run's components. */
export const snippet: Check<EdgeContext> = {
  title: 'the snippet in real Chromium: strict policy, offline, closed, two tabs, consent, clocks; its size',
  // It is a test of its own, which runs wherever the short form does.
  longOnly: true,
  async run({ stateDir }) {
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
    const { code, output, seconds } = await runProgram(
      process.execPath,
      [vitest, 'run', '--project', 'e2e', '--reporter=verbose', 'acceptance/src/snippet.e2e.test.ts'],
      { cwd: root, env: { ...process.env, NO_COLOR: '1', VARAI_TEST_STACK: runFilePath(stateDir) } },
    )
    const count = (what: string) => Number(new RegExp(`^ *Tests .*?(\\d+) ${what}`, 'm').exec(output)?.[1] ?? 0)
    const [passed, failed, skipped] = [count('passed'), count('failed'), count('skipped')]
    const { code: script, gzipped } = loadSnippet()
    const lines = output.split('\n').map((line) => line.trim())
    return {
      holds: code === 0 && passed > 0 && failed + skipped === 0 && gzipped.length < mayHave,
      figures: [
        `varai.js: ${script.length} bytes, ${gzipped.length} gzipped, of ${mayHave} that it may have`,
        `${passed} tests pass, ${failed} fail, ${skipped} are skipped, in ${seconds.toFixed(0)} s`,
        ...lines.filter((line) => /^[✓×↓] /.test(line)),
      ],
    }
  },
}
