import { setTimeout as after } from 'node:timers/promises'
import type { System } from '@varai/demo/system'
import { workedOff } from '@varai/demo/worked-off'
import { createCodec, createKafka, createPublisher, type Publisher } from '@varai/kafka'
import { createLog } from '@varai/runtime'
import { recordNames } from '@varai/schemas'
import { type Db, MongoClient } from 'mongodb'
import type { Bench, BenchOptions } from '../bench.ts'
import { watchUsage } from '../process-usage.ts'
import { withSystem } from '../with-system.ts'
import { bareWrites } from './bare-writes.ts'
import { createWorkload, type PreparedEvent } from './workload.ts'

/** Events after which the time of an event is looked at; the first such number is the one that later ones are held to. */
const parts = 20
const sizeOf = ({ events, quick }: BenchOptions): number => events ?? (quick ? 10_000 : 1_000_000)
/** Half of what the publisher lets wait. */
const atOnce = 10_000

/** The database as `bench -- sync` has it. */
const stackEnv = { VARAI_MONGO_SERVER: 'secantus-rust' }

type Part = {
  events: number
  microsPerEvent: number
  cpuMicrosPerEvent: number | undefined
  peakRssMiB: number | undefined
}

/** What an event costs while the facts grow. */
export const benchAnalytics: Bench = (options) =>
  withSystem({ ...options, services: ['analytics'], stackEnv }, async (system, close) => {
    const log = createLog({ service: 'bench', level: 'error' })
    const { kafka: broker, registry, mongo } = system.stack.addresses
    const kafka = createKafka({ brokers: broker.brokers, clientId: 'bench' }, log)
    const codec = createCodec({ registryUrl: registry.url, log })
    const publisher = createPublisher({ kafka, codec, log })
    await publisher.connect(recordNames)
    close(() => publisher.close())
    const client = await new MongoClient(mongo.url).connect()
    close(() => client.close())
    const db = client.db(mongo.database)

    const size = Math.ceil(sizeOf(options) / parts)
    // About as many facts as these events are about, and a write for each fifth event.
    const { signal } = options
    const of = { inserts: Math.ceil(size / 5), updates: Math.ceil(size / 12), signal }
    await bareWrites(client.db('bench_bare'), { ...of, parts: 1 })
    const bare = await bareWrites(client.db('bench_bare'), { ...of, parts })
    options.progress(`database alone: ${bare.map((micros) => micros.toFixed(0)).join(', ')} µs a write`)
    const workload = createWorkload(codec, Date.now() - 2 * 24 * 3_600_000)
    const counted = async () => {
      await workedOff(kafka, 'analytics', options.signal)
      await untilNothingWaits(db, options.signal)
    }
    await publishAll(publisher, workload.frames())
    await counted()
    options.progress(`warm-up: ${size} events`)
    await publishAll(publisher, workload.next(size))
    await counted()
    const measured: Part[] = []
    for (let part = 1; part <= parts; part += 1) {
      const taken = await measure(system, publisher, workload.next(size), counted)
      measured.push({ events: part * size, ...taken })
      options.progress(`${part * size} events: ${taken.microsPerEvent.toFixed(0)} µs an event`)
    }
    const facts = await countFacts(db)
    if (facts !== workload.spokenOf) throw new Error(`${facts} facts of ${workload.spokenOf} sessions and orders`)
    const [first, last] = [measured[0], measured.at(-1)]
    if (first === undefined || last === undefined) throw new Error('nothing was measured')
    return {
      tables: [
        {
          title: `The time of an event while facts grow, ${size} events at a time`,
          head: [
            ...['events before and with these', 'µs/event', '× the first', 'CPU µs/event', 'peak MiB'],
            ...['database alone, µs/write', '× the first'],
          ],
          rows: measured.map(({ events, microsPerEvent, cpuMicrosPerEvent, peakRssMiB }, at) => [
            ...[String(events), microsPerEvent.toFixed(0), (microsPerEvent / first.microsPerEvent).toFixed(2)],
            ...[cpuMicrosPerEvent?.toFixed(0) ?? '–', peakRssMiB?.toFixed(0) ?? '–'],
            ...[bare[at]?.toFixed(0) ?? '–', ((bare[at] ?? Number.NaN) / (bare[0] ?? Number.NaN)).toFixed(2)],
          ]),
        },
      ],
      goals: [
        {
          what: `time of an event at ${last.events} events beside that at ${first.events}`,
          ...{ seen: last.microsPerEvent / first.microsPerEvent, unit: '×', atMost: 1.3 },
        },
      ],
      notes: [
        `Sessions and orders of three stores, 17,000 sessions an hour, ${facts} facts in the end, one event of fifty about a session of any time before. The service is held still (SIGSTOP) while its lanes are filled, and measured from being let go until everything is read and counted into the rows.`,
        `Database alone: before all of this, a bare script inserts ${of.inserts} documents of the size and with the indexes of facts for each part, and updates ${of.updates} by id and version, a thousand at once: what grows there is not ours.`,
        `Database: ${system.stack.chosen.mongo.detail}.`,
      ],
      measured: { ours: measured, bare },
    }
  })

async function measure(
  system: System,
  publisher: Publisher,
  events: readonly PreparedEvent[],
  counted: () => Promise<void>,
): Promise<Omit<Part, 'events'>> {
  const service = system.service('analytics')
  await service.kill('SIGSTOP')
  try {
    await publishAll(publisher, events)
  } catch (error) {
    await service.kill('SIGCONT')
    throw error
  }
  const usage = await watchUsage(service.pid)
  const began = performance.now()
  await service.kill('SIGCONT')
  await counted()
  const wallMs = performance.now() - began
  const { cpuMs, peakRssMiB } = await usage()
  return {
    microsPerEvent: (1_000 * wallMs) / events.length,
    cpuMicrosPerEvent: cpuMs === undefined ? undefined : (1_000 * cpuMs) / events.length,
    peakRssMiB,
  }
}

async function publishAll(publisher: Publisher, events: readonly PreparedEvent[]): Promise<void> {
  for (let from = 0; from < events.length; from += atOnce)
    await Promise.all(events.slice(from, from + atOnce).map((event) => publisher.publishRaw(event)))
}

const kinds = ['session', 'order', 'product'].map((kind) => `analytics_${kind}_facts`)

async function untilNothingWaits(db: Db, signal: AbortSignal): Promise<void> {
  for (;;) {
    const waiting = await Promise.all(
      kinds.map((kind) => db.collection(kind).findOne({ waits: true }, { projection: { _id: 1 } })),
    )
    if (waiting.every((one) => one === null)) return
    await after(100, undefined, { signal })
  }
}

async function countFacts(db: Db): Promise<number> {
  const counts = await Promise.all(kinds.slice(0, 2).map((kind) => db.collection(kind).countDocuments()))
  return counts.reduce((sum, count) => sum + count, 0)
}
