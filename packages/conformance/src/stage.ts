import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StackAddresses } from '@varai/dev-stack'
import { createCodec, createKafka, createPublisher, ensureTopics } from '@varai/kafka'
import { createLog } from '@varai/runtime'
import { type ServiceProcess, startServiceProcess, waitUntil } from '@varai/testkit'
import { createVault, localMasterKey, type Vault } from '@varai/vault'
import { MongoClient } from 'mongodb'
import { secrets } from './entities.ts'
import type { SecretsEntry, ServiceFacts } from './facts.ts'
import { type KafkaWatch, watchKafka } from './watch-kafka.ts'

export const merchantId = 'conformance'

/** A process of the service. */
export type Running = {
  /** Without a trailing slash. */
  readonly origin: string
  readonly child: ServiceProcess
  /** What outlives it. */
  readonly folder: string
}

/** The service on the real stack, with topics, a database and a stores file of its own. */
export type Stage = {
  readonly facts: ServiceFacts
  /** The process that most of the suite speaks to. */
  readonly service: Running
  readonly watch: KafkaWatch
  readonly vault: Pick<Vault, 'openRaw'>
  readonly kafkaBroker: string
  /** Everything that any answer said so far. */
  readonly answers: string[]
  readonly processes: readonly ServiceProcess[]
  readonly folder: string
  /** Another process; in the folder of one that ended, when told. Resolves when it listens. */
  start(changes?: Readonly<Record<string, string>>, folder?: string): Promise<Running>
  /** Writes the stores file anew: with both secrets of the store, or with the present one alone. */
  writeStores(which: 'both secrets' | 'current secret'): Promise<void>
  close(): Promise<void>
}

export const isReady = async ({ origin }: Running): Promise<boolean> => (await fetch(`${origin}/readyz`)).ok

/** Resolves when the service is ready; rejects when it does not start. Close it, also after a test that failed. */
export async function openStage(facts: ServiceFacts, stack: StackAddresses): Promise<Stage> {
  const name = `${facts.service}-conformance-${process.pid}-${randomBytes(3).toString('hex')}`
  const folder = await mkdtemp(join(tmpdir(), `${facts.service}-conformance-`))
  const masterKey = randomBytes(32)
  const log = createLog({ service: name, level: 'silent' })
  const kafka = createKafka({ brokers: stack.kafka.brokers, clientId: name, topicPrefix: `${name}.` }, log)
  const codec = createCodec({ registryUrl: stack.registry.url, log })
  const publisher = createPublisher({ kafka, codec, log })
  const mongo = new MongoClient(stack.mongo.url)
  const processes: ServiceProcess[] = []
  const storesPath = join(folder, 'stores.yaml')
  const env = {
    ...{ KAFKA_BROKERS: stack.kafka.brokers.join(','), SCHEMA_REGISTRY_URL: stack.registry.url },
    ...{ MONGO_URL: stack.mongo.url, MONGO_DATABASE: name, REDIS_URL: stack.redis.url },
    ...{ VARAI_TOPIC_PREFIX: `${name}.`, VARAI_MASTER_KEY: masterKey.toString('base64'), VARAI_STORES: storesPath },
    // What is logged when somebody looks for a fault must be no more personal than what is logged always.
    ...{ VARAI_LOG_LEVEL: 'debug', PORT: '0' },
  }

  async function start(changes = {}, own = join(folder, `process-${processes.length}`)): Promise<Running> {
    await mkdir(own, { recursive: true })
    const child = startServiceProcess(facts.main, { ...env, ...facts.env?.(own), ...changes })
    processes.push(child)
    const { url } = await child.logged(facts.listening ?? 'webhooks.listening')
    return { child, origin: new URL(String(url)).origin, folder: own }
  }

  function writeStores(which: 'both secrets' | 'current secret'): Promise<void> {
    const both = { current: { literal: secrets.current }, previous: { literal: secrets.previous } }
    const entry = (id: string, webhookSecrets: SecretsEntry) => facts.storeEntry({ id, webhookSecrets })
    const stores = [
      entry(facts.stores.own, which === 'both secrets' ? both : { current: both.current }),
      entry(facts.stores.other, { current: { literal: secrets['other store'] } }),
    ]
    // JSON is YAML.
    return writeFile(storesPath, JSON.stringify({ merchants: [{ id: merchantId, stores }] }))
  }

  async function close(watch?: KafkaWatch): Promise<void> {
    // How they end is tested by itself; here it would only take long.
    await Promise.all(processes.map((child) => child.stop('SIGKILL')))
    await watch?.close()
    await publisher.close()
    await mongo.db(name).dropDatabase()
    await mongo.close()
    await rm(folder, { recursive: true, force: true })
  }

  try {
    await writeStores('both secrets')
    const starting = start()
    starting.catch(() => undefined)
    await ensureTopics(kafka, { partitions: 1 })
    await publisher.connect([])
    const watch = watchKafka({ kafka, codec, publisher, platform: facts.platform })
    const service = await starting
    await waitUntil(() => isReady(service), { what: `${facts.service} ready`, withinMs: 60_000 })
    return {
      ...{ facts, service, watch, folder, processes, start, writeStores, answers: [] },
      vault: createVault({ db: mongo.db(name), masterKey: localMasterKey(masterKey) }),
      kafkaBroker: stack.kafka.brokers[0] ?? '',
      close: () => close(watch),
    }
  } catch (error) {
    await close()
    throw error
  }
}
