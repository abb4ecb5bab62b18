import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { TestProject } from 'vitest/node'
import type { StackAddresses } from './addresses.ts'
import { StateDirInUse } from './lock.ts'
import { formatProgress } from './progress.ts'
import { readRunFile, removeRunFile, writeRunFile } from './run-file.ts'
import { type Stack, startStack } from './start-stack.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where the run's Kafka, registry, database and Redis answer: `inject('stack')`. */
    stack: StackAddresses
  }
}

type Held = { addresses: StackAddresses; end: () => Promise<void> }
type Shared = { users: number; held: Promise<Held> }

declare global {
  /** Every project of a run loads this module anew, yet all are to share one stack. */
  var varaiTestStack: Shared | undefined
}

/**
 * Vitest's globalSetup: one stack for the whole run, all projects and files sharing it, ended with the last of them.
 * `VARAI_TEST_STACK` names the run.json of a stack that runs already and is used instead. Each run begins with empty
 * data (topics left by earlier runs would slow Kafka down more than starting empty does), yet files share it: each
 * takes topic, database and key names of its own.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  globalThis.varaiTestStack ??= { users: 0, held: hold(project.vitest.config.root) }
  const shared = globalThis.varaiTestStack
  shared.users += 1
  const { addresses, end } = await shared.held
  project.provide('stack', addresses)
  return async () => {
    shared.users -= 1
    if (shared.users > 0) return
    globalThis.varaiTestStack = undefined
    await end()
  }
}

async function hold(from: string): Promise<Held> {
  const running = process.env['VARAI_TEST_STACK']
  if (running) {
    const run = await readRunFile(running)
    if (run === undefined) throw new Error(`VARAI_TEST_STACK: nothing runs at ${running}`)
    return { addresses: run, end: async () => undefined }
  }
  const { stack, stateDir } = await startInFreeFolder(join(rootOf(from), '.varai', 'test'))
  stack.failure.catch((error: unknown) => process.stderr.write(`${error}\n`))
  await writeRunFile(stateDir, stack.addresses)
  return {
    addresses: stack.addresses,
    async end() {
      await removeRunFile(stateDir)
      await stack.stop()
    },
  }
}

/** Several runs may go on at once in one work tree (an editor's beside a terminal's): each takes a folder of its own. */
async function startInFreeFolder(first: string): Promise<{ stack: Stack; stateDir: string }> {
  for (let nth = 1; ; nth++) {
    const stateDir = nth === 1 ? first : `${first}-${nth}`
    try {
      const progress = (event: Parameters<typeof formatProgress>[0]) =>
        process.stderr.write(`${formatProgress(event)}\n`)
      return { stack: await startStack({ stateDir, fresh: true, progress }), stateDir }
    } catch (error) {
      if (!(error instanceof StateDirInUse) || nth === 8) throw error
    }
  }
}

/** The repository's root, also when vitest was started inside a package. */
function rootOf(folder: string): string {
  if (existsSync(join(folder, 'pnpm-workspace.yaml'))) return folder
  const above = dirname(folder)
  return above === folder ? process.cwd() : rootOf(above)
}
