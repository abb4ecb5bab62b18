import { resolve } from 'node:path'
import type { Choice, Component, How, StackAddresses } from './addresses.ts'
import { boot } from './boot.ts'
import { lockStateDir } from './lock.ts'
import type { ProgressEvent } from './progress.ts'

export type StackOptions = {
  /** Where everything of this run lives, e.g. `<root>/.varai`: data, logs, pids, ports. One live stack each. */
  stateDir: string
  /** Which to boot; all four unless said otherwise. */
  components?: readonly Component[]
  /** Read for `VARAI_*` addresses and handed to the programs; `process.env` unless given. */
  env?: NodeJS.ProcessEnv
  progress?: (event: ProgressEvent) => void
  /** Allows this way only; `VARAI_STACK_MODE` does the same. Otherwise each component: environment, Docker, native. */
  mode?: How
  /** Begins with empty data instead of what the last run left. What lies behind addresses from the environment stays. */
  fresh?: boolean
  /** Gives the start up: what was started is stopped, and startStack rejects with the signal's reason. */
  signal?: AbortSignal
}

export type Stack<C extends Component = Component> = {
  /** Pids are those of this moment: read it again after a restart. */
  readonly addresses: Pick<StackAddresses, C>
  readonly chosen: Record<C, Choice>
  /** Rejects when a component dies without having been asked to, naming it with the end of its log; else stays open. */
  readonly failure: Promise<never>
  /** Redis, database, registry, Kafka: each asked politely and, after a bounded wait, ended. Harmless when repeated. */
  stop(): Promise<void>
  /** For fault tests: ends one component (SIGKILL unless said otherwise) or, with SIGSTOP and SIGCONT, pauses it. */
  kill(component: C, signal?: NodeJS.Signals): Promise<void>
  /** Starts it again on the same port and data, and resolves when it answers. */
  restart(component: C): Promise<void>
}

/**
 * Boots the components and resolves when each answers. What it started ends with this process, however that ends.
 * Throws `StackFailed` after stopping what did start, or `StateDirInUse` when a live stack has the folder.
 */
export async function startStack(options: StackOptions & { components?: undefined }): Promise<Stack>
export async function startStack<C extends Component>(
  options: StackOptions & { components: readonly C[] },
): Promise<Stack<C>>
export async function startStack(options: StackOptions) {
  const stateDir = resolve(options.stateDir)
  const lock = lockStateDir(stateDir)
  try {
    return await boot({ ...options, stateDir }, lock)
  } catch (error) {
    lock.release()
    throw error
  }
}
