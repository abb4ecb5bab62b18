import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '@varai/demo/system'
import { readRunFile } from '@varai/dev-stack'
import { waitUntil } from '@varai/testkit'
import type { Check } from '../runner.ts'
import type { SystemContext } from '../system/open-system.ts'
import { ended, runProgram } from '../system/run-program.ts'

/** What a stranger does first: clone, start, send a webhook of their own, test. With downloads, then without. */
export const cleanClone: Check<SystemContext> = {
  title: 'clean clone: npm start, --once, --no-demo with the README’s own webhook, npm test',
  longOnly: true,
  async run({ system }) {
    // The clone boots a stack of its own; two at once would only measure each other.
    await system.stop()
    const folder = await mkdtemp(join(tmpdir(), 'varai-clone-'))
    const clone = join(folder, 'varai-sync')
    // Nothing that an earlier run downloaded.
    const env = { ...process.env, VARAI_CACHE_DIR: join(folder, 'cache'), VARAI_STORES: undefined }
    const figures: string[] = []
    const step = async (name: string, command: string, args: readonly string[], cwd = clone) => {
      const { code, seconds, output } = await runProgram(command, args, { cwd, env })
      const [agreement] = /agreement: .*/.exec(output) ?? []
      const [tests] = /^\d+ passed, .*$/m.exec(output) ?? []
      figures.push(
        `${name}: exit ${code} after ${seconds.toFixed(1)} s${[agreement, tests].map((line) => (line === undefined ? '' : `; ${line}`)).join('')}`,
      )
      if (code !== 0) figures.push(...output.trimEnd().split('\n').slice(-15))
      return code === 0
    }
    try {
      const holds = [
        await step('git clone', 'git', ['clone', '--quiet', root, clone], folder),
        await step('npm start -- --once, cold', 'npm', ['start', '--', '--once']),
        await step('npm start -- --once, warm', 'npm', ['start', '--', '--once']),
        await ownWebhook(clone, env, figures),
        await step('npm test', 'npm', ['test']),
      ]
      return { holds: holds.every(Boolean), figures }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
}

/** `npm start -- --no-demo`, the README's shell lines as they stand there, then Ctrl-C. */
async function ownWebhook(clone: string, env: NodeJS.ProcessEnv, figures: string[]): Promise<boolean> {
  const readme = await readFile(join(clone, 'README.md'), 'utf8')
  const section = readme.slice(readme.indexOf('## Send your own webhook'))
  const script = /```sh\n([\s\S]*?)```/.exec(section)?.[1]
  if (script === undefined) throw new Error('the README has no webhook to send')
  const began = performance.now()
  const start = spawn('npm', ['start', '--', '--no-demo'], { cwd: clone, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const end = ended(start)
  let over = false
  end.finally(() => (over = true)).catch(() => undefined)
  try {
    const running = async () => over || (await readRunFile(join(clone, '.varai'))) !== undefined
    await waitUntil(running, { what: 'run.json of the clone', withinMs: 120_000 })
    const ready = (performance.now() - began) / 1000
    const sent = await runProgram('bash', ['-e', '-o', 'pipefail', '-c', script], { cwd: clone, env })
    figures.push(`npm start -- --no-demo: ready after ${ready.toFixed(1)} s; the README’s lines: exit ${sent.code}`)
    const shown = sent.output.includes('200 OK') && sent.output.includes('820982911946154508')
    if (!shown || sent.code !== 0) figures.push(...sent.output.trimEnd().split('\n').slice(-15))
    start.kill('SIGINT')
    const { code } = await end
    figures.push(`Ctrl-C: exit ${code}`)
    return shown && sent.code === 0 && code === 0
  } finally {
    if (!over) start.kill('SIGTERM')
  }
}
