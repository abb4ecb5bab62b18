import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '@varai/demo/system'
import type { Check } from '../runner.ts'
import { runProgram } from '../system/run-program.ts'
import type { ShopsContext } from './open-shops.ts'

const platforms = ['Shopify', 'WooCommerce', 'Magento']

/** What somebody sees who starts it for the first time. */
export const allShopsAgree: Check<ShopsContext> = {
  title: 'npm start -- --once: all documents of a Shopify, a WooCommerce and a Magento shop equal the truth',
  async run({ short, system }) {
    // It boots a stack of its own; two at once would only measure each other.
    await system.stop()
    const stateDir = await mkdtemp(join(tmpdir(), 'varai-agreement-'))
    try {
      const args = ['start', '--', '--once', '--state-dir', stateDir, ...(short ? ['--deliveries', '120'] : [])]
      // The shops that the demo itself names.
      const env = { ...process.env, VARAI_STORES: undefined }
      const { code, seconds, output } = await runProgram('npm', args, { cwd: root, env })
      const lines = output.split('\n').map((line) => line.replace(/^ *[\d.]+ s {2}/, ''))
      const reports = platforms.map((platform) => lines.find((line) => line.startsWith(`${platform}: `)))
      const agreement = lines.find((line) => /^agreement: |^NO agreement: /.test(line))
      const holds = code === 0 && reports.every(Boolean) && agreement?.startsWith('agreement: all') === true
      return {
        holds,
        figures: [
          `exit ${code} after ${seconds.toFixed(0)} s`,
          ...reports.map((line, at) => line ?? `nothing of ${platforms[at]}`),
          agreement ?? 'no comparison',
          ...(holds ? [] : output.trimEnd().split('\n').slice(-15)),
        ],
      }
    } finally {
      await rm(stateDir, { recursive: true, force: true })
    }
  },
}
