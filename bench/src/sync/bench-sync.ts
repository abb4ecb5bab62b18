import type { System } from '@varai/demo/system'
import { createCodec, createKafka, createPublisher, ensureTopics } from '@varai/kafka'
import { createLog } from '@varai/runtime'
import { changesTopic, topicCatalogue } from '@varai/schemas'
import { type AnyBulkWriteOperation, type Db, MongoClient } from 'mongodb'
import type { Bench, BenchOptions } from '../bench.ts'
import { type Contestant, type Measure, median, type Result, ratio, runInterleaved } from '../harness.ts'
import { speedTable } from '../report.ts'
import { withSystem } from '../with-system.ts'
import { names, prefixes, startSinks } from './sinks.ts'
import { type Route, type Written, workOff } from './work-off.ts'
import { createWorkload, type PreparedEvent, topic, type Workload } from './workload.ts'

const sizeOf = ({ events, quick }: BenchOptions): number => events ?? (quick ? 500 : 3_000)

export const benchSync: Bench = (options) =>
  withSystem({ ...options, services: [] }, async (system, close) => {
    const log = createLog({ service: 'bench', level: 'error' })
    const { kafka: broker, registry, mongo } = system.stack.addresses
    const codec = createCodec({ registryUrl: registry.url, log })
    await codec.prepare(['OrderStated'])
    const kafkaOf = (topicPrefix: string) =>
      createKafka({ brokers: broker.brokers, clientId: 'bench', topicPrefix }, log)
    for (const prefix of prefixes) await ensureTopics(kafkaOf(prefix), { catalogue: readBySyncCore(prefix) })
    const client = await new MongoClient(mongo.url, { ignoreUndefined: true }).connect()
    close(() => client.close())

    const routes: Route[] = []
    for (const sink of await startSinks(system, { ...options, close })) {
      const kafka = kafkaOf(sink.prefix)
      const publisher = createPublisher({ kafka, codec, log })
      await publisher.connect([])
      close(() => publisher.close())
      const orders = client.db(sink.database).collection<Written>('orders')
      routes.push({ sink, kafka, publisher, orders, databasePid: mongo.pid })
    }

    const count = sizeOf(options)
    const workloads = (['zipf', 'distinct'] as const).map((kind) => createWorkload(kind, count, codec))
    const outcomes: Outcome[] = []
    for (const workload of workloads) {
      options.progress(`${workload.name}: ${count} events a round`)
      outcomes.push(await compete(workload, routes, client.db('bench_floor'), options))
    }
    const lacking = await missing(routes, workloads)
    if (lacking.length > 0) throw new Error(`not a fair race: ${lacking.join('; ')}`)
    return {
      tables: outcomes.map(({ workload, results }) =>
        speedTable(`${titles[workload.name] ?? workload.name}, ${count} events a round`, results, names.bare),
      ),
      goals: [],
      notes: [
        ...outcomes.flatMap(({ workload, results }) => [
          `${workload.name}: ours is ${ratio(results, names.ours, names.bare).toFixed(2)}× the bare script and ${ratio(results, names.ours, names.connect).toFixed(2)}× Kafka Connect.`,
        ]),
        ...describe(system, outcomes, options),
        ...routes.map(({ sink }) => `${sink.name}: ${sink.note}.`),
      ],
      measured: outcomes.map(({ workload, results, databaseCores }) => ({
        workload: workload.name,
        results,
        databaseCores,
      })),
    }
  })

const titles: Readonly<Record<string, string>> = {
  zipf: 'Zipf: some orders are spoken of far more than others',
  distinct: 'All distinct: every event makes a new document',
}

/** The peers read one of the lanes only, and tell nobody what changed. */
const readBySyncCore = (prefix: string) =>
  topicCatalogue.filter(
    ({ name, readBy }) =>
      name === topic ||
      (prefix === prefixes[0] &&
        (readBy.some((group) => group.startsWith('sync-core')) || name === changesTopic || name.endsWith('-letters'))),
  )

type Outcome = {
  readonly workload: Workload
  readonly results: Result[]
  /** Cores that the database was busy with, by contestant. */
  readonly databaseCores: Readonly<Record<string, number>>
}

async function compete(
  workload: Workload,
  routes: readonly Route[],
  floor: Db,
  options: BenchOptions,
): Promise<Outcome> {
  const cores = new Map<string, number[]>()
  const contestant = (name: string, round: (events: readonly PreparedEvent[]) => Promise<Measure>): Contestant => {
    let number = 0
    return { name, round: () => round(workload.round(number++)) }
  }
  const sinks = routes.map((route) =>
    contestant(route.sink.name, async (events) => {
      const { databaseCores, ...measure } = await workOff(route, events)
      if (databaseCores !== undefined)
        cores.set(route.sink.name, [...(cores.get(route.sink.name) ?? []), databaseCores])
      return measure
    }),
  )
  const { rounds, progress } = options
  const replacing = contestant(names.database, (events) => writeOnly(floor, events, 'replace'))
  const inserting = contestant(names.inserting, (events) => writeOnly(floor, events, 'insert'))
  const alone = workload.name === 'distinct' ? [replacing, inserting] : [replacing]
  const results = await runInterleaved([...sinks, ...alone], { rounds, warmUp: 1, progress })
  const databaseCores = Object.fromEntries([...cores].map(([name, seen]) => [name, median(seen.slice(1))]))
  return { workload, results, databaseCores }
}

/** What the database takes when nothing else has to be done: the same documents, a thousand at a time. */
async function writeOnly(db: Db, events: readonly PreparedEvent[], how: 'replace' | 'insert'): Promise<Measure> {
  const orders = db.collection<Written>(`orders-${how}`)
  const began = performance.now()
  for (let from = 0; from < events.length; from += 1_000) {
    const last = new Map(events.slice(from, from + 1_000).map((event) => [event.entityId, event.value]))
    const writes: AnyBulkWriteOperation<Written>[] = [...last].map(([_id, value]) =>
      how === 'insert'
        ? { insertOne: { document: { _id, ...value } } }
        : { replaceOne: { filter: { _id }, replacement: { ...value }, upsert: true } },
    )
    await orders.bulkWrite(writes, { ordered: false })
  }
  return { events: events.length, wallMs: performance.now() - began }
}

/** Who did not write what it should have, in words. */
async function missing(routes: readonly Route[], workloads: readonly Workload[]): Promise<string[]> {
  const expected = workloads.reduce((sum, { orders }) => sum + orders, 0)
  const counts = await Promise.all(
    routes.map(async ({ sink, orders }) => ({ name: sink.name, found: await orders.countDocuments() })),
  )
  return counts
    .filter(({ found }) => found !== expected)
    .map(({ name, found }) => `${name} has ${found} of ${expected} orders`)
}

function describe(system: System, outcomes: readonly Outcome[], { rounds }: BenchOptions): string[] {
  const busy = outcomes.flatMap(({ workload, databaseCores }) =>
    Object.entries(databaseCores).map(([name, cores]) => `${name} ${workload.name} ${cores.toFixed(2)}`),
  )
  return [
    `Each contestant has topics (12 partitions), a group and a database of its own on the same broker and the same database server. It is held still while its lane is filled and measured from being let go until it has worked the lane off (lag 0); it stays warm between rounds. Medians of ${rounds} rounds in turns, after one to warm up.`,
    `Database: ${system.stack.chosen.mongo.detail}. Cores it was busy with: ${busy.join(', ') || 'unknown'}. "${names.database}" is one bulkWrite after another with nothing else to do, replacing as the peers do; "${names.inserting}" adds new documents as ours does where there is none yet. Where a contestant is near them and the database is not busy, it waits for the disk: every write is on it before it is acknowledged.`,
    'Kafka Connect runs on a JVM that has seen only the rounds before these: it becomes faster with millions of records, for which --events is there.',
  ]
}
