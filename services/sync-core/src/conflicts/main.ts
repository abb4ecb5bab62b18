import { consumeLanes, createCodec, createKafka, createPublisher } from '@varai/kafka'
import { createHealth, createMetrics, parseConfig, runService, serveHealth } from '@varai/runtime'
import { pause } from '@varai/runtime/guarded-writes'
import { changesTopic } from '@varai/schemas'
import { MongoClient } from 'mongodb'
import { createCanonicalStore } from '../canonical-store.ts'
import { decimalForm } from '../decimal-form.ts'
import { createErasureStore, nameOfCustomer } from '../erasures/erasure-store.ts'
import { untilMigrated } from '../migrations.ts'
import { type ItemContent, itemForms, storedItem } from '../pure/project/catalog-item.ts'
import { storedUser, type UserContent, userForms } from '../pure/project/user.ts'
import { configShape } from './config.ts'
import { createConflictStore } from './conflict-store.ts'
import { createPresent } from './present.ts'
import { createReviewConflicts } from './review-conflicts.ts'

const service = 'conflicts'

runService({
  name: service,
  async start({ onStop, stopping, fail, log }) {
    const config = parseConfig(process.env, configShape)
    const metrics = createMetrics(service)

    const mongo = new MongoClient(config.mongo.url, { ...config.mongo.options, appName: service })
    onStop('mongo', () => mongo.close())
    const db = mongo.db(config.mongo.database)

    const health = createHealth({ metrics, stopping })
    const server = await serveHealth({ health, ...config.http })
    onStop('http', server.close)
    log.info({ url: server.url }, 'http.listening')

    const migrated = health.add('migrations', () => Promise.reject(new Error('the database is not migrated yet')))
    await untilMigrated(db, { stopping, onPending: (pending) => log.error({ pending }, 'migrations.missing') })
    health.add('changes', () => Promise.reject(new Error('the group is not joined yet')))
    migrated()

    const kafka = createKafka({ ...config.kafka, clientId: service }, log)
    const codec = createCodec({ registryUrl: config.kafka.registryUrl, log })
    const publisher = createPublisher({ kafka, codec, log, metrics })
    onStop('publisher', publisher.close)
    await publisher.connect([])
    const present = createPresent({
      users: createCanonicalStore({
        ...{ db, collection: 'users', forms: userForms() },
        stored: (user: UserContent) => storedUser(user, decimalForm),
      }),
      catalog: createCanonicalStore({
        ...{ db, collection: 'catalog', forms: itemForms() },
        stored: (item: ItemContent) => storedItem(item, decimalForm),
      }),
    })
    const erasures = createErasureStore(db)
    const consumer = consumeLanes({
      ...{ kafka, codec, publisher, log, metrics, service },
      lanes: [{ name: 'changes', topics: [changesTopic], group: 'conflicts' }],
      handle: createReviewConflicts({
        ...{ conflicts: createConflictStore(db), present, pause, log },
        erasures: async (records) => ((await erasures.any()) ? erasures.of(records.map(nameOfCustomer)) : []),
      }),
      onCrash: fail,
    })
    onStop('consumer', consumer.stop, 8_000)
    await consumer.start()
    health.add('mongo', () => db.command({ ping: 1 }).then(() => undefined))
    health.add('changes', () => consumer.ready || Promise.reject(new Error('the group is not joined yet')))
  },
})
