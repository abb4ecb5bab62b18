import { execFile } from 'node:child_process'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { nodeArgs as nodeArgsOf, root, type System } from '@varai/demo/system'
import { type Service, startService } from '@varai/dev-stack'
import type { BenchOptions } from '../bench.ts'
import { installConnect } from '../peers/install-connect.ts'
import { topic } from './workload.ts'

/** A process that works a lane off into a database of its own. */
export type Sink = {
  readonly name: (typeof names)[keyof typeof names]
  readonly note: string
  readonly service: Service
  /** Before its topics and its group: each reads its own. */
  readonly prefix: string
  readonly database: string
  /** Its group, without the prefix, where it commits as it goes; undefined where it commits by the clock. */
  readonly group: string | undefined
  /** Peers put whatever comes into one collection; ours is undefined, for it knows what is what. */
  readonly collection?: string
}

export const names = {
  ours: 'ours',
  bare: 'bare script',
  connect: 'Kafka Connect',
  database: 'database alone',
} as const

type Making = BenchOptions & { readonly close: (stop: () => Promise<unknown>) => void }

/** Starts all three; resolves when each has joined its group. Their topics exist. */
export async function startSinks(system: System, options: Making): Promise<Sink[]> {
  const [ours, bare, connect] = [
    await startOurs(system, options),
    await startBare(system, options),
    await startConnect(system, options),
  ]
  return [ours, bare, connect]
}

export const prefixes = ['ours.', 'bare.', 'connect.'] as const

/** Ours; with `nodeArgs`, e.g. so that it is profiled. The indexes of its database are made first. */
export async function startOurs(
  system: System,
  options: Making & { readonly nodeArgs?: readonly string[] },
): Promise<Sink> {
  const [prefix, database] = [prefixes[0], 'bench_ours']
  const env = { ...system.env, VARAI_TOPIC_PREFIX: prefix, MONGO_DATABASE: database }
  const entry = (file: string) => join(root, 'services', 'sync-core', 'src', file)
  await promisify(execFile)(process.execPath, [entry('migrate.ts')], { cwd: root, env })
  const nodeArgs = [...nodeArgsOf('sync-core'), ...(options.nodeArgs ?? [])]
  const service = await start(options, { name: 'ours', entry: entry('main.ts'), env, nodeArgs })
  return {
    ...{ name: names.ours, service, prefix, database, group: 'sync-core.high' },
    note: 'the real sync-core: every statement folded into its record behind a guard, any order and repetition ends the same',
  }
}

async function startBare(system: System, options: Making): Promise<Sink> {
  const [prefix, database, group] = [prefixes[1], 'bench_bare', 'bare']
  const env = { ...system.env, ...sinkEnv(prefix, database, prefix + group) }
  const entry = join(root, 'bench', 'src', 'peers', 'bare-sink.mjs')
  const service = await start(options, { name: 'bare', entry, env })
  return {
    ...{ name: names.bare, service, prefix, database, group, collection: peersCollection },
    note: 'kafkajs eachBatch and an unordered bulkWrite: the last event of an order in a batch of one partition replaces the whole document, earlier ones are dropped; no guard, no merging of fields, decimals left as bytes',
  }
}

async function startConnect(system: System, options: Making): Promise<Sink> {
  const [prefix, database, group] = [prefixes[2], 'bench_connect', 'sink']
  const { libs, plugins } = await installConnect(options)
  const env = { ...system.env, ...sinkEnv(prefix, database, group) }
  const port = await freePort()
  const service = await start(options, {
    ...{ name: 'connect', entry: join(root, 'bench', 'src', 'peers', 'serve-connect.ts'), env, port },
    args: [libs, plugins, join(options.stateDir, 'connect')],
    readyUrl: `http://127.0.0.1:${port}/connectors/${group}/tasks/0/status`,
  })
  return {
    ...{ name: names.connect, service, prefix, database, group: undefined, collection: peersCollection },
    note: "Kafka Connect 4.1.0 standalone with MongoDB's sink 2.0.1 and Apicurio's Avro converter 2.5.11: one task, 500 records a batch, ordered, the event replaces the whole document; done when the last record of each partition is in the database, for it commits by the clock",
  }
}

const peersCollection = 'documents'
const sinkEnv = (prefix: string, database: string, group: string) => ({
  ...{ TOPIC: prefix + topic, MONGO_DATABASE: database, MONGO_COLLECTION: peersCollection, GROUP: group },
})

type Program = {
  readonly name: string
  readonly entry: string
  readonly env: NodeJS.ProcessEnv
  readonly args?: readonly string[]
  readonly nodeArgs?: readonly string[]
  readonly port?: number
  readonly readyUrl?: string
}

async function start(options: Making, program: Program): Promise<Service> {
  const service = await startService({ ...program, cwd: root, stateDir: options.stateDir }, options.signal)
  options.close(async () => {
    await service.kill('SIGCONT')
    await service.stop()
  })
  options.progress(`${program.name}: ready`)
  return service
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}
