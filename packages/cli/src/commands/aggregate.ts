import { setTimeout as after } from 'node:timers/promises'
import { createCodec, createKafka, createPublisher } from '@varai/kafka'
import { type Environment, kafkaSettings, mongoSettings } from '@varai/runtime'
import { type AggregationRequested, type Draft, eventKey, laneTopic } from '@varai/schemas'
import { readSettings } from '../addresses.ts'
import { withDatabase } from '../document-store.ts'
import { printable } from '../pure/printable.ts'
import type { Terminal } from '../terminal.ts'
import { createTerminalLog } from '../terminal-log.ts'

/** Hours from `from` (included) to `to` (not included), epoch ms. */
export type AggregateOptions = { from: number; to: number; wait: boolean }

/** Whoever counts looks for requests when nothing waits to be counted. */
const answeredWithinMs = 60_000

/** Asks that the rows of some hours be made again from their facts. Exit code 1 when nobody has done it yet. */
export async function aggregate(
  terminal: Terminal,
  env: Environment,
  { from, to, wait }: AggregateOptions,
): Promise<0 | 1> {
  const { kafka: settings, mongo } = readSettings(env, { kafka: kafkaSettings, mongo: mongoSettings })
  const log = createTerminalLog(terminal)
  const kafka = createKafka({ ...settings, clientId: 'varai' }, log)
  const publisher = createPublisher({ kafka, codec: createCodec({ registryUrl: settings.registryUrl, log }), log })
  const value = requestOf(from, to, Date.now())
  try {
    await publisher.connect(['AggregationRequested'])
    await publisher.publish({ topic: laneTopic('low'), key: eventKey(value), record: 'AggregationRequested', value })
  } finally {
    await publisher.close()
  }
  await terminal.print(`asked: ${printable(value.entityId)}`)
  if (!wait) return 0
  const done = await withDatabase(mongo, async (db) => {
    const requests = db.collection<{ _id: string; doneAt?: Date; rows?: number; repaired?: number }>(
      'analytics_requests',
    )
    const signal = AbortSignal.any([terminal.stop, AbortSignal.timeout(answeredWithinMs)])
    for (;;) {
      const found = await requests.findOne({ _id: value.eventId, doneAt: { $exists: true } })
      if (found !== null || signal.aborted) return found
      await after(200)
    }
  })
  if (done === null) {
    terminal.tell('varai: not done yet; it is kept and will be done when analytics runs')
    return 1
  }
  await terminal.print(
    `done: ${done.rows ?? 0} rows, ${done.repaired ?? 0} of them showed anything else than their facts`,
  )
  return 0
}

function requestOf(from: number, to: number, at: number): Draft<AggregationRequested> {
  const entityId = `${new Date(from).toISOString()}..${new Date(to).toISOString()}`
  return {
    ...{ eventId: `varai|analytics|operator|${at}`, eventName: 'analytics_aggregation', eventType: 'update' },
    ...{ entityType: 'analytics', entityId, source: 'varai', merchantId: 'varai', storeId: 'analytics' },
    ...{ priority: 'low', platformAt: at, at, ingestedAt: at, origin: 'api', from, to, reason: 'operator' },
  }
}
