import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Component,
  formatProgress,
  removeRunFile,
  type Service,
  type Stack,
  startService,
  startStack,
  writeRunFile,
} from '@varai/dev-stack'
import { createKafka, ensureTopics } from '@varai/kafka'
import { createLog } from '@varai/runtime'

export const root = join(import.meta.dirname, '..', '..')

/** Our services in the order in which they start; they stop in reverse, so nothing is taken in that nobody works on. */
export const serviceNames = [
  'sync-core',
  'conflicts',
  'analytics',
  'reporting',
  'ml-collector',
  'ingest-shopify',
  'ingest-woocommerce',
  'ingest-magento',
  'ingest-html',
] as const
export type ServiceName = (typeof serviceNames)[number]

/** A second consumer of a service is a process of its own. */
const secondConsumers = { conflicts: 'sync-core/src/conflicts', reporting: 'analytics/src/reporting' } as const
const folderOf = (name: ServiceName): string =>
  name === 'conflicts' || name === 'reporting' ? secondConsumers[name] : `${name}/src`

/**
 * As in a container. While Kafka is away everything that waits survives, and Node would let the space for young objects
 * grow by 100 MB that it never gives back. The whole heap grows as far as Node thinks that it may, which is half of a
 * container's memory and a quarter of this machine's; what takes webhooks has 512 MiB in the chart. sync-core holds
 * portions of batches that do not fit into half of the room: it would copy them twice.
 */
export const nodeArgs = (name: ServiceName): string[] => [
  `--max-semi-space-size=${name === 'sync-core' ? 32 : 16}`,
  ...(name.startsWith('ingest-') ? ['--max-old-space-size=256'] : []),
]

/**
 * As in the container image. Left to itself the C library keeps freed bodies of requests among small allocations, where
 * they are never given back.
 */
const allocator = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '65536', MALLOC_TRIM_THRESHOLD_: '131072' }

/** Services with collections of their own make their indexes in a step before they start. */
const migrating: readonly ServiceName[] = ['sync-core', 'analytics', 'ml-collector', 'ingest-shopify']

export type System = {
  readonly stack: Stack
  readonly services: Readonly<Record<string, Service>>
  service(name: ServiceName): Service
  /** The environment that the services got, for whoever must reach the same things. */
  readonly env: NodeJS.ProcessEnv
  /** Rejects when a component or a service dies without having been asked to, with the end of its log. */
  readonly failure: Promise<never>
  /** Writes the addresses and pids of this moment to run.json; call it after a restart. */
  announce(): Promise<void>
  /** Services first, then the components. Harmless when repeated. */
  stop(): Promise<void>
}

export type SystemOptions = {
  /** Where everything of this run lives, e.g. `<root>/.varai`. */
  stateDir: string
  /** The stores file. */
  stores: string
  /** Which services; all unless said otherwise. */
  services?: readonly ServiceName[]
  /** Begins with empty data. */
  fresh?: boolean
  /** Further environment of the services. */
  env?: NodeJS.ProcessEnv
  /** Further environment of the components: which are chosen, and what they are given. */
  stackEnv?: NodeJS.ProcessEnv
  progress?: (line: string) => void
  signal?: AbortSignal
}

/** Boots components, topics, indexes and services; resolves when each service is ready. Rejects after stopping all. */
export async function startSystem(options: SystemOptions): Promise<System> {
  const progress = options.progress ?? (() => undefined)
  const stack = await startStack({
    stateDir: options.stateDir,
    env: { ...process.env, ...options.stackEnv },
    progress: (event) => progress(formatProgress(event)),
    ...(options.fresh === undefined ? {} : { fresh: options.fresh }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  })
  const services: Record<string, Service> = {}
  const died = Promise.withResolvers<never>()
  died.promise.catch(() => undefined) // whoever asks for `failure` hears of it
  const stop = async () => {
    for (const service of Object.values(services).reverse()) await service.stop()
    await removeRunFile(options.stateDir)
    await stack.stop()
  }
  try {
    const env = { ...allocator, ...process.env, ...(await environment(stack, options)), ...options.env }
    const names = options.services ?? serviceNames
    const steps = migrating.filter((name) => names.includes(name)).map((name) => migrate(name, env))
    await Promise.all([createTopics(stack), ...steps])
    progress('topics and indexes: ready')
    const start = async (name: ServiceName) => {
      const began = performance.now()
      services[name] = await startService(
        {
          name,
          entry: join(root, 'services', folderOf(name), 'main.ts'),
          nodeArgs: nodeArgs(name),
          env,
          cwd: root,
          stateDir: options.stateDir,
          died: died.reject,
        },
        options.signal,
      )
      progress(`${name}: ready on ${services[name].url} in ${((performance.now() - began) / 1000).toFixed(1)} s`)
    }
    await Promise.all(names.map(start))
    const system: System = {
      stack,
      services,
      env,
      failure: Promise.race([stack.failure, died.promise]),
      service: (name) => {
        const service = services[name]
        if (service === undefined) throw new RangeError(`${name} is not part of this system`)
        return service
      },
      announce: () => announce(options.stateDir, stack, services),
      stop,
    }
    system.failure.catch(() => undefined)
    await system.announce()
    return system
  } catch (error) {
    await stop()
    throw error
  }
}

async function announce(stateDir: string, stack: Stack, services: Readonly<Record<string, Service>>): Promise<void> {
  await writeRunFile(stateDir, {
    ...stack.addresses,
    services: Object.fromEntries(Object.entries(services).map(([name, { url, pid }]) => [name, { url, pid }])),
  })
}

async function environment(
  { addresses }: Stack<Component>,
  { stateDir, stores }: SystemOptions,
): Promise<NodeJS.ProcessEnv> {
  return {
    HOST: '127.0.0.1',
    KAFKA_BROKERS: addresses.kafka.brokers.join(','),
    SCHEMA_REGISTRY_URL: addresses.registry.url,
    MONGO_URL: addresses.mongo.url,
    MONGO_DATABASE: addresses.mongo.database,
    REDIS_URL: addresses.redis.url,
    VARAI_STORES: stores,
    VARAI_SPOOL: join(stateDir, 'spool'),
    // A demo is over before an hour is.
    VARAI_ML_SETTLE: '10',
    VARAI_ML_RELEASE_EVERY: '10',
    VARAI_MASTER_KEY: await masterKey(stateDir),
  }
}

/** A key of this folder's own, kept beside the data that it protects: good enough on one machine, nowhere else. */
async function masterKey(stateDir: string): Promise<string> {
  const given = process.env['VARAI_MASTER_KEY']
  if (given !== undefined) return given
  const file = join(stateDir, 'master-key')
  await mkdir(stateDir, { recursive: true })
  await writeFile(file, `${randomBytes(32).toString('base64')}\n`, { flag: 'wx', mode: 0o600 }).catch(
    (error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    },
  )
  await chmod(file, 0o600)
  return (await readFile(file, 'utf8')).trim()
}

async function createTopics({ addresses }: Stack): Promise<void> {
  const log = createLog({ service: 'start', level: 'error' })
  await ensureTopics(createKafka({ brokers: addresses.kafka.brokers, clientId: 'start' }, log))
}

async function migrate(name: ServiceName, env: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn(process.execPath, [join(root, 'services', name, 'src', 'migrate.ts')], {
    env: { ...env, VARAI_LOG_LEVEL: 'warn' },
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('exit', resolve))
  if (code !== 0) throw new Error(`the index step of ${name} ended with ${code}`)
}
