import { setTimeout as wait } from 'node:timers/promises'
import { type KafkaConnection, topicsInfo } from '@varai/kafka'

/**
 * Resolves when a service has committed every record of the topics that its groups read. What is published meanwhile
 * counts too, so call it when nothing more is being sent. Rejects when the signal says so.
 */
export async function workedOff(kafka: KafkaConnection, service: string, signal: AbortSignal): Promise<void> {
  while ((await lagOf(kafka, service)) > 0) await wait(100, undefined, { signal })
}

/** Records that the groups of a service have not committed yet. */
async function lagOf(kafka: KafkaConnection, service: string): Promise<number> {
  const groups = (await topicsInfo(kafka)).flatMap((topic) => topic.groups)
  const ours = groups.filter(({ group }) => group.startsWith(`${service}.`))
  // Groups that have not joined yet are not listed: nothing is worked off before they are.
  return ours.length === 0 ? Number.POSITIVE_INFINITY : ours.reduce((sum, { lag }) => sum + lag, 0)
}
