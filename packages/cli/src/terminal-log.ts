import { createLog, type Logger, logLevelFrom } from '@varai/runtime'
import type { Terminal } from './terminal.ts'

/** The log of what a command works with: silent unless VARAI_LOG_LEVEL asks for it, and then on stderr. */
export function createTerminalLog(terminal: Terminal): Logger {
  const level = terminal.env['VARAI_LOG_LEVEL'] ? logLevelFrom(terminal.env) : 'silent'
  return createLog({ service: 'varai', level, destination: { write: (line) => terminal.tell(line.trimEnd()) } })
}
