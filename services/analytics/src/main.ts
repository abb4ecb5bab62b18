import { consumeLanes, createCodec, createKafka, createPublisher, eventLanes, replayLane } from '@varai/kafka'
import { createHealth, createMetrics, parseConfig, runService, serveHealth } from '@varai/runtime'
import { createLeaseStore } from '@varai/runtime/leases'
import { privacyConfirmationsTopic, privacyTopic } from '@varai/schemas'
import { createReadSetAside } from '@varai/set-aside'
import { createVault, localMasterKey } from '@varai/vault'
import { MongoClient } from 'mongodb'
import { createAggregation } from './aggregate/aggregation.ts'
import { createAskHourly, keepAsking } from './aggregate/ask-hourly.ts'
import { createPublishRequest } from './aggregate/publish-request.ts'
import { createAnalyticsApi } from './api/analytics-api.ts'
import { createReadStore } from './api/read-store.ts'
import { configShape } from './config.ts'
import { createCountEvents } from './count-events.ts'
import { createAnswerRequests } from './erasure/answer-requests.ts'
import { createEraseAsked } from './erasure/erase-asked.ts'
import { createErasureStore } from './erasure/erasure-store.ts'
import { createNames } from './pure/facts/names.ts'

const service = 'analytics'

runService({
  name: service,
  async start({ onStop, stopping, fail, log }) {
    const config = parseConfig(process.env, configShape)
    const metrics = createMetrics(service)

    const mongo = new MongoClient(config.mongo.url, { ...config.mongo.options, appName: service })
    onStop('mongo', () => mongo.close())
    const db = mongo.db(config.mongo.database)
    const leases = createLeaseStore(db, 'jobs')
    const aggregation = createAggregation(db, { log, metrics, leases, windows: config.windows })

    const health = createHealth({ metrics, stopping })
    const app = createAnalyticsApi({ read: createReadStore(db), log })
    const server = await serveHealth({ health, ...config.http, app })
    onStop('http', server.close)
    log.info({ url: server.url }, 'http.listening')

    const vault = createVault({ db, masterKey: localMasterKey(config.masterKey) })
    const names = createNames(await vault.serviceKey('analytics-erasures'))
    const erasures = createErasureStore(db)
    const eraseAsked = createEraseAsked({ ...aggregation, erasures, names })

    const kafka = createKafka({ ...config.kafka, clientId: service }, log)
    const codec = createCodec({ registryUrl: config.kafka.registryUrl, log })
    const publisher = createPublisher({ kafka, codec, log, metrics })
    onStop('publisher', publisher.close)
    await publisher.connect(['AggregationRequested', 'PrivacyConfirmed'])
    const kept = aggregation.keep({ stopping, leaseMs: config.lease.seconds * 1_000 })
    onStop('aggregation', () => kept.done)
    const asking = keepAsking(createAskHourly({ leases, publish: createPublishRequest(publisher) }), { stopping, log })
    onStop('hourly', () => asking)
    const consumer = consumeLanes({
      kafka,
      codec,
      publisher,
      log,
      metrics,
      service,
      lanes: [{ name: 'privacy', topics: [privacyTopic] }, ...eventLanes(config.lanes), replayLane(service)],
      handle: createAnswerRequests({
        ...{ ...aggregation, erasures, names, eraseAsked, now: Date.now },
        handle: createReadSetAside({
          ...{ vault, codec },
          handle: createCountEvents({ ...aggregation, eraseAsked, changed: kept.nudge }),
        }),
        confirm: (value) =>
          publisher
            .publish({
              ...{ topic: privacyConfirmationsTopic, key: value.subjectRef ?? value.requestId },
              ...{ record: 'PrivacyConfirmed', value },
            })
            .then(() => undefined),
      }),
      onCrash: fail,
    })
    onStop('consumer', consumer.stop, 8_000)

    await consumer.start()
    health.add('mongo', () => db.command({ ping: 1 }).then(() => undefined))
    health.add('lanes', () => consumer.ready || Promise.reject(new Error('not every lane has joined its group')))
  },
})
