import { PassThrough } from 'node:stream'
import { run } from './run.ts'
import { createTerminal, type Terminal } from './terminal.ts'

/** For tests: a terminal that is none, and what was written to it. */
export function recordTerminal(env: Terminal['env'] = {}, folder = import.meta.dirname) {
  const [stdout, stderr] = [new PassThrough({ highWaterMark: 2 ** 24 }), new PassThrough({ highWaterMark: 2 ** 24 })]
  const stop = new AbortController()
  const read = (stream: PassThrough, seen: string[]) => {
    stream.setEncoding('utf8').on('data', (text: string) => seen.push(text))
    return () => seen.join('')
  }
  return {
    terminal: createTerminal({ stdout, stderr, stop, env, folder }),
    stdout: read(stdout, []),
    stderr: read(stderr, []),
    stop: () => stop.abort(),
  }
}

/** For tests: runs one command line to its end. */
export async function runWords(words: readonly string[], env: Terminal['env'] = {}, folder?: string) {
  const recorded = recordTerminal(env, folder)
  const exitCode = await run(words, recorded.terminal)
  return { exitCode, stdout: recorded.stdout(), stderr: recorded.stderr() }
}
