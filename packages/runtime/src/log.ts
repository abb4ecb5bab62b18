import {
  type DestinationStream,
  destination,
  type LogFn,
  type Logger,
  type LoggerOptions,
  pino,
  stdTimeFunctions,
} from 'pino'
import { describeError, errorText } from './describe-error.ts'

export type { Logger } from 'pino'

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

/**
 * Keys under which a payload, a secret or a person could reach a log line by accident. The rule is that nobody logs
 * them; this is the net below the rule, at the top of a line and one level down.
 */
const neverLogged = [
  ...['body', 'rawBody', 'payload', 'headers', 'document', 'value', 'config', 'env'],
  ...['email', 'phone', 'firstName', 'lastName', 'address', 'addresses', 'conversationHistory'],
  ...['password', 'secret', 'secrets', 'token', 'accessToken', 'authorization', 'cookie', 'masterKey'],
]

/**
 * The log of one service: JSON lines on stdout, with time, level name and service. Errors go under `err` and are
 * reduced to type, message, code, stack and causes (clients hang whole documents on their errors).
 */
export function createLog(options: {
  readonly service: string
  readonly level?: LogLevel
  readonly destination?: DestinationStream
}): Logger {
  const settings: LoggerOptions = {
    level: options.level ?? 'info',
    base: { service: options.service },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: describeError, error: describeError },
    hooks: { logMethod: nameUnnamedError },
    redact: { paths: neverLogged.flatMap((key) => [key, `*.${key}`]), censor: '[not logged]' },
  }
  // Written before the call returns: a line still in flight at the exit is lost or comes out of order.
  return pino(settings, options.destination ?? destination({ dest: 1, sync: true }))
}

/** An error logged without words would have its message, unmasked, as the words of the line. */
function nameUnnamedError(this: Logger, args: Parameters<LogFn>, method: LogFn): void {
  const [first, ...rest]: unknown[] = args
  const error =
    first instanceof Error ? first : typeof first === 'object' && first && 'err' in first ? first.err : undefined
  if (rest.length > 0 || !(error instanceof Error)) method.apply(this, args)
  else method.apply(this, [first instanceof Error ? { err: first } : first, errorText(error)])
}

/** VARAI_LOG_LEVEL as the log needs it before the configuration is read; what is not a level reads as `info`. */
export function logLevelFrom(env: Readonly<Record<string, string | undefined>>): LogLevel {
  return logLevels.find((level) => level === env.VARAI_LOG_LEVEL) ?? 'info'
}
