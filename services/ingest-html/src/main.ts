import { createSeenStore, keepConnecting, serveWebhooks } from '@varai/ingest'
import { createCodec, createKafka, createPublisher, IncompatibleSchema } from '@varai/kafka'
import { createHealth, createMetrics, parseConfig, runService } from '@varai/runtime'
import { loadStores } from '@varai/runtime/stores'
import { createVault, localMasterKey } from '@varai/vault'
import { MongoClient } from 'mongodb'
import { configShape } from './config.ts'
import { createHtmlApi } from './html-api.ts'
import { createSenderLimiter } from './limit-senders.ts'
import { records } from './pure/api-events.ts'

const service = 'ingest-html'

runService({
  name: service,
  async start(lifecycle) {
    const { log, stopping } = lifecycle
    const config = parseConfig(process.env, configShape)
    const { masterKey } = config
    const metrics = createMetrics(service)
    const health = createHealth({ metrics, stopping })

    const secretsOf = ['html'] as const
    const stores = await loadStores({ path: config.stores.path, env: process.env, log, metrics, secretsOf })
    lifecycle.onStop('stores', () => stores.close())

    const mongo = new MongoClient(config.mongo.url, { ...config.mongo.options, serverSelectionTimeoutMS: 2_000 })
    lifecycle.onStop('mongo', () => mongo.close())
    keepConnecting({ to: 'MongoDB', connect: () => mongo.connect(), log, stopping })
    const vault = createVault({ db: mongo.db(config.mongo.database), masterKey: localMasterKey(masterKey) })

    const prefix = config.kafka.topicPrefix
    const redis = { url: config.redis.url, redis: config.redis.options, prefix, log }
    const seen = createSeenStore(redis)
    lifecycle.onStop('redis', () => seen.close())
    const limiter = createSenderLimiter({ ...redis, masterKey, limits: config.collect })
    lifecycle.onStop('limits', () => limiter.close())

    const kafka = createKafka({ ...config.kafka, clientId: service }, log)
    const codec = createCodec({ registryUrl: config.kafka.registryUrl, log })
    const publisher = createPublisher({ kafka, codec, log, metrics })
    lifecycle.onStop('publisher', () => publisher.close(), 3_000)
    const connecting = keepConnecting({
      to: 'Kafka or the schema registry',
      connect: () => publisher.connect(records),
      hopeless: (error) => error instanceof IncompatibleSchema,
      ...{ log, stopping },
    })
    connecting.done.catch((error: unknown) => lifecycle.fail(error))

    const api = createHtmlApi({
      ...{ publisher, vault, seen, limiter, health, metrics, log, service, stores: () => stores.all() },
      trustedProxies: config.trustedProxies,
    })
    health.add('kafka', connecting.check)
    health.add('stores', stores.check)
    const server = await serveWebhooks({ handler: api, ...config.http })
    lifecycle.onStop('http', () => server.close(), 4_500)
    log.info({ url: server.url, stores: stores.of('html').length }, 'api.listening')
  },
})
