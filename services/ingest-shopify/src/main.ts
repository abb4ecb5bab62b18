import {
  createCarryOutFetches,
  createSeenStore,
  createWebhookShell,
  keepConnecting,
  keepFetching,
  publishEvent,
  serveWebhooks,
  shellLimits,
} from '@varai/ingest'
import { createKnownRecordStore, keepPolling } from '@varai/ingest/poll'
import { createCodec, createKafka, createPublisher, IncompatibleSchema } from '@varai/kafka'
import { createHealth, createMetrics, parseConfig, runService } from '@varai/runtime'
import { createLeaseStore } from '@varai/runtime/leases'
import { loadStores } from '@varai/runtime/stores'
import { createVault, keepDestroying, localMasterKey } from '@varai/vault'
import { MongoClient } from 'mongodb'
import { createAccessTokens, createApiClients } from './admin-api/api-clients.ts'
import { createTokenStore } from './admin-api/token-store.ts'
import { createAskOrder } from './ask-order.ts'
import { configShape } from './config.ts'
import { shopifyPollKinds } from './poll/poll-kinds.ts'
import { shopifyDoor, webhookPath } from './shopify-door.ts'

const service = 'ingest-shopify'

runService({
  name: service,
  async start(lifecycle) {
    const { log, stopping } = lifecycle
    const config = parseConfig(process.env, configShape)
    const metrics = createMetrics(service)
    const health = createHealth({ metrics, stopping })

    const stores = await loadStores({
      path: config.stores.path,
      env: process.env,
      log,
      metrics,
      secretsOf: ['shopify'],
    })
    lifecycle.onStop('stores', () => stores.close())

    // Bounded: a delivery that has to be kept must not outlast the platform's patience.
    const mongo = new MongoClient(config.mongo.url, { ...config.mongo.options, serverSelectionTimeoutMS: 2_000 })
    lifecycle.onStop('mongo', () => mongo.close())
    // Once it was reached the driver reconnects by itself; until then it has to be told. Deliveries need it only to be
    // kept, so the service is ready without it.
    keepConnecting({ to: 'MongoDB', connect: () => mongo.connect(), log, stopping })
    const db = mongo.db(config.mongo.database)
    const masterKey = localMasterKey(config.masterKey)
    const vault = createVault({ db, masterKey })
    const destroying = keepDestroying({ vault, log, metrics, stopping })
    lifecycle.onStop('vault', () => destroying.done)

    const prefix = config.kafka.topicPrefix
    const seen = createSeenStore({ url: config.redis.url, redis: config.redis.options, prefix, log })
    lifecycle.onStop('redis', () => seen.close())

    const kafka = createKafka({ ...config.kafka, clientId: service }, log)
    const codec = createCodec({ registryUrl: config.kafka.registryUrl, log })
    // Who is not answered in time delivers again: what waited on for them would only take the places of others.
    const publisher = createPublisher({ kafka, codec, log, metrics, ackWithinMs: shellLimits.answerWithinMs })
    lifecycle.onStop('publisher', () => publisher.close(), 6_500)
    const connecting = keepConnecting({
      to: 'Kafka or the schema registry',
      connect: () => publisher.connect(shopifyDoor.records),
      hopeless: (error) => error instanceof IncompatibleSchema,
      ...{ log, stopping },
    })
    connecting.done.catch((error: unknown) => lifecycle.fail(error))

    const shopifyStores = { find: (storeId: string) => stores.find('shopify', storeId) }
    const accessTokens = createAccessTokens({ tokens: createTokenStore(db, masterKey), log, stopping })
    const fetching = keepFetching({
      ...{ platform: 'shopify', kafka, codec, publisher, log, metrics, service, stopping, after: connecting.done },
      handle: createCarryOutFetches({
        ask: createAskOrder({ stores: shopifyStores, accessTokens, log, metrics, stopping }),
        publish: (event) => publishEvent({ publisher, vault }, 'shopify', event),
        log,
      }),
      onCrash: lifecycle.fail,
    })
    lifecycle.onStop('fetching', () => fetching.stop(), 8_000)

    const seconds = 1_000
    const polling = keepPolling({
      ...{ publisher, vault, service, log, metrics, stopping, after: connecting.done },
      leases: createLeaseStore(db, 'polls'),
      stores: () => stores.of('shopify').filter(({ credentials }) => config.poll.on && credentials !== undefined),
      kinds: shopifyPollKinds({
        // Their own: a poll has the time to wait for points, and what somebody waits for has not.
        ...{ clients: createApiClients({ accessTokens, log, metrics }), known: createKnownRecordStore(db) },
        wholeEveryMs: config.poll.whole * seconds,
      }),
      ...{ everyMs: config.poll.every * seconds, overlapMs: config.poll.overlap * seconds },
    })
    lifecycle.onStop('polling', () => polling.done)

    const shell = createWebhookShell({
      ...{ door: shopifyDoor, path: webhookPath, service },
      ...{ publisher, vault, seen, health, metrics, log },
      stores: shopifyStores,
      limits: { storePerSecond: config.storeRate },
    })
    health.add('stores', stores.check)
    health.add('kafka', connecting.check)
    health.add('fetching', fetching.check)
    health.add('polling', polling.check)
    const server = await serveWebhooks({ handler: shell, ...config.http })
    lifecycle.onStop('http', () => server.close(), 4_500)
    log.info({ url: server.url + webhookPath, stores: stores.of('shopify').length }, 'webhooks.listening')
  },
})
