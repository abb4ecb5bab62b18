import { execa } from 'execa'
import type { Report } from '../progress.ts'
import { seconds } from '../progress.ts'

type Tool = {
  command: string
  args: readonly string[]
  cwd: string
  env: NodeJS.ProcessEnv
  /** What is being done, for the lines that say it still goes on: `downloading Kafka 4.1.0`. */
  doing: string
  report: Report
  signal: AbortSignal
  /** Turns what the tool prints into what is said every five seconds, beyond the time: `12 files, 8.1 MB`. */
  watch?: (line: string) => string | undefined
}

const saidEveryMs = 5_000

/** Runs a tool to its end, saying every five seconds how far it is. Throws with what it printed last when it fails. */
export async function runTool(tool: Tool): Promise<void> {
  const began = Date.now()
  let soFar: string | undefined
  const said = setInterval(() => {
    const far = soFar === undefined ? '' : `${soFar}, `
    tool.report('installing', `${tool.doing} … ${far}${seconds(Date.now() - began)}`)
  }, saidEveryMs)
  const lines: string[] = []
  try {
    const running = execa(tool.command, tool.args, {
      cwd: tool.cwd,
      env: tool.env,
      extendEnv: false,
      all: true,
      stdin: 'ignore',
      reject: false,
      cancelSignal: tool.signal,
      gracefulCancel: false,
      // The lines are followed below; keeping them twice would serve nobody.
      buffer: false,
    })
    for await (const line of running.iterable({ from: 'all' })) {
      soFar = tool.watch?.(line) ?? soFar
      lines.push(line)
      if (lines.length > 40) lines.shift()
    }
    const ended = await running
    tool.signal.throwIfAborted()
    if (ended.failed) {
      const cause = ended.exitCode === undefined ? (ended.shortMessage ?? '') : `exit code ${ended.exitCode}`
      throw new Error(
        `${tool.doing} failed (${tool.command}: ${cause}):\n${lines.join('\n').replaceAll(/^/gm, '  | ')}`,
      )
    }
  } finally {
    clearInterval(said)
  }
}

/** What a tool prints (both streams), or undefined when it is not there or fails. For asking versions. */
export async function askTool(command: string, args: readonly string[], env: NodeJS.ProcessEnv) {
  const answer = await execa(command, args, {
    env,
    extendEnv: false,
    all: true,
    reject: false,
    stdin: 'ignore',
    timeout: 20_000,
  })
  return answer.failed ? undefined : answer.all
}
