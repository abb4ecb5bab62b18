import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { keepFormerLog } from './native/start.ts'
import { endLeftovers } from './process/pid-record.ts'
import { pickPort } from './process/port.ts'
import { type Exit, type ProcessEnded, superviseProcess } from './process/supervise.ts'

export type ServiceOptions = {
  /** Names it in messages, its log and its pid record; unique within a state folder. */
  name: string
  /** What Node runs: `services/<name>/src/main.ts`. */
  entry: string
  args?: readonly string[]
  /** Its whole environment, `process.env` unless given; `PORT` is added. */
  env?: NodeJS.ProcessEnv
  /** For node itself, before the entry. */
  nodeArgs?: readonly string[]
  cwd?: string
  stateDir: string
  /** `<stateDir>/logs/<name>.log` unless given. */
  logFile?: string
  /** A free one, the former if it can be had, unless given. */
  port?: number
  /** `<url>/readyz` unless given: ready when it answers 200. */
  readyUrl?: string
  readyWithinMs?: number
  /** Patience between SIGTERM and SIGKILL. */
  stopWithinMs?: number
  /** Told when it dies without having been asked to. */
  died?: (error: ProcessEnded) => void
}

export type Service = {
  readonly name: string
  readonly pid: number
  readonly url: string
  /** Resolves when the process that `pid` names has ended, for whatever reason; never rejects. */
  readonly exited: Promise<Exit>
  /** SIGTERM, then SIGKILL when it takes too long; how it ended. */
  stop(): Promise<Exit>
  /** SIGKILL unless said otherwise; resolves when it is gone. SIGSTOP and SIGCONT pause and continue it. */
  kill(signal?: NodeJS.Signals): Promise<void>
  /** Stops it if it runs, starts it on the same port and resolves when it is ready. */
  restart(): Promise<void>
}

/**
 * Starts one of our services with a free `PORT` and resolves when it is ready. It ends with this process, however that
 * ends. Throws `ProcessEnded`, with the end of its log, when it ends or stalls before it is ready.
 */
export async function startService(options: ServiceOptions, signal?: AbortSignal): Promise<Service> {
  const { name } = options
  const stateDir = resolve(options.stateDir)
  await mkdir(stateDir, { recursive: true })
  await endLeftovers(stateDir, () => undefined)
  const port = options.port ?? (await pickPort(stateDir, name))
  const url = `http://127.0.0.1:${port}`
  const readyUrl = options.readyUrl ?? `${url}/readyz`
  const logFile = options.logFile ?? join(stateDir, 'logs', `${name}.log`)
  await keepFormerLog(logFile)

  const supervised = await superviseProcess(
    {
      name,
      command: process.execPath,
      args: [...(options.nodeArgs ?? []), resolve(options.entry), ...(options.args ?? [])],
      cwd: options.cwd ?? process.cwd(),
      env: { ...(options.env ?? process.env), PORT: String(port) },
      stateDir,
      logFile,
      ready: async () => {
        const answer = await fetch(readyUrl, { signal: AbortSignal.timeout(5_000) })
        await answer.body?.cancel()
        return answer.status === 200
      },
      readyWithinMs: options.readyWithinMs ?? 60_000,
      stopWithinMs: options.stopWithinMs ?? 15_000,
      died: options.died ?? (() => undefined),
    },
    signal,
  )
  return {
    name,
    url,
    get pid() {
      return supervised.pid
    },
    get exited() {
      return supervised.exited
    },
    stop: () => supervised.stop(),
    kill: (sent) => supervised.kill(sent),
    restart: () => supervised.restart(),
  }
}
