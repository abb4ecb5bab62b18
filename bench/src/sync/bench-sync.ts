import type { System } from '@varai/demo/system'
import {
  buildSecantusRust,
  ensureTools,
  findCacheDir,
  mongodVersion,
  type Report,
  secantusRustNeeds,
} from '@varai/dev-stack/install'
import { createCodec, createKafka, createPublisher, ensureTopics } from '@varai/kafka'
import { createLog } from '@varai/runtime'
import { changesTopic, topicCatalogue } from '@varai/schemas'
import { MongoClient } from 'mongodb'
import type { Bench, BenchOptions } from '../bench.ts'
import { type Measure, median, type Result, ratio, runInterleaved } from '../harness.ts'
import { installConnect } from '../peers/install-connect.ts'
import { type Findings, type Goal, speedTable, type Table } from '../report.ts'
import { withSystem } from '../with-system.ts'
import { profileOurs } from './profile-ours.ts'
import { names, prefixes, startSinks } from './sinks.ts'
import { type Route, type Written, workOff } from './work-off.ts'
import { createWorkload, topic, type Workload, type WorkloadSpec } from './workload.ts'

const minute = 60_000

/** At its default size: a million events about orders, and enough of the others for a median; 25 minutes in all. */
function workloadsOf({ events, rounds, quick }: BenchOptions): WorkloadSpec[] {
  const few = events ?? (quick ? 500 : 10_000)
  const many = events ?? (quick ? 500 : 50_000)
  return [
    {
      ...{ name: 'zipf', title: 'orders, some spoken of far more than others', about: 'orders' },
      ...{ entities: 2 * many, events: many, rounds: quick ? rounds : 4 * rounds, withinMs: 19 * minute },
    },
    {
      ...{ name: 'distinct', title: 'orders, each event a new one', about: 'orders' },
      ...{ events: few, rounds, withinMs: 3 * minute },
    },
    {
      ...{ name: 'customers', title: 'customers, some spoken of far more than others', about: 'customers' },
      ...{ entities: few, events: few, rounds, withinMs: 3 * minute },
    },
  ]
}

/** What takes minutes the first time: the database, built from its source, and Kafka Connect. */
export async function installSync(options: BenchOptions): Promise<void> {
  await installDatabase(options)
  await installConnect(options)
}

/** The database that writes faster, built from its source. */
export async function installDatabase({ signal, stateDir, progress }: BenchOptions): Promise<void> {
  const env = process.env
  const report: Report = (_kind, text) => progress(`database: ${text}`)
  const cacheDir = await findCacheDir(env, stateDir)
  await ensureTools(await secantusRustNeeds({ cacheDir }), env, report, signal)
  await buildSecantusRust({ cacheDir, env, report, signal })
}

/** Once on SecantusDB's Rust server, and once more on a mongod where there is one on PATH. */
export const benchSync: Bench = async (options) => {
  const onRust = await raceOn({ VARAI_MONGO_SERVER: 'secantus-rust' }, options)
  if ((await mongodVersion(process.env)) === undefined) return onRust
  const onMongod = await raceOn({ VARAI_STACK_MODE: 'native' }, options)
  const named = onMongod.tables.map((table) => ({ ...table, title: `mongod: ${table.title}` }))
  return {
    tables: [...onRust.tables, ...named],
    goals: [...onRust.goals, ...onMongod.goals.map((goal) => ({ ...goal, what: `mongod: ${goal.what}` }))],
    notes: [...onRust.notes, ...onMongod.notes.map((note) => `mongod: ${note}`)],
    measured: { rust: onRust.measured, mongod: onMongod.measured },
  }
}

const raceOn = (stackEnv: NodeJS.ProcessEnv, options: BenchOptions): Promise<Findings> =>
  withSystem({ ...options, services: [], stackEnv }, async (system, close) => {
    const log = createLog({ service: 'bench', level: 'error' })
    const { kafka: broker, registry, mongo } = system.stack.addresses
    const codec = createCodec({ registryUrl: registry.url, log })
    await codec.prepare(['OrderStated', 'CustomerStated'])
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
      const db = client.db(sink.database)
      const documents = (about: string) => db.collection<Written>(sink.collection ?? about)
      routes.push({ sink, kafka, publisher, documents, databasePid: mongo.pid })
    }

    const workloads = workloadsOf(options).map((spec, number) => createWorkload(spec, number, codec))
    const outcomes: Outcome[] = []
    for (const workload of workloads) {
      options.progress(`${workload.title}: ${workload.rounds} rounds of ${workload.events} events`)
      outcomes.push(await compete(workload, routes, options))
    }
    const lacking = await missing(routes, workloads)
    if (lacking.length > 0) throw new Error(`not a fair race: ${lacking.join('; ')}`)
    const profiles: Table[] = []
    for (const route of routes.filter(({ sink }) => sink.name === names.ours)) {
      for (const workload of workloads) {
        options.progress(`profile: ${workload.title}`)
        await route.sink.service.stop()
        profiles.push(await profileOurs(system, { ...options, close }, route, workload))
      }
    }
    return {
      tables: [...outcomes.map(tableOf), ...profiles],
      goals: outcomes.flatMap(goalsOf),
      notes: [...describe(system, outcomes), ...routes.map(({ sink }) => `${sink.name}: ${sink.note}.`)],
      measured: outcomes.map(({ workload: { name, title, events }, results, databaseCores }) => ({
        ...{ workload: name, title, events, results, databaseCores },
      })),
    }
  })

const warmUpRounds = 1

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

async function compete(workload: Workload, routes: readonly Route[], { progress }: BenchOptions): Promise<Outcome> {
  const cores = new Map<string, number[]>()
  const contestants = routes.map((route) => {
    const { name } = route.sink
    let number = 0
    return {
      name,
      async round(): Promise<Measure> {
        const { databaseCores, ...measure } = await workOff(route, workload.round(number++), workload.about)
        if (databaseCores !== undefined) cores.set(name, [...(cores.get(name) ?? []), databaseCores])
        return measure
      },
    }
  })
  const { rounds, withinMs } = workload
  const results = await runInterleaved(contestants, { rounds, withinMs, warmUp: warmUpRounds, progress })
  const databaseCores = Object.fromEntries([...cores].map(([name, seen]) => [name, median(seen.slice(warmUpRounds))]))
  return { workload, results, databaseCores }
}

const tableOf = ({ workload: { title, entities, events }, results }: Outcome): Table =>
  speedTable(
    `${title}: ${results[0]?.rounds.length} rounds of ${events}${entities === undefined ? '' : ` about ${entities}`}`,
    results,
    names.connect,
  )

function goalsOf({ workload, results }: Outcome): Goal[] {
  const speed = ratio(results, names.ours, names.connect)
  const cpuOf = (name: string) => results.find((result) => result.name === name)?.median.cpuMicrosPerEvent ?? Number.NaN
  switch (workload.name) {
    case 'zipf':
      return [
        { what: `${workload.title}: ours over Kafka Connect`, seen: speed, atLeast: 1.3 },
        {
          what: `${workload.title}: CPU of an event, ours over Kafka Connect's`,
          seen: cpuOf(names.ours) / cpuOf(names.connect),
          atMost: 1,
        },
      ]
    case 'distinct':
      return [{ what: `${workload.title}: ours over Kafka Connect`, seen: speed, atLeast: 0.6 }]
    default:
      return []
  }
}

/** Who did not write what it should have, in words. */
async function missing(routes: readonly Route[], workloads: readonly Workload[]): Promise<string[]> {
  const found = await Promise.all(
    routes.map(async ({ sink, documents }) => {
      const places = new Map(workloads.map(({ about }) => [documents(about).namespace, documents(about)]))
      const counts = await Promise.all([...places.values()].map((place) => place.countDocuments()))
      return { name: sink.name, count: counts.reduce((sum, count) => sum + count, 0) }
    }),
  )
  const expected = workloads.reduce((sum, { spokenOf }) => sum + spokenOf, 0)
  return found
    .filter(({ count }) => count !== expected)
    .map(({ name, count }) => `${name} has ${count} of ${expected} documents`)
}

function describe(system: System, outcomes: readonly Outcome[]): string[] {
  const speeds = outcomes.map(
    ({ workload, results }) =>
      `${workload.title}: ours is ${ratio(results, names.ours, names.connect).toFixed(2)}× Kafka Connect and ${ratio(results, names.ours, names.bare).toFixed(2)}× the bare script`,
  )
  const busy = outcomes.flatMap(({ workload, databaseCores }) =>
    Object.entries(databaseCores).map(([name, cores]) => `${name} ${workload.name} ${cores.toFixed(2)}`),
  )
  return [
    `${speeds.join('; ')}.`,
    'Each contestant has topics (12 partitions), a group and a database of its own on the same broker and the same database server. It is held still while its lane is filled and measured from being let go until it has worked the lane off (lag 0); it stays warm between rounds. Medians of rounds in turns, after one to warm up.',
    `Database: ${system.stack.chosen.mongo.detail}, which acknowledges what is on the disk, the same for all. Cores it was busy with: ${busy.join(', ') || 'unknown'}.`,
    'Kafka Connect decodes the same Avro, with the schemas of the same registry.',
    'An event about an order is a record, one about a customer its user document as well; what a batch touched is told on varai.changes before its offsets are committed. The peers write one document for each event and tell nobody.',
    'Profiles: ours alone, started anew, the second of two rounds; what Node does is counted where it was called.',
  ]
}
