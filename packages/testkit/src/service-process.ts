import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { waitUntil } from './wait-until.ts'

/** A program of ours as its own process, with what it said so far. */
export type ServiceProcess = {
  readonly pid: number
  /** Lines of stdout, one JSON object each where the program logs as services do. */
  readonly lines: readonly string[]
  /** All of stderr. */
  readonly errors: () => string
  /** Resolves with the first JSON log line with that `msg`; rejects when the process ends without it. */
  logged(msg: string): Promise<Record<string, unknown>>
  /** Resolves with the exit code when the process ends by itself; null when it was killed. */
  ended(): Promise<number | null>
  /** Sends the signal (SIGTERM unless told) where the process still runs; resolves with its exit code, null after a kill. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/**
 * Starts `main` (the path of a TypeScript file) with this Node and only the given environment, so that nothing of the
 * developer's shell decides a test. Always `stop` it.
 */
export function startServiceProcess(main: string, env: Readonly<Record<string, string>>): ServiceProcess {
  const child = spawn(process.execPath, [main], { env: { PATH: process.env['PATH'] ?? '', ...env }, stdio: 'pipe' })
  const lines: string[] = []
  let errors = ''
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const exited = once(child, 'close')
  const running = () => child.exitCode === null && child.signalCode === null

  return {
    pid: child.pid ?? 0,
    lines,
    errors: () => errors,
    logged: (msg) =>
      waitUntil(
        () => {
          const found = lines.map(parseObject).find((line) => line?.['msg'] === msg)
          if (found === undefined && !running()) return { ended: true as const }
          return found && { found }
        },
        { what: `${msg} logged` },
      ).then((answer) => {
        if ('found' in answer) return answer.found
        throw new Error(
          `ended with ${child.exitCode ?? child.signalCode} before it logged ${msg}: ${errors}${lines.at(-1)}`,
        )
      }),
    ended: () => exited.then(() => child.exitCode),
    async stop(signal = 'SIGTERM') {
      if (running()) child.kill(signal)
      await exited
      return child.exitCode
    },
  }
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(line)
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : undefined
  } catch {
    return undefined
  }
}
