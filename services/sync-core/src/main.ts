import { consumeLanes, createCodec, createKafka, createPublisher, eventLanes, replayLane } from '@varai/kafka'
import { createHealth, createMetrics, parseConfig, runService, serveHealth } from '@varai/runtime'
import { pause } from '@varai/runtime/guarded-writes'
import { createLeaseStore } from '@varai/runtime/leases'
import { type Draft, type PrivacyConfirmed, privacyConfirmationsTopic, privacyTopic } from '@varai/schemas'
import { createReadSetAside } from '@varai/set-aside'
import { createVault, localMasterKey } from '@varai/vault'
import { MongoClient } from 'mongodb'
import { createApplyBatch } from './apply-batch.ts'
import { createAskStores } from './ask-stores.ts'
import { createCanonicalStore } from './canonical-store.ts'
import { keepChangesTold } from './changes/keep-told.ts'
import { createPublishChanges } from './changes/publish-changes.ts'
import { createTellRecords } from './changes/tell-records.ts'
import { createCleanUp, keepCleanedUp } from './clean-up.ts'
import { configShape } from './config.ts'
import { decimalForm } from './decimal-form.ts'
import { createAnswerQuestions, keepAnswering } from './decisions/answer-questions.ts'
import { createAnswerVerdicts } from './decisions/answer-verdicts.ts'
import { createDecisionStore } from './decisions/decision-store.ts'
import { createVerdictStore } from './decisions/verdict-store.ts'
import { createAddressRef } from './erasures/address-ref.ts'
import { confirmationOf } from './erasures/confirmation.ts'
import { createEraseNamed } from './erasures/erase-named.ts'
import { createEraseStores, keepErasingStores } from './erasures/erase-stores.ts'
import { createErasureStore } from './erasures/erasure-store.ts'
import { createKeepConfirmations } from './erasures/keep-confirmations.ts'
import { createObeyRequests } from './erasures/obey-requests.ts'
import { createTidy } from './erasures/tidy.ts'
import { createFoldInto } from './fold-into.ts'
import { createLookIntoCrowds } from './look-into-crowds.ts'
import { untilMigrated } from './migrations.ts'
import { loadPolicy } from './policy/load-policy.ts'
import { openPolicies } from './policy/policies.ts'
import { createPolicyStore } from './policy/policy-store.ts'
import { createProjections } from './projections.ts'
import { kindsIn } from './pure/kinds.ts'
import { type ItemContent, itemForms, storedItem } from './pure/project/catalog-item.ts'
import { storedUser, type UserContent, userForms } from './pure/project/user.ts'
import { createReapply, keepPolicyApplied } from './re-apply-policy.ts'
import { createRecordStore } from './record-store.ts'
import { createResolveParts } from './resolve-parts.ts'
import { createSessionCaches } from './session-caches.ts'
import { createSessionStore } from './session-store.ts'

const service = 'sync-core'

/** Larger portions save no writes, for a key's statements are in one; their values would only be collected later. */
const handledAtOnce = 1_000

runService({
  name: service,
  async start({ onStop, stopping, fail, log }) {
    const config = parseConfig(process.env, configShape)
    const metrics = createMetrics(service)

    const mongo = new MongoClient(config.mongo.url, { ...config.mongo.options, appName: service })
    onStop('mongo', () => mongo.close())
    const db = mongo.db(config.mongo.database)
    const records = createRecordStore(db)
    const sessions = createSessionStore(db)
    const own = await loadPolicy(config.policy)
    const vault = createVault({ db, masterKey: localMasterKey(config.masterKey) })

    const health = createHealth({ metrics, stopping })
    const server = await serveHealth({ health, ...config.http })
    onStop('http', server.close)
    log.info({ url: server.url }, 'http.listening')

    const migrated = health.add('migrations', () => Promise.reject(new Error('the database is not migrated yet')))
    await untilMigrated(db, { stopping, onPending: (pending) => log.error({ pending }, 'migrations.missing') })
    health.add('lanes', () => Promise.reject(new Error('no lane has joined its group yet')))
    migrated()

    const kafka = createKafka({ ...config.kafka, clientId: service }, log)
    const codec = createCodec({ registryUrl: config.kafka.registryUrl, log })
    const publisher = createPublisher({ kafka, codec, log, metrics })
    onStop('publisher', publisher.close)
    await publisher.connect(['FetchRequested', 'DocumentChanged', 'PrivacyConfirmed'])
    const policies = await openPolicies(own, { store: createPolicyStore(db), log })
    const users = createCanonicalStore({
      db,
      collection: 'users',
      forms: userForms(),
      stored: (user: UserContent) => storedUser(user, decimalForm),
    })
    const catalog = createCanonicalStore({
      db,
      collection: 'catalog',
      forms: itemForms(),
      stored: (item: ItemContent) => storedItem(item, decimalForm),
    })
    const decisions = createDecisionStore(db)
    const verdicts = createVerdictStore(db)
    const changes = {
      users: createPublishChanges({ collection: 'users', publisher, clear: users.clear }),
      catalog: createPublishChanges({ collection: 'catalog', publisher, clear: catalog.clear }),
    }
    const tellRecords = createTellRecords({ publisher, kinds: kindsIn(config.toldRecords) })
    const project = createProjections({
      ...{ records, sessions, users, catalog, policies, changes, pause },
      ...{ decisions, verdicts },
    })
    const copies = createSessionCaches({ redis: config.redis, prefix: config.kafka.topicPrefix, records, log })
    onStop('copies', async () => copies.close())
    const copySessions = copies.put
    const leases = createLeaseStore(db, 'jobs')
    const madeBefore = { users: users.madeBefore, catalog: catalog.madeBefore }
    const lookIntoCrowds = createLookIntoCrowds({ records, users, catalog, project })
    const reapply = createReapply({ records, madeBefore, project, lookIntoCrowds, policies, leases, log })
    const applied = keepPolicyApplied(reapply, { stopping, log })
    onStop('policy', () => applied)
    const cleaning = keepCleanedUp(createCleanUp({ records, sessions, project, copySessions, leases, log }), {
      stopping,
      log,
    })
    onStop('clean-up', () => cleaning)
    const answers = [
      createAnswerQuestions({ decisions, records, users, catalog, policies, project }),
      createAnswerVerdicts({ verdicts, records, project }),
    ]
    const answering = keepAnswering(answers, { stopping, log })
    onStop('decisions', () => answering)
    const told = [
      { changes: changes.users, unpublished: users.unpublished },
      { changes: changes.catalog, unpublished: catalog.unpublished },
    ]
    const sweeping = keepChangesTold(told, { stopping, log })
    onStop('changes', () => sweeping)
    onStop('told', () => Promise.all(told.map(({ changes: { clear } }) => clear())).then(() => undefined))
    const erasures = createErasureStore(db)
    const ask = createAskStores(publisher)
    const resolveParts = createResolveParts(records)
    const foldInto = createFoldInto({ records, changes: tellRecords, pause, resolveParts, ask })
    const addressRef = createAddressRef(vault)
    const eraseNamed = createEraseNamed({ erasures, records, foldInto, addressRef })
    const applying = { foldInto, eraseNamed, project, changes: tellRecords, copySessions, log }
    const obeying = {
      ...{ ...applying, records, erasures, tidy: createTidy(db) },
      confirm: (value: Draft<PrivacyConfirmed>) => publisher.publish(confirmationOf(value)).then(() => undefined),
    }
    const erasing = keepErasingStores(createEraseStores({ ...obeying, leases }), { stopping, log })
    onStop('erasures', () => erasing)
    const obeyRequests = createObeyRequests({
      ...{ ...obeying, users, addressRef },
      handle: createReadSetAside({
        ...{ vault, codec },
        handle: createApplyBatch({ ...applying, ask }),
      }),
    })
    const consumer = consumeLanes({
      kafka,
      codec,
      publisher,
      log,
      metrics,
      service,
      lanes: [
        { name: 'privacy', topics: [privacyTopic], maxRecords: 50 },
        ...eventLanes(config.lanes),
        replayLane(service),
        { name: 'confirmations', topics: [privacyConfirmationsTopic] },
      ],
      portion: handledAtOnce,
      handle: createKeepConfirmations({ ledger: vault.requests, handle: obeyRequests }),
      onCrash: fail,
    })
    onStop('consumer', consumer.stop, 8_000)
    await consumer.start()
    health.add('mongo', () => db.command({ ping: 1 }).then(() => undefined))
    health.add('lanes', () => consumer.ready || Promise.reject(new Error('not every lane has joined its group')))
  },
})
