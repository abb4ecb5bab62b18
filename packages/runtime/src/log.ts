import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino'
import { describeError } from './describe-error.ts'

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
  const settings = {
    level: options.level ?? 'info',
    base: { service: options.service },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: describeError, error: describeError },
    redact: { paths: neverLogged.flatMap((key) => [key, `*.${key}`]), censor: '[not logged]' },
  }
  return options.destination === undefined ? pino(settings) : pino(settings, options.destination)
}

/** VARAI_LOG_LEVEL as the log needs it before the configuration is read; what is not a level reads as `info`. */
export function logLevelFrom(env: Readonly<Record<string, string | undefined>>): LogLevel {
  return logLevels.find((level) => level === env.VARAI_LOG_LEVEL) ?? 'info'
}
