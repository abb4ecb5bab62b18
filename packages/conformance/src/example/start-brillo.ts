import type { RequestListener } from 'node:http'
import { createSeenStore, keepConnecting, type ShellOptions, serveWebhooks } from '@varai/ingest'
import { createCodec, createKafka, createPublisher, IncompatibleSchema } from '@varai/kafka'
import {
  createHealth,
  createMetrics,
  httpSettings,
  kafkaSettings,
  type Lifecycle,
  logSettings,
  masterKeySetting,
  mongoSettings,
  parseConfig,
  redisSettings,
  storeRateSetting,
  storesSettings,
} from '@varai/runtime'
import { loadStores } from '@varai/runtime/stores'
import { createVault, localMasterKey } from '@varai/vault'
import { MongoClient } from 'mongodb'
import { brilloDoor, webhookPath } from './brillo-door.ts'

/** Everything this service reads from its environment. */
const configShape = {
  ...{ http: httpSettings(), log: logSettings, stores: storesSettings, kafka: kafkaSettings, redis: redisSettings },
  ...{ mongo: mongoSettings, masterKey: masterKeySetting, storeRate: storeRateSetting },
}

/** Opens in order what the service stands on, and serves the handler that is made with it. */
export async function startBrillo(
  { log, stopping, onStop, fail }: Lifecycle,
  createHandler: (options: ShellOptions) => RequestListener,
): Promise<void> {
  const service = 'ingest-brillo'
  const config = parseConfig(process.env, configShape)
  const metrics = createMetrics(service)
  const health = createHealth({ metrics, stopping })
  const secretsOf = ['html'] as const
  const stores = await loadStores({ path: config.stores.path, env: process.env, log, metrics, secretsOf })
  onStop('stores', () => stores.close())

  const mongo = new MongoClient(config.mongo.url, { ...config.mongo.options, serverSelectionTimeoutMS: 2_000 })
  onStop('mongo', () => mongo.close())
  keepConnecting({ to: 'MongoDB', connect: () => mongo.connect(), log, stopping })
  const vault = createVault({ db: mongo.db(config.mongo.database), masterKey: localMasterKey(config.masterKey) })
  const prefix = config.kafka.topicPrefix
  const seen = createSeenStore({ url: config.redis.url, redis: config.redis.options, prefix, log })
  onStop('redis', () => seen.close())

  const kafka = createKafka({ ...config.kafka, clientId: service }, log)
  const codec = createCodec({ registryUrl: config.kafka.registryUrl, log })
  const publisher = createPublisher({ kafka, codec, log, metrics })
  onStop('publisher', () => publisher.close(), 6_500)
  const connecting = keepConnecting({
    to: 'Kafka or the schema registry',
    connect: () => publisher.connect(brilloDoor.records),
    hopeless: (error) => error instanceof IncompatibleSchema,
    ...{ log, stopping },
  })
  connecting.done.catch(fail)

  const handler = createHandler({
    ...{ door: brilloDoor, path: webhookPath, service, publisher, vault, seen, health, metrics, log },
    stores: { find: (storeId) => stores.find('html', storeId) },
    limits: { storePerSecond: config.storeRate },
  })
  health.add('stores', stores.check)
  health.add('kafka', connecting.check)
  const server = await serveWebhooks({ handler, ...config.http })
  onStop('http', () => server.close(), 4_500)
  log.info({ url: server.url + webhookPath, stores: stores.of('html').length }, 'webhooks.listening')
}
