import { errorText, StartRefused } from '@varai/runtime'
import { CommanderError } from 'commander'
import { createProgram } from './program.ts'
import { Refusal } from './refusal.ts'
import type { Terminal } from './terminal.ts'

/** Runs one command line (the words after the program's name) and resolves with its exit code: 0, 1 or 2. */
export async function run(words: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode = 0
  const program = createProgram(terminal, (code) => {
    exitCode = code
  })
  try {
    await program.parseAsync([...words], { from: 'user' })
  } catch (error) {
    exitCode = explain(error, terminal)
  }
  await terminal.printed()
  return exitCode
}

function explain(error: unknown, terminal: Terminal): number {
  // Help and versions also come this way, with 0; commander has already said what was wrong with a command line.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (error instanceof Refusal) {
    terminal.tell(`varai: ${error.message}`)
    return error.exitCode
  }
  terminal.tell(`varai: ${error instanceof StartRefused ? error.message : errorText(error)}`)
  return 1
}
