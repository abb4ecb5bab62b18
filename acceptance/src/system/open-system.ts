import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root, type ServiceName, type System, startSystem } from '@varai/demo/system'
import { workedOff } from '@varai/demo/worked-off'
import {
  type Codec,
  createCodec,
  createKafka,
  type DeadLetter,
  type KafkaConnection,
  readDeadLetters,
} from '@varai/kafka'
import { createLog } from '@varai/runtime'
import { type Db, MongoClient } from 'mongodb'

/** The whole system under trial, and what one asks of it. */
export type SystemContext = {
  short: boolean
  system: System
  kafka: KafkaConnection
  codec: Codec
  db: Db
  /** Where ingest-shopify takes deliveries; another one after a restart on another port. */
  webhookUrl(): string
  /** Resolves when sync-core has committed everything that was published. */
  settled(): Promise<void>
  /** Everything that lies in the dead letters now. */
  deadLetters(): Promise<DeadLetter[]>
  /**
   * A metric of a service, summed over its labels, or over the samples with one label, such as `kind="major"`; 0 when
   * there is none yet.
   */
  metric(service: ServiceName, name: string, label?: string): Promise<number>
}

/** Longest that anything here waits for the system to come to rest. */
const patienceMs = 10 * 60_000

/** Boots the system on empty data in a folder of its own, beside whatever `npm start` runs. */
export async function openSystem({
  short,
  stores,
  services,
  env = {},
}: {
  short: boolean
  /** The text of the stores file. */
  stores: string
  services: readonly ServiceName[]
  /** Further environment of the services. */
  env?: NodeJS.ProcessEnv
}): Promise<{ context: SystemContext; close(): Promise<void> }> {
  const stateDir = join(root, '.varai', 'acceptance')
  await mkdir(stateDir, { recursive: true })
  const storesPath = join(stateDir, 'stores.yaml')
  await writeFile(storesPath, stores)
  const system = await startSystem({
    stateDir,
    stores: storesPath,
    ...{ services, env },
    fresh: true,
    progress: (line) => console.error(`       ${line}`),
  })
  const { addresses } = system.stack
  const log = createLog({ service: 'acceptance', level: 'fatal' })
  const kafka = createKafka({ brokers: addresses.kafka.brokers, clientId: 'acceptance' }, log)
  const client = new MongoClient(addresses.mongo.url)
  const context: SystemContext = {
    short,
    system,
    kafka,
    codec: createCodec({ registryUrl: addresses.registry.url, log }),
    db: client.db(addresses.mongo.database),
    webhookUrl: () => `${system.service('ingest-shopify').url}/webhooks/shopify`,
    settled: () => workedOff(kafka, 'sync-core', AbortSignal.timeout(patienceMs)),
    async deadLetters() {
      const found: DeadLetter[] = []
      for await (const letter of readDeadLetters({ kafka, untilEnd: true })) found.push(letter)
      return found
    },
    async metric(service, name, label = '') {
      const answer = await fetch(`${system.service(service).url}/metrics`)
      const samples = (await answer.text()).matchAll(new RegExp(`^${name}(\\{[^}]*\\})? (\\S+)$`, 'gm'))
      return [...samples]
        .filter(([, labels = '']) => labels.includes(label))
        .reduce((sum, [, , value]) => sum + Number(value), 0)
    },
  }
  const close = async () => {
    await client.close()
    await system.stop()
  }
  return { context, close }
}
