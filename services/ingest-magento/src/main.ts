import { createSeenStore, createWebhookShell, keepConnecting, serveWebhooks } from '@varai/ingest'
import { createKnownRecordStore, keepPolling } from '@varai/ingest/poll'
import { createCodec, createKafka, createPublisher, IncompatibleSchema } from '@varai/kafka'
import { createHealth, createMetrics, parseConfig, runService } from '@varai/runtime'
import { createLeaseStore } from '@varai/runtime/leases'
import { loadStores } from '@varai/runtime/stores'
import { createVault, localMasterKey } from '@varai/vault'
import { MongoClient } from 'mongodb'
import { createAdobeKeys } from './adobe-keys.ts'
import { configShape } from './config.ts'
import { createMagentoDoor, webhookPath } from './magento-door.ts'
import { magentoPollKinds } from './poll/poll-kinds.ts'
import { createListings } from './rest-api/listings.ts'
import { createRestApi } from './rest-api/rest-api.ts'

const service = 'ingest-magento'

runService({
  name: service,
  async start(lifecycle) {
    const { log, stopping } = lifecycle
    const config = parseConfig(process.env, configShape)
    const metrics = createMetrics(service)
    const health = createHealth({ metrics, stopping })

    const secretsOf = ['magento'] as const
    const stores = await loadStores({ path: config.stores.path, env: process.env, log, metrics, secretsOf })
    lifecycle.onStop('stores', () => stores.close())
    const find = (storeId: string) => stores.find('magento', storeId)

    // Bounded: a delivery that has to be kept must not outlast its sender's patience.
    const mongo = new MongoClient(config.mongo.url, { ...config.mongo.options, serverSelectionTimeoutMS: 2_000 })
    lifecycle.onStop('mongo', () => mongo.close())
    keepConnecting({ to: 'MongoDB', connect: () => mongo.connect(), log, stopping })
    const db = mongo.db(config.mongo.database)
    const vault = createVault({ db, masterKey: localMasterKey(config.masterKey) })

    const prefix = config.kafka.topicPrefix
    const seen = createSeenStore({ url: config.redis.url, redis: config.redis.options, prefix, log })
    lifecycle.onStop('redis', () => seen.close())

    const door = createMagentoDoor({ keys: createAdobeKeys({ baseUrl: config.adobeKeys, stopping }) })
    const kafka = createKafka({ ...config.kafka, clientId: service }, log)
    const codec = createCodec({ registryUrl: config.kafka.registryUrl, log })
    const publisher = createPublisher({ kafka, codec, log, metrics })
    lifecycle.onStop('publisher', () => publisher.close(), 6_500)
    const connecting = keepConnecting({
      to: 'Kafka or the schema registry',
      connect: () => publisher.connect(door.records),
      hopeless: (error) => error instanceof IncompatibleSchema,
      ...{ log, stopping },
    })
    connecting.done.catch((error: unknown) => lifecycle.fail(error))

    const seconds = 1_000
    const api = createRestApi({ stopping })
    const polling = keepPolling({
      ...{ publisher, vault, service, log, metrics, stopping, after: connecting.done },
      leases: createLeaseStore(db, 'polls'),
      stores: () => stores.of('magento').filter(({ credentials }) => config.poll.on && credentials !== undefined),
      kinds: magentoPollKinds({
        ...{ api, listings: createListings({ api }), known: createKnownRecordStore(db), log },
        wholeEveryMs: config.poll.whole * seconds,
      }),
      ...{ everyMs: config.poll.every * seconds, overlapMs: config.poll.overlap * seconds },
    })
    lifecycle.onStop('polling', () => polling.done)

    const shell = createWebhookShell({
      ...{ door, path: webhookPath, service, publisher, vault, seen, health, metrics, log, stores: { find } },
      limits: { storePerSecond: config.storeRate },
    })
    health.add('stores', stores.check)
    health.add('kafka', connecting.check)
    health.add('polling', polling.check)
    const server = await serveWebhooks({ handler: shell, ...config.http })
    lifecycle.onStop('http', () => server.close(), 4_500)
    log.info({ url: server.url, stores: stores.of('magento').length }, 'webhooks.listening')
  },
})
