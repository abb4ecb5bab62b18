// The service for Shopify as it is, but for how it publishes: `serve-shell.ts <one-send | no-kafka>`.
import { createSeenStore, createWebhookShell, serveWebhooks } from '@varai/ingest'
import { configShape } from '@varai/ingest-shopify/config'
import { shopifyDoor, webhookPath } from '@varai/ingest-shopify/door'
import { createCodec, createKafka, createPublisher, type Publisher } from '@varai/kafka'
import { createHealth, createMetrics, parseConfig, runService } from '@varai/runtime'
import { loadStores } from '@varai/runtime/stores'
import { createVault, localMasterKey } from '@varai/vault'
import { MongoClient } from 'mongodb'
import { createOneSendPublisher } from '../peers/one-send-publisher.ts'

const service = 'ingest-shopify'
const [, , way = ''] = process.argv

runService({
  name: service,
  async start(lifecycle) {
    const { log } = lifecycle
    const config = parseConfig(process.env, configShape)
    const metrics = createMetrics(service)
    const health = createHealth({ metrics, stopping: lifecycle.stopping })
    const stores = await loadStores({
      path: config.stores.path,
      env: process.env,
      log,
      metrics,
      secretsOf: ['shopify'],
    })
    lifecycle.onStop('stores', () => stores.close())
    const mongo = new MongoClient(config.mongo.url, config.mongo.options)
    lifecycle.onStop('mongo', () => mongo.close())
    const vault = createVault({ db: mongo.db(config.mongo.database), masterKey: localMasterKey(config.masterKey) })
    const seen = createSeenStore({ url: config.redis.url, redis: config.redis.options, prefix: '', log })
    lifecycle.onStop('redis', () => seen.close())
    const codec = createCodec({ registryUrl: config.kafka.registryUrl, log })
    const publisher = publisherOf(way)
    lifecycle.onStop('publisher', () => publisher.close(), 6_500)
    await publisher.connect(shopifyDoor.records)
    const shell = createWebhookShell({
      ...{ door: shopifyDoor, path: webhookPath, service, publisher, vault, seen, health, metrics, log },
      stores: { find: (storeId) => stores.find('shopify', storeId) },
    })
    health.add('stores', stores.check)
    const server = await serveWebhooks({ handler: shell, ...config.http })
    lifecycle.onStop('http', () => server.close(), 4_500)

    function publisherOf(name: string): Pick<Publisher, 'connect' | 'publish' | 'publishRaw' | 'close'> {
      switch (name) {
        case 'one-send':
          return createOneSendPublisher({ brokers: config.kafka.brokers, codec, idempotent: true })
        case 'no-kafka': {
          const nothing = async () => undefined
          const kafka = createKafka({ ...config.kafka, clientId: service }, log)
          return createPublisher({
            kafka,
            codec,
            log,
            metrics,
            produce: { connect: nothing, send: nothing, close: nothing },
          })
        }
        default:
          throw new RangeError(`no way of publishing: ${name}`)
      }
    }
  },
})
