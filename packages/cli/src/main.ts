import { run } from './run.ts'
import { createTerminal } from './terminal.ts'

const stop = new AbortController()
// The first Ctrl-C lets a command end in order; a later one is for a command that hangs. One Ctrl-C may arrive several
// times at once: from the terminal, and handed on by npm.
let askedAt = 0
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    if (stop.signal.aborted && performance.now() - askedAt > 500) process.exit(1)
    if (!stop.signal.aborted) askedAt = performance.now()
    stop.abort()
  })

const terminal = createTerminal({
  stdout: process.stdout,
  stderr: process.stderr,
  stop,
  env: process.env,
  // npm changes to the root of the repository first, and tells where it was called.
  folder: process.env['INIT_CWD'] ?? process.cwd(),
})
process.exit(await run(process.argv.slice(2), terminal))
