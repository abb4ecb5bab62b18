import { setTimeout as after } from 'node:timers/promises'
import { type KafkaConnection, type Publisher, topicsInfo } from '@varai/kafka'
import type { Collection } from 'mongodb'
import type { Measure } from '../harness.ts'
import { lastOfPartitions } from '../peers/last-of-partitions.ts'
import { watchUsage } from '../process-usage.ts'
import type { Sink } from './sinks.ts'
import { type PreparedEvent, topic } from './workload.ts'

/** A document as one of the sinks writes it. */
export type Written = { readonly _id: string; readonly eventId?: string }

export type Route = {
  readonly sink: Sink
  /** Those of the sink's prefix. */
  readonly kafka: KafkaConnection
  readonly publisher: Publisher
  /** Where the sink puts what is about orders or customers. */
  readonly documents: (about: 'orders' | 'customers') => Collection<Written>
  readonly databasePid: number | undefined
}

const patienceMs = 300_000
const lookEveryMs = 100
/** Half of what the publisher lets wait. */
const atOnce = 10_000

/**
 * One round: the sink is held still (SIGSTOP), its lane filled, and the sink let go; measured until it has worked off
 * everything. So neither its start nor the publishing is part of the figure, and it stays warm between rounds.
 */
export async function workOff(
  { sink, kafka, publisher, documents, databasePid }: Route,
  events: readonly PreparedEvent[],
  about: 'orders' | 'customers',
): Promise<Measure & { databaseCores?: number }> {
  const done = sink.group === undefined ? whenWritten(documents(about), events) : whenCommitted(kafka, sink.group)
  await sink.service.kill('SIGSTOP')
  try {
    for (let from = 0; from < events.length; from += atOnce) {
      const some = events.slice(from, from + atOnce)
      await Promise.all(some.map(({ key, bytes }) => publisher.publishRaw({ topic, key: String(key), bytes })))
    }
  } catch (error) {
    await sink.service.kill('SIGCONT')
    throw error
  }
  const usage = await watchUsage(sink.service.pid)
  const databaseUsage = databasePid === undefined ? undefined : await watchUsage(databasePid)
  const began = performance.now()
  await sink.service.kill('SIGCONT')
  while (!(await done())) {
    if (performance.now() - began > patienceMs) throw new Error(`${sink.name} did not work its lane off in time`)
    await after(lookEveryMs)
  }
  const wallMs = performance.now() - began
  const { cpuMs } = (await databaseUsage?.()) ?? {}
  return {
    ...{ events: events.length, wallMs, ...(await usage()) },
    ...(cpuMs === undefined ? {} : { databaseCores: cpuMs / wallMs }),
  }
}

const whenCommitted = (kafka: KafkaConnection, group: string) => async (): Promise<boolean> => {
  const found = (await topicsInfo(kafka)).find(({ name }) => name === topic)
  return found?.groups.find((of) => of.group === group)?.lag === 0
}

/** Kafka Connect's documents are the events, with the record's key for an id. */
function whenWritten(documents: Collection<Written>, events: readonly PreparedEvent[]) {
  const last = lastOfPartitions(events, 12)
  const expected = new Set(last.map(({ eventId }) => eventId))
  const ids = last.map(({ key }) => String(key))
  return async (): Promise<boolean> => {
    const found = await documents.find({ _id: { $in: ids } }, { projection: { eventId: 1 } }).toArray()
    return found.filter(({ eventId }) => eventId !== undefined && expected.has(eventId)).length === expected.size
  }
}
