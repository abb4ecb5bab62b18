import { consumeLanes, createCodec, createKafka, createPublisher, eventLanes } from '@varai/kafka'
import { createHealth, createMetrics, parseConfig, runService, serveHealth } from '@varai/runtime'
import { MongoClient } from 'mongodb'
import { configShape } from './config.ts'
import { createCountHours } from './count-hours.ts'
import { createCountOrders } from './count-orders.ts'
import { createFactStore } from './fact-store.ts'
import { createHourlyApi } from './hourly-api.ts'
import { createRollupStore } from './rollup-store.ts'

const service = 'analytics'

runService({
  name: service,
  async start({ onStop, stopping, fail, log }) {
    const config = parseConfig(process.env, configShape)
    const metrics = createMetrics(service)

    const mongo = new MongoClient(config.mongo.url, { ...config.mongo.options, appName: service })
    onStop('mongo', () => mongo.close())
    const db = mongo.db(config.mongo.database)
    const facts = createFactStore(db)
    const rollups = createRollupStore(db)
    const countOrders = createCountOrders({ facts, countHours: createCountHours({ facts, rollups }) })

    const health = createHealth({ metrics, stopping })
    const server = await serveHealth({ health, ...config.http, app: createHourlyApi({ rollups, log }) })
    onStop('http', server.close)
    log.info({ url: server.url }, 'http.listening')

    const kafka = createKafka({ ...config.kafka, clientId: service }, log)
    const codec = createCodec({ registryUrl: config.kafka.registryUrl, log })
    const publisher = createPublisher({ kafka, codec, log, metrics })
    onStop('publisher', publisher.close)
    await publisher.connect([])
    const lanes = eventLanes(config.lanes)
    const consumer = consumeLanes({
      kafka,
      codec,
      publisher,
      log,
      metrics,
      service,
      lanes,
      handle: countOrders,
      onCrash: fail,
    })
    onStop('consumer', consumer.stop, 8_000)

    await consumer.start()
    health.add('mongo', () => db.command({ ping: 1 }).then(() => undefined))
    health.add('lanes', () => consumer.ready || Promise.reject(new Error('not every lane has joined its group')))
  },
})
