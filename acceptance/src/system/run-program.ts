import { type ChildProcess, spawn } from 'node:child_process'

export type Ended = { code: number | null; seconds: number; output: string }

/** Runs a program to its end; resolves with its exit code and everything that it wrote. Rejects when it cannot start. */
export async function runProgram(
  command: string,
  args: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<Ended> {
  const began = performance.now()
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  const { output, code } = await ended(child)
  return { code, seconds: (performance.now() - began) / 1000, output }
}

/** Resolves when the program has ended and its output is read. */
export async function ended(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => (output += text))
  const code = await new Promise<number | null>((done, failed) => child.on('error', failed).on('close', done))
  return { code, output }
}
