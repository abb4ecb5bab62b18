import type {} from '@varai/dev-stack/vitest'
import { createCodec, createKafka, createPublisher, deadLetter, ensureTopics } from '@varai/kafka'
import { createLog } from '@varai/runtime'
import { changesTopic, eventKey, laneTopic, topicCatalogue } from '@varai/schemas'
import { Decimal128, MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { sampleRecord } from './pure/test-events.ts'
import { run } from './run.ts'
import { recordTerminal, runWords } from './test-terminal.ts'

const stack = inject('stack')
const name = `cli-test-${process.pid}`
const env = {
  KAFKA_BROKERS: stack.kafka.brokers.join(','),
  SCHEMA_REGISTRY_URL: stack.registry.url,
  MONGO_URL: stack.mongo.url,
  MONGO_DATABASE: name,
  VARAI_TOPIC_PREFIX: `${name}.`,
}
const log = createLog({ service: name, level: 'silent' })
const kafka = createKafka({ brokers: stack.kafka.brokers, clientId: name, topicPrefix: `${name}.` }, log)
const codec = createCodec({ registryUrl: stack.registry.url, log })
const publisher = createPublisher({ kafka, codec, log })
const mongo = new MongoClient(stack.mongo.url)
const db = mongo.db(name)

beforeAll(async () => {
  await ensureTopics(kafka, {
    partitions: 2,
    catalogue: topicCatalogue.filter((topic) => topic.name !== 'varai.changes'),
  })
  await publisher.connect(['OrderStated', 'EntityDeleted'])
})
afterAll(async () => {
  await publisher.close()
  await db.dropDatabase()
  await mongo.close()
})

let events = 0
async function publishOrder(fields: { entityId: string; storeId?: string; eventName?: string }): Promise<void> {
  const stated = {
    eventId: `e${++events}`,
    email: 'mia@example.com',
    name: '#1',
    total: '10',
    currency: 'EUR',
    ...fields,
  }
  const value = sampleRecord('OrderStated', stated)
  const lane = value.eventName === 'order_created' ? 'high' : 'medium'
  await publisher.publish({ topic: laneTopic(lane), key: eventKey(value), record: 'OrderStated', value })
}

describe('tail', () => {
  beforeAll(async () => {
    await publishOrder({ entityId: '1', eventName: 'order_created' })
    await publishOrder({ entityId: '1' })
    await publishOrder({ entityId: '2', storeId: 'other.myshopify.com' })
    await publisher.publishRaw({ topic: laneTopic('low'), key: 'k', bytes: Buffer.from('nonsense') })
  })

  test('from the beginning, with a limit: one line each, then the end', async () => {
    const ended = await runWords(['tail', '--from-beginning', '--limit', '4'], env)
    expect(ended).toMatchObject({ exitCode: 0, stderr: '' })
    const lines = ended.stdout.trimEnd().split('\n')
    expect(lines).toHaveLength(4)
    expect(lines.filter((line) => line.includes('order_created'))).toHaveLength(1)
    expect(lines.filter((line) => line.includes('cannot be read'))).toHaveLength(1)
    expect(ended.stdout).not.toContain('mia@')
  })

  test('lanes, events and stores are filters; JSON hides personal fields unless asked', async () => {
    const words = ['tail', '--from-beginning', '--json', '--limit', '1']
    const high = await runWords([...words, '--lane', 'high'], env)
    expect(JSON.parse(high.stdout)).toMatchObject({
      topic: 'varai.events.high',
      record: 'OrderStated',
      value: { eventName: 'order_created', entityId: '1', total: '10', email: '[personal]', phone: null },
    })
    const other = await runWords([...words, '--store', 'other.myshopify.com', '--show-personal'], env)
    expect(JSON.parse(other.stdout)).toMatchObject({ value: { entityId: '2', email: 'mia@example.com' } })
  })

  test('without --from-beginning only what comes; Ctrl-C ends it with 0', async () => {
    const recorded = recordTerminal(env)
    const ended = run(['tail', '--event', 'order_created'], recorded.terminal)
    await vi.waitFor(
      async () => {
        await publishOrder({ entityId: 'new', eventName: 'order_created' })
        expect(recorded.stdout()).toContain('order new')
      },
      { timeout: 30_000, interval: 500 },
    )
    recorded.stop()
    expect(await ended).toBe(0)
    expect(recorded.stdout()).not.toContain('order 1 ')
  })
})

describe('topics', () => {
  test('what is missing fails the command; --create makes it; differences and lags are shown', async () => {
    const before = await runWords(['topics'], env)
    expect(before.exitCode).toBe(1)
    expect(before.stdout).toMatch(/^varai\.changes +12 +30 d +missing$/m)
    expect(before.stdout).toMatch(/^varai\.events\.high .* \(partitions 2, catalogue: 12\)/m)
    expect(before.stderr).toMatch(/^1 of \d+ topics are missing; create them with: varai topics --create\n$/)

    const created = await runWords(['topics', '--create', '--json'], env)
    expect(created).toMatchObject({ exitCode: 0, stderr: '' })
    expect(JSON.parse(created.stdout).created).toEqual(['varai.changes'])
    const after = await runWords(['topics'], env)
    expect(after.exitCode).toBe(0)
    expect(after.stdout).toMatch(/^varai\.changes +12 +30 d +0$/m)
  })
})

describe('dlq list', () => {
  test('where each came from and why, the newest last, never what is in it', async () => {
    const letter = (service: string, reason: string, at: number) =>
      deadLetter(publisher, {
        service,
        reason,
        key: 'mia@example.com',
        bytes: Buffer.from('{"email":"mia@example.com"}'),
        headers: { 'x-customer': 'mia@example.com' },
        at,
        ...(service === 'sync-core' && { position: { topic: 'varai.events.high', partition: 1, offset: '7' } }),
      })
    expect((await runWords(['dlq', 'list'], env)).stderr).toBe('No dead letters.\n')
    await letter('sync-core', 'bad \u001b[31mcreatedAt', 2_000)
    await letter('ingest-shopify', 'no-id', 1_000)
    const all = await runWords(['dlq', 'list'], env)
    expect(all).toMatchObject({ exitCode: 0, stderr: '2 in all.\n' })
    const [, first, second] = all.stdout.split('\n')
    expect(first).toMatch(/^1970-01-01T00:00:01.000Z +ingest-shopify +\d@\d +never a record +1 +27 +no-id$/)
    expect(second).toMatch(/ sync-core .* varai\.events\.high 1@7 .* bad \\u001b\[31mcreatedAt$/)

    const newest = await runWords(['dlq', 'list', '--limit', '1', '--json'], env)
    expect(JSON.parse(newest.stdout)).toMatchObject({ service: 'sync-core', attempts: 1, bytes: 27 })
    const ofOne = await runWords(['dlq', 'list', '--service', 'ingest-shopify'], env)
    expect(ofOne.stderr).toBe('1 in all.\n')
    for (const { stdout } of [all, newest, ofOne]) expect(stdout).not.toContain('mia@')
  })
})

test('hours are asked to be made again; bad times are refused', async () => {
  const hours = ['--from', '2026-05-01T12:00Z', '--to', '2026-05-01T15:30Z']
  const asked = await runWords(['analytics', 'aggregate', ...hours, '--no-wait'], env)
  expect(asked).toMatchObject({ exitCode: 0, stdout: 'asked: 2026-05-01T12:00:00.000Z..2026-05-01T15:30:00.000Z\n' })
  const told = await runWords(
    ['tail', '--from-beginning', '--lane', 'low', '--event', 'analytics_aggregation', '--json', '--limit', '1'],
    env,
  )
  expect(JSON.parse(told.stdout)).toMatchObject({ value: { from: Date.UTC(2026, 4, 1, 12), reason: 'operator' } })
  for (const bad of [
    ['--from', 'yesterday'],
    ['--from', '2026-05-02', '--to', '2026-05-01'],
    ['--from', '2020-01-01'],
  ])
    expect(await runWords(['analytics', 'aggregate', ...bad], env)).toMatchObject({ exitCode: 2 })
})

describe('get', () => {
  const order = (storeId: string, platformId: string) => ({
    _id: `acme|shopify|${storeId}|${platformId}`,
    merchantId: 'acme',
    platform: 'shopify',
    storeId,
    platformId,
    total: Decimal128.fromString('120.50'),
    createdAt: new Date('2026-05-01T12:30:00Z'),
    note: null,
    version: 2,
    fold: { stated: {} },
  })
  const customer = (merchantId: string, platformId: string, address: string) => ({
    _id: `${merchantId}|shopify|acme.myshopify.com|${platformId}`,
    merchantId,
    storeId: 'acme.myshopify.com',
    platformId,
    email: address,
    emailKey: `${merchantId}|${address}`,
  })
  beforeAll(async () => {
    type Stored = { _id: string }
    await db.collection('customers').createIndex({ emailKey: 1 }, { sparse: true })
    await db
      .collection<Stored>('orders')
      .insertMany([
        order('acme.myshopify.com', '820982911946154508'),
        order('acme.myshopify.com', '7'),
        order('b.myshopify.com', '7'),
      ])
    await db
      .collection<Stored>('customers')
      .insertMany([
        customer('acme', 'c1', 'mia+1@example.com'),
        customer('acme', 'c2', 'mia+1@example.com'),
        customer('other', 'c3', 'mia+1@example.com'),
      ])
    await db.collection<{ _id: string; [field: string]: string }>('users').insertMany([
      { _id: 'acme|shopify|acme.myshopify.com|c1', merchantId: 'acme', firstName: 'Mia' },
      { _id: 'acme|shopify|acme.myshopify.com|c2', redirectTo: 'acme|shopify|acme.myshopify.com|c1' },
      { _id: 'other|shopify|acme.myshopify.com|c3', merchantId: 'other', firstName: 'Maja' },
    ])
  })
  const get = (...words: string[]) => runWords(['get', ...words], env)

  test('what led to an order, as analytics keeps it', async () => {
    const because = ['Led to by acme|html|acme-shop|s-1: the order carries the id of the session.']
    await db.collection<{ _id: string; because: string[]; at?: Date }>('analytics_order_shown').insertMany([
      { _id: 'acme|shopify|acme.myshopify.com|7', because, at: new Date() },
      { _id: 'acme|shopify|b.myshopify.com|7', because: [] },
    ])
    await db
      .collection<{ _id: string; waits?: true }>('analytics_order_facts')
      .insertMany([
        { _id: 'acme|shopify|acme.myshopify.com|7' },
        { _id: 'acme|shopify|b.myshopify.com|7', waits: true },
      ])
    const explained = await runWords(['explain', 'order', '7'], env)
    expect(explained).toMatchObject({ exitCode: 0, stderr: '' })
    expect(explained.stdout.trimEnd().split('\n')).toEqual([
      ...['order acme|shopify|acme.myshopify.com|7', ...because, 'order acme|shopify|b.myshopify.com|7'],
      'It counts nowhere: it is deleted, a test, or nobody said when it was made.',
      'Something became known since that is not counted yet.',
    ])
    const uncounted = await runWords(['explain', 'order', '820982911946154508'], env)
    expect(uncounted.stdout).toContain('not counted yet')
    expect(await runWords(['explain', 'order', 'none'], env)).toMatchObject({ exitCode: 1 })
  })

  test("by the platform's id, as text and as JSON", async () => {
    expect(await get('order', '820982911946154508')).toEqual({
      exitCode: 0,
      stderr: '',
      stdout: `_id: acme|shopify|acme.myshopify.com|820982911946154508
merchantId: acme
platform: shopify
storeId: acme.myshopify.com
platformId: "820982911946154508"
total: "120.50"
createdAt: 2026-05-01T12:30:00.000Z
note: null
`,
    })
    const json = await get('order', '820982911946154508', '--json', '--all')
    expect(JSON.parse(json.stdout)).toMatchObject({ platformId: '820982911946154508', version: 2, fold: {} })
  })

  test('several that may be meant are listed; the whole id or the store decides', async () => {
    const several = await get('order', '7')
    expect(several).toMatchObject({
      exitCode: 1,
      stdout: 'acme|shopify|acme.myshopify.com|7\nacme|shopify|b.myshopify.com|7\n',
    })
    expect(several.stderr).toMatch(/2 orders are meant by 7/)
    expect((await get('order', '7', '--store', 'b.myshopify.com')).exitCode).toBe(0)
    expect((await get('order', 'acme|shopify|b.myshopify.com|7')).exitCode).toBe(0)
  })

  test('not there: one line and 1', async () => {
    expect(await get('product', '404')).toEqual({ exitCode: 1, stdout: '', stderr: 'varai: no product 404\n' })
  })

  test('a user by e-mail, by account and by a redirect is the person', async () => {
    for (const words of [
      [' Mia+1@Example.com', '--merchant', 'acme'],
      ['c2'],
      ['acme|shopify|acme.myshopify.com|c2'],
    ]) {
      const found = await get('user', ...words, '--json')
      expect(JSON.parse(found.stdout)).toMatchObject({ _id: 'acme|shopify|acme.myshopify.com|c1', firstName: 'Mia' })
    }
    expect((await get('user', 'mia+1@example.com')).stdout.split('\n').filter(Boolean)).toEqual([
      'acme|shopify|acme.myshopify.com|c1',
      'other|shopify|acme.myshopify.com|c3',
    ])
    expect((await get('user', 'ia+1@example.com')).stderr).toMatch(/no user/)
  })

  test('a customer by e-mail', async () => {
    expect((await get('customer', 'mia+1@example.com', '--merchant', 'other')).stdout).toMatch(/^platformId: c3$/m)
  })
})

describe('explain and timeline', () => {
  const id = 'acme|shopify|acme.myshopify.com|77'
  beforeAll(async () => {
    await db.collection<{ _id: string; [field: string]: unknown }>('users').insertOne({
      ...{ _id: id, merchantId: 'acme', version: 1, policyVersion: 1, syncedAt: new Date(0), members: [id] },
      ...{ firstName: 'Ann', conflicts: [] },
      provenance: { firstName: { rule: 'last_write_wins', from: [{ record: id, since: new Date(0), event: 'e1' }] } },
    })
    await db
      .collection<{ _id: string; [field: string]: unknown }>('customers')
      .insertOne({ _id: id, emailKey: 'acme|ann@x.at' })
    await ensureTopics(kafka, { partitions: 2 })
    await publisher.connect(['CustomerStated', 'DocumentChanged'])
    const stated = sampleRecord('CustomerStated', { entityId: '77', storeId: 'acme.myshopify.com', merchantId: 'acme' })
    await publisher.publish({
      topic: laneTopic('medium'),
      key: eventKey(stated),
      record: 'CustomerStated',
      value: stated,
    })
    const named = { changeId: `users|${id}|1`, collection: 'users', documentId: id, merchantId: 'acme' }
    const value = {
      ...named,
      version: 1,
      kind: 'created',
      fields: ['firstName'],
      after: '{"firstName":"Ann"}',
      at: Date.now(),
    }
    for (const record of ['DocumentChanged', 'DocumentChanged'] as const) {
      await publisher.publish({ topic: changesTopic, key: id, record, value })
    }
  })

  test('a sentence for each field, and why it is who it is', async () => {
    const ended = await runWords(['explain', 'user', id], env)
    expect(ended).toMatchObject({ exitCode: 0, stderr: '' })
    expect(ended.stdout).toContain('no other account of the merchant states the e-mail address ann@x.at.')
    expect(ended.stdout).toMatch(/^firstName is "Ann": said by shopify\/acme\.myshopify\.com 77 since 1970/m)
    expect(await runWords(['explain', 'user', `${id}0`], env)).toMatchObject({ exitCode: 1 })
  })

  test('events and changes in their order, each once', async () => {
    const ended = await runWords(['timeline', 'user', id], env)
    expect(ended).toMatchObject({ exitCode: 0, stderr: '' })
    const lines = ended.stdout.trimEnd().split('\n')
    expect(lines.map((line) => line.split('  ')[1]?.trim())).toEqual(['medium', 'change'])
    expect(lines[1]).toContain('version 1 created  firstName: "Ann"')
  })
})

describe('decide', () => {
  const id = 'optik|shopify|north.myshopify.com|1'
  const south = 'optik|woocommerce|https://south.example|7'
  const decisions = () => db.collection<{ _id: string; asked: string; state: string; version: number }>('decisions')
  beforeAll(async () => {
    await db.collection<{ _id: string; [field: string]: unknown }>('users').insertMany([
      { _id: id, merchantId: 'optik', version: 3, members: [id, south], phone: '1' },
      { _id: south, merchantId: 'optik', version: 1, redirectTo: id },
    ])
  })
  const who = ['--by', 'mia', '--why', 'she said so']
  /** As sync-core does. */
  const answering = async (set: object) =>
    vi.waitFor(
      async () => expect((await decisions().updateOne({ state: 'asked' }, { $set: set })).modifiedCount).toBe(1),
      { timeout: 20_000 },
    )

  test('asks with what the person saw, follows redirects, and waits for the answer', async () => {
    const ended = runWords(
      ['decide', 'user', south, 'phone', '--take', 'woocommerce/https://south.example', '--pin', ...who],
      env,
    )
    await answering({ state: 'shown' })
    expect(await ended).toMatchObject({ exitCode: 0, stderr: '' })
    const kept = await decisions().findOne({})
    expect(kept).toMatchObject({ collection: 'users', documentId: id, version: 3, group: 'phone', by: 'mia' })
    expect(JSON.parse(kept?.asked ?? '')).toEqual({ what: 'take', record: south, pinned: true })
  })

  test('a refusal is told, with 1; a question that makes no sense is not asked, with 2', async () => {
    const ended = runWords(['decide', 'user', id, 'name', '--value', '{"firstName":"Ann"}', ...who], env)
    await answering({ state: 'refused', reason: 'it changed meanwhile' })
    expect(await ended).toMatchObject({ exitCode: 1, stderr: 'varai: refused: it changed meanwhile\n' })

    const count = await decisions().countDocuments()
    for (const words of [['--take', 'shopify/nowhere'], ['--pin', '--unpin'], []]) {
      expect(await runWords(['decide', 'user', id, 'phone', ...words, ...who], env)).toMatchObject({ exitCode: 2 })
    }
    expect(await decisions().countDocuments()).toBe(count)
  })
})

describe('decide who is one person', () => {
  const [ann, annie] = ['kette|shopify|a.myshopify.com|k1', 'kette|shopify|b.myshopify.com|k2']
  type Kept = { _id: string; [field: string]: unknown }
  const verdicts = () => db.collection<Kept>('verdicts')
  beforeAll(async () => {
    const shared = { merchantId: 'kette', emailKey: 'kette|ann@kette.at' }
    await db.collection<Kept>('customers').insertMany([ann, annie].map((_id) => ({ _id, ...shared })))
    await db.collection<Kept>('users').insertMany([
      { _id: ann, merchantId: 'kette', version: 1, members: [ann] },
      { _id: annie, merchantId: 'kette', version: 1, members: [annie] },
    ])
  })
  const who = ['--by', 'mia', '--why', 'saw both passports']
  /** As sync-core does. */
  const answering = async (set: { state: string; reason?: string }) =>
    vi.waitFor(
      async () => expect((await verdicts().updateOne({ state: 'asked' }, { $set: set })).modifiedCount).toBe(1),
      { timeout: 20_000 },
    )

  test('asks about two records, waits, and tells who they are now', async () => {
    const ended = runWords(['decide', 'not-same', annie, 'k1', ...who], env)
    await answering({ state: 'shown' })
    expect(await ended).toEqual({
      exitCode: 0,
      stderr: '',
      stdout: `decided: they are two persons: ${annie} and ${ann}\n`,
    })
    expect(await verdicts().findOne({})).toMatchObject({
      ...{ merchantId: 'kette', pair: [ann, annie], says: 'not_same', by: 'mia', why: 'saw both passports' },
      at: expect.any(Date),
    })
  })

  test('a word that joins nobody, because it contradicts others, is told as such', async () => {
    const ended = runWords(['decide', 'same', ann, annie, ...who], env)
    await answering({ state: 'shown' })
    expect(await ended).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('contradicts') })
  })

  test('a refusal is told; an address that several have is no name of a record, nor is nobody’s', async () => {
    const ended = runWords(['decide', 'withdraw', ann, annie, ...who], env)
    await answering({ state: 'refused', reason: 'they are of two merchants' })
    expect(await ended).toMatchObject({ exitCode: 1, stderr: 'varai: refused: they are of two merchants\n' })
    const several = await runWords(['decide', 'same', 'ann@kette.at', annie, ...who], env)
    expect(several).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(`name one of: ${ann}, ${annie}`) })
    expect(await runWords(['decide', 'same', ann, 'k9', ...who], env)).toMatchObject({ exitCode: 1 })
    expect(await verdicts().countDocuments()).toBe(3)
  })
})

describe('privacy', () => {
  const [ann, other] = ['priv|shopify|n|1', 'priv|shopify|s|2']
  const request = {
    ...{ kind: 'customer_redact', scope: 'person', merchantId: 'priv', platform: 'shopify', storeId: 'n' },
    ...{ subjectRef: 'sub_1', requestedAt: new Date(1), receivedAt: new Date(2), legalDueAt: new Date(3) },
  }
  const confirmed = (service: string) => ({
    ...{ service, outcome: 'done', reason: null, counts: { customers: 1 }, at: new Date(4) },
  })
  type Any = { _id: string }
  const insert = (collection: string, ...documents: object[]) =>
    db.collection<Any>(collection).insertMany(documents as Any[])

  beforeAll(async () => {
    const all = ['sync-core', 'analytics', 'ml-collector'].map(confirmed)
    await insert(
      'privacy_requests',
      { _id: 'r-open', ...request, confirmations: [confirmed('sync-core')] },
      { _id: 'r-done', ...request, handedOverAt: new Date(2), confirmations: all },
    )
    await insert('erasures', { _id: 'r-done', customers: [ann, other], orders: [], allOrders: true, at: new Date(1) })
    await insert('customers', { _id: ann, emailKey: 'priv|ann@x.at', storeId: 'n' }, { _id: other, storeId: 's' })
    await insert('users', { _id: ann, members: [ann, other] }, { _id: other, redirectTo: ann })
    const placed = { merchantId: 'priv', platform: 'shopify', storeId: 'n', customerId: '1' }
    await insert('orders', { _id: 'priv|shopify|n|o', ...placed })
    await insert('ai_sessions', { _id: 'priv|shopify|n|s', named: [{ id: ann }] })
  })

  test('list: those that are due, with who confirmed; those that somebody has not', async () => {
    const { stdout } = await runWords(['privacy', 'list'], env)
    expect(stdout).toMatch(/r-open .*sync-core \(open\)/)
    expect(stdout).toMatch(/r-done .*sync-core, analytics, ml-collector/)
    expect((await runWords(['privacy', 'list', '--open'], env)).stdout).not.toContain('r-done')
  })

  test('show: what was asked, what each did, and whom it took', async () => {
    const { exitCode, stdout } = await runWords(['privacy', 'show', 'r-done'], env)
    expect(exitCode).toBe(0)
    expect(stdout).toContain('analytics: done, 1 customers, 1970-01-01T00:00:00.004Z')
    expect(stdout).toContain(other)
    expect((await runWords(['privacy', 'show', 'r-open'], env)).stdout).toContain('analytics: not confirmed yet')
    expect(await runWords(['privacy', 'show', 'nonsense'], env)).toMatchObject({ exitCode: 1 })
  })

  test('preview: one account, or the whole person; nothing is changed', async () => {
    const preview = async (...words: string[]) => {
      const { stdout } = await runWords(['privacy', 'preview', ann, '--json', ...words], env)
      return JSON.parse(stdout)
    }
    expect(await preview()).toMatchObject({ accounts: [ann], persons: [ann], counts: { sessions: 1 } })
    expect(await preview('--person')).toMatchObject({ accounts: [ann, other], counts: { sessions: 1, orders: 1 } })
    expect(await runWords(['privacy', 'preview', 'priv|shopify|n|9'], env)).toMatchObject({ exitCode: 1 })
  })
})
