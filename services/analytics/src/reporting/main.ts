import { consumeLanes, createCodec, createKafka, createPublisher } from '@varai/kafka'
import { createHealth, createMetrics, parseConfig, runService, serveHealth } from '@varai/runtime'
import { createLeaseStore } from '@varai/runtime/leases'
import { changesTopic } from '@varai/schemas'
import { MongoClient } from 'mongodb'
import { configShape } from './config.ts'
import { createFollowOrders } from './follow-orders.ts'
import { createOrderStore } from './order-store.ts'
import { createProgressStore } from './progress-store.ts'
import { createReadOrdersOnce } from './read-orders-once.ts'
import { createReportApi } from './report-api.ts'
import { createReportStore } from './report-store.ts'

const service = 'reporting'

runService({
  name: service,
  async start({ onStop, stopping, fail, log }) {
    const config = parseConfig(process.env, configShape)
    const metrics = createMetrics(service)

    const mongo = new MongoClient(config.mongo.url, { ...config.mongo.options, appName: service })
    onStop('mongo', () => mongo.close())
    const db = mongo.db(config.mongo.database)
    const facts = createReportStore(db)
    const orders = createOrderStore(db)
    const progress = createProgressStore(db)
    const firstReading = createReadOrdersOnce({ orders, facts, progress, leases: createLeaseStore(db, 'jobs'), log })

    const health = createHealth({ metrics, stopping })
    const app = createReportApi({ facts, isComplete: () => firstReading.isOver, log })
    const server = await serveHealth({ health, ...config.http, app })
    onStop('http', server.close)
    log.info({ url: server.url }, 'http.listening')
    health.add('changes', () => Promise.reject(new Error('the group is not joined yet')))

    const kafka = createKafka({ ...config.kafka, clientId: service }, log)
    const codec = createCodec({ registryUrl: config.kafka.registryUrl, log })
    const publisher = createPublisher({ kafka, codec, log, metrics })
    onStop('publisher', publisher.close)
    await publisher.connect([])
    await firstReading.prepare(stopping)
    const consumer = consumeLanes({
      ...{ kafka, codec, publisher, log, metrics, service },
      lanes: [{ name: 'changes', topics: [changesTopic], group: service }],
      handle: createFollowOrders({ facts, orders, followed: () => progress.followed(Date.now()), log }),
      onCrash: fail,
    })
    onStop('consumer', consumer.stop, 8_000)
    await consumer.start()
    const reading = firstReading.read(stopping).catch(() => undefined)
    onStop('reading', () => reading)
    health.add('mongo', () => db.command({ ping: 1 }).then(() => undefined))
    health.add('orders', () => firstReading.isOver || Promise.reject(new Error('not every order has been read yet')))
    health.add('changes', () => consumer.ready || Promise.reject(new Error('the group is not joined yet')))
  },
})
