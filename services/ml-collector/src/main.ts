import { consumeLanes, createCodec, createKafka, createPublisher, eventLanes, replayLane } from '@varai/kafka'
import { createRowStore, createTrainingQueue } from '@varai/ml-data'
import { createNames } from '@varai/ml-data/pure'
import { createHealth, createMetrics, parseConfig, runService, serveHealth } from '@varai/runtime'
import { pause } from '@varai/runtime/guarded-writes'
import { createLeaseStore } from '@varai/runtime/leases'
import { openQuickRedis } from '@varai/runtime/redis'
import { privacyConfirmationsTopic, privacyTopic } from '@varai/schemas'
import { createReadSetAside } from '@varai/set-aside'
import { createVault, localMasterKey } from '@varai/vault'
import { MongoClient } from 'mongodb'
import { createCollectFacts } from './collect-facts.ts'
import { createCollectRequests } from './collect-requests.ts'
import { createCollectorMetrics } from './collector-metrics.ts'
import { configShape } from './config.ts'
import { createExpireFacts, keepExpiring } from './expire-facts.ts'
import { createFactStore } from './fact-store.ts'
import { createFeedQueue } from './feed-queue.ts'
import { createKeepRows } from './keep-rows.ts'
import { createReleaseRows, keepReleasing } from './release-rows.ts'
import { createAnswerStatus } from './status.ts'

const service = 'ml-collector'

runService({
  name: service,
  async start({ onStop, stopping, fail, log }) {
    const config = parseConfig(process.env, configShape)
    const metrics = createMetrics(service)

    const mongo = new MongoClient(config.mongo.url, { ...config.mongo.options, appName: service })
    onStop('mongo', () => mongo.close())
    const db = mongo.db(config.mongo.database)
    const redis = openQuickRedis({
      ...{
        url: config.redis.url,
        redis: config.redis.options,
        prefix: config.kafka.topicPrefix,
        answerWithinMs: 5_000,
      },
    })
    redis.on('error', (error) => log.debug({ err: error }, 'redis.away'))
    onStop('redis', () => redis.disconnect())
    const queue = createTrainingQueue(redis)
    const rows = createRowStore(db, queue.remove, config.k)
    const became = createCollectorMetrics(metrics, db, queue)

    const health = createHealth({ metrics, stopping })
    const server = await serveHealth({ health, ...config.http, app: createAnswerStatus(rows, config.k) })
    onStop('http', server.close)
    log.info({ url: server.url }, 'http.listening')

    const vault = createVault({ db, masterKey: localMasterKey(config.masterKey) })
    const names = createNames(await vault.serviceKey('ml-names'))
    const facts = createFactStore(db)
    const keepRows = createKeepRows({ facts, rows, names, now: () => new Date(), metrics: became })

    const kafka = createKafka({ ...config.kafka, clientId: service }, log)
    const codec = createCodec({ registryUrl: config.kafka.registryUrl, log })
    const publisher = createPublisher({ kafka, codec, log, metrics })
    onStop('publisher', publisher.close)
    await publisher.connect(['PrivacyConfirmed'])

    const leases = createLeaseStore(db, 'jobs')
    const keepFeeding = createFeedQueue({
      ...{ db, queue, leases, log, most: config.queueRows, againAfterMs: config.queueAgain * 1_000 },
    })
    const feeding = keepFeeding(stopping)
    onStop('feeding', () => feeding.done)
    const releasing = keepReleasing(
      createReleaseRows({
        ...{ rows, leases, log, k: config.k, settleMs: config.settle * 1_000, everyMs: config.releaseEvery * 1_000 },
        periodKey: (period) => vault.serviceKey(`ml-pseudonyms|${period}`),
        onReleased(count, of) {
          became.released(count, of)
          feeding.nudge()
        },
      }),
      { stopping, log, lookEveryMs: Math.min(config.releaseEvery, 30) * 1_000 },
    )
    onStop('releasing', () => releasing)
    const expiring = keepExpiring(createExpireFacts({ facts, keepRows, leases, log }), { stopping, log })
    onStop('expiring', () => expiring)
    const consumer = consumeLanes({
      ...{ kafka, codec, publisher, log, metrics, service },
      lanes: [{ name: 'privacy', topics: [privacyTopic] }, ...eventLanes(config.lanes), replayLane(service)],
      handle: createReadSetAside({
        ...{ vault, codec },
        handle: createCollectRequests({
          ...{ facts, rows, names, keepRows, now: Date.now },
          handle: createCollectFacts({ facts, names, keepRows, pause }),
          confirm: (value) =>
            publisher
              .publish({
                ...{ topic: privacyConfirmationsTopic, key: value.subjectRef ?? value.requestId },
                ...{ record: 'PrivacyConfirmed', value },
              })
              .then(() => undefined),
        }),
      }),
      onCrash: fail,
    })
    onStop('consumer', consumer.stop, 8_000)
    await consumer.start()
    health.add('mongo', () => db.command({ ping: 1 }).then(() => undefined))
    health.add('lanes', () => consumer.ready || Promise.reject(new Error('not every lane has joined its group')))
  },
})
