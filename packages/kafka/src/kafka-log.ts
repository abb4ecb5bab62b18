import type { Logger } from '@varai/runtime'
import { type logCreator, logLevel } from 'kafkajs'

/** What of kafkajs' entries is kept; the rest is stacks, whole assignments and request buffers. */
const kept = ['broker', 'groupId', 'memberId', 'topic', 'partition', 'retryCount', 'retryTime']

/** We do limit them, and take a new producer id after a failure instead (produce.ts). */
const answered = /^Limiting retries for the idempotent producer/

const quietForMs = 10_000
const mostRemembered = 200

/**
 * kafkajs' log in ours. Its errors are warnings here: it retries nearly all of them, and what it gives up on reaches
 * us as a rejected promise or a crash event, where we log it as what it is. During an outage it says the same many
 * times a second; each is then written once in ten seconds, with how often it was said since.
 */
export function createKafkaLog(log: Logger, now: () => number = Date.now): logCreator {
  const said = new Map<string, { at: number; repeated: number }>()

  /** How often it was said since it was last written; undefined when it is too early to write it again. */
  function repetitions(text: string): number | undefined {
    const last = said.get(text)
    if (last !== undefined && now() - last.at < quietForMs) {
      last.repeated += 1
      return undefined
    }
    if (said.size >= mostRemembered) said.clear()
    said.set(text, { at: now(), repeated: 0 })
    return last?.repeated ?? 0
  }

  return () =>
    ({ namespace, level, log: { message, ...extra } }) => {
      const entry: Record<string, unknown> = { kafkajs: namespace }
      for (const name of kept) if (extra[name] !== undefined) entry[name] = extra[name]
      if (typeof extra['error'] === 'string') entry['cause'] = extra['error']
      const text = `kafka.client: ${message}`
      const isWarning = level === logLevel.ERROR || (level === logLevel.WARN && !answered.test(message))
      if (!isWarning) return log.debug(entry, text)
      const repeated = repetitions(`${namespace} ${message} ${String(entry['cause'] ?? '')}`)
      if (repeated === undefined) return log.debug(entry, text)
      log.warn(repeated === 0 ? entry : { ...entry, repeated }, text)
    }
}
