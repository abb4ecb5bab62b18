import type { Logger } from '@varai/runtime'
import { type logCreator, logLevel } from 'kafkajs'

/** What of kafkajs' entries is kept; the rest is stacks, whole assignments and request buffers. */
const kept = ['broker', 'groupId', 'memberId', 'topic', 'partition', 'retryCount', 'retryTime']

/** We do limit them, and take a new producer id after a failure instead (produce.ts). */
const answered = /^Limiting retries for the idempotent producer/

/**
 * kafkajs' log in ours. Its errors are warnings here: it retries nearly all of them, and what it gives up on reaches
 * us as a rejected promise or a crash event, where we log it as what it is.
 */
export function createKafkaLog(log: Logger): logCreator {
  return () =>
    ({ namespace, level, log: { message, ...extra } }) => {
      const entry: Record<string, unknown> = { kafkajs: namespace }
      for (const name of kept) if (extra[name] !== undefined) entry[name] = extra[name]
      if (typeof extra['error'] === 'string') entry['cause'] = extra['error']
      const text = `kafka.client: ${message}`
      if (level === logLevel.ERROR || (level === logLevel.WARN && !answered.test(message))) log.warn(entry, text)
      else log.debug(entry, text)
    }
}
