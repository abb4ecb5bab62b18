import type { Writable } from 'node:stream'
import { styleText } from 'node:util'

/** Where a command reads its surroundings from and writes to; a test hands in its own. */
export type Terminal = {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Relative paths of arguments are meant from here. */
  readonly folder: string
  /** Aborted by Ctrl-C, and when nobody reads the output any more. */
  readonly stop: AbortSignal
  /** One line on stdout. Resolves when there is room for the next. */
  print(line: string): Promise<void>
  /** One line on stderr, for people. */
  tell(line: string): void
  /** Resolves when everything printed so far is out, or nobody reads it. */
  printed(): Promise<void>
  /** Bold where stdout is a terminal that shows colours. */
  strong(text: string): string
}

type Streams = { stdout: Writable; stderr: Writable }

/**
 * The terminal of a process. Closes quietly when the reader of stdout goes away (`varai tail | head`): `stop` is
 * aborted, and what is printed afterwards goes nowhere.
 */
export function createTerminal(
  options: Streams & Pick<Terminal, 'env' | 'folder'> & { stop: AbortController },
): Terminal {
  const { stdout, stderr, stop } = options
  let open = true
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    open = false
    stop.abort()
  })
  stderr.on('error', () => undefined)
  const write = (text: string) =>
    open ? new Promise<void>((resolve) => stdout.write(text, () => resolve())) : Promise.resolve()
  return {
    env: options.env,
    folder: options.folder,
    stop: stop.signal,
    print: (line) => write(`${line}\n`),
    printed: () => write(''),
    tell: (line) => void stderr.write(`${line}\n`),
    strong: (text) => styleText('bold', text, { stream: stdout }),
  }
}
