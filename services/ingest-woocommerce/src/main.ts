import {
  createCarryOutFetches,
  createSeenStore,
  createWebhookShell,
  keepConnecting,
  keepFetching,
  localSeal,
  openDeliverySpool,
  publishEvent,
  serveWebhooks,
} from '@varai/ingest'
import { createKnownRecordStore, keepPolling } from '@varai/ingest/poll'
import { createCodec, createKafka, createPublisher, IncompatibleSchema } from '@varai/kafka'
import { createHealth, createMetrics, parseConfig, runService } from '@varai/runtime'
import { createLeaseStore } from '@varai/runtime/leases'
import { loadStores } from '@varai/runtime/stores'
import { createVault, localMasterKey } from '@varai/vault'
import { MongoClient } from 'mongodb'
import { createAskStore } from './ask-store.ts'
import { configShape } from './config.ts'
import { createLookUp } from './look-up.ts'
import { wooPollKinds } from './poll/poll-kinds.ts'
import { entityOf } from './pure/entity-of.ts'
import { createRestApi } from './rest-api/rest-api.ts'
import { webhookPath, woocommerceDoor } from './woocommerce-door.ts'

const service = 'ingest-woocommerce'

runService({
  name: service,
  async start(lifecycle) {
    const { log, stopping } = lifecycle
    const config = parseConfig(process.env, configShape)
    const metrics = createMetrics(service)
    const health = createHealth({ metrics, stopping })

    const secretsOf = ['woocommerce'] as const
    const stores = await loadStores({ path: config.stores.path, env: process.env, log, metrics, secretsOf })
    lifecycle.onStop('stores', () => stores.close())
    const find = (storeId: string) => stores.find('woocommerce', storeId)

    const mongo = new MongoClient(config.mongo.url, { ...config.mongo.options, serverSelectionTimeoutMS: 2_000 })
    lifecycle.onStop('mongo', () => mongo.close())
    keepConnecting({ to: 'MongoDB', connect: () => mongo.connect(), log, stopping })
    const db = mongo.db(config.mongo.database)
    const vault = createVault({ db, masterKey: localMasterKey(config.masterKey) })

    const prefix = config.kafka.topicPrefix
    const seen = createSeenStore({ url: config.redis.url, redis: config.redis.options, prefix, log })
    lifecycle.onStop('redis', () => seen.close())

    const kafka = createKafka({ ...config.kafka, clientId: service }, log)
    const codec = createCodec({ registryUrl: config.kafka.registryUrl, log })
    const publisher = createPublisher({ kafka, codec, log, metrics })
    lifecycle.onStop('publisher', () => publisher.close(), 3_000)
    const connecting = keepConnecting({
      to: 'Kafka or the schema registry',
      connect: () => publisher.connect(woocommerceDoor.records),
      hopeless: (error) => error instanceof IncompatibleSchema,
      ...{ log, stopping },
    })
    connecting.done.catch((error: unknown) => lifecycle.fail(error))

    const api = createRestApi({ stopping })
    const fetching = keepFetching({
      ...{ platform: 'woocommerce', kafka, codec, publisher, log, metrics, service, stopping, after: connecting.done },
      handle: createCarryOutFetches({
        ask: createAskStore({ api, stores: { find } }),
        publish: (event) => publishEvent({ publisher, vault }, 'woocommerce', event),
        log,
      }),
      onCrash: lifecycle.fail,
    })
    lifecycle.onStop('fetching', () => fetching.stop(), 8_000)

    const seconds = 1_000
    const polling = keepPolling({
      ...{ publisher, vault, service, log, metrics, stopping, after: connecting.done },
      leases: createLeaseStore(db, 'polls'),
      stores: () => stores.of('woocommerce').filter(({ credentials }) => config.poll.on && credentials !== undefined),
      kinds: wooPollKinds({
        // Its own: a shop that does not list anything may well answer for one order.
        ...{ api: createRestApi({ stopping }), known: createKnownRecordStore(db), log },
        wholeEveryMs: config.poll.whole * seconds,
      }),
      ...{ everyMs: config.poll.every * seconds, overlapMs: config.poll.overlap * seconds },
    })
    lifecycle.onStop('polling', () => polling.done)

    const spool = await openDeliverySpool({
      ...{ folder: config.spool.folder, maxBytes: config.spool.maxMebibytes * 1024 * 1024 },
      ...{ seal: localSeal(config.masterKey, 'varai spool'), entityOf, metrics, log },
    })
    lifecycle.onStop('spool', () => spool.close(), 3_000)

    const shell = createWebhookShell({
      ...{ door: woocommerceDoor, path: webhookPath, service, spool },
      ...{ publisher, vault, seen, health, metrics, log, stores: { find } },
      lookUp: createLookUp({ api, stores: { find }, log }),
      limits: { storePerSecond: config.storeRate },
    })
    // Ready without Kafka: a store that is turned away while it is down never comes again.
    health.add('stores', stores.check)
    health.add('spool', spool.check)
    health.add('fetching', fetching.check)
    health.add('polling', polling.check)
    const server = await serveWebhooks({ handler: shell, ...config.http })
    lifecycle.onStop('http', () => server.close(), 4_500)
    log.info({ url: server.url + webhookPath, stores: stores.of('woocommerce').length }, 'webhooks.listening')
  },
})
