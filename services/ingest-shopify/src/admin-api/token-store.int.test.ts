import type {} from '@varai/dev-stack/vitest'
import { createLog } from '@varai/runtime'
import { type AdminApi, createShop, startAdminApi } from '@varai/simulator'
import { localMasterKey } from '@varai/vault'
import { MongoClient } from 'mongodb'
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from 'vitest'
import { refreshedToken } from './refreshed-token.ts'
import { createAskGrant } from './token-grant.ts'
import { createTokenStore } from './token-store.ts'

const shop = createShop({
  ...{ seed: 1, merchantId: 'optik', storeId: 'demo-optik.myshopify.com', secret: 'shh', deliveries: 20 },
})
const id = 'optik|shopify|demo-optik.myshopify.com'
const masterKey = localMasterKey(Buffer.alloc(32, 7))
const database = `token_store_test_${process.pid}`
let client: MongoClient
let served: AdminApi
let stop: AbortController

beforeAll(async () => {
  client = await MongoClient.connect(inject('stack').mongo.url)
})
beforeEach(async () => {
  stop = new AbortController()
  await client.db(database).dropDatabase()
  served = await startAdminApi({
    shop,
    credentials: { clientId: 'app', clientSecret: 'hush', refreshToken: 'shprt_first' },
    now: Date.now,
  })
})
afterEach(async () => {
  stop.abort()
  await served.close()
})
afterAll(async () => {
  await client?.db(database).dropDatabase()
  await client?.close()
})

const tokens = () => createTokenStore(client.db(database), masterKey)
/** The token as one process has it. */
const processOf = (refreshToken = 'shprt_first') =>
  refreshedToken({
    ...{ id, refreshToken, tokens: tokens(), stopping: stop.signal },
    askGrant: createAskGrant({ apiUrl: served.url, clientId: 'app', clientSecret: 'hush' }),
    log: createLog({ service: 'test', level: 'silent' }),
  })
const grants = () => served.requests.map(({ outcome }) => outcome)

test('however many processes and callers ask at once, the refresh token is spent once and all have its token', async () => {
  const processes = Array.from({ length: 4 }, () => processOf())
  const got = await Promise.all(processes.flatMap((each) => [each.current(stop.signal), each.current(stop.signal)]))
  expect(new Set(got).size).toBe(1)
  expect(grants()).toEqual(['granted'])
})

test('a process that starts later goes on where the chain is, not where the stores file began it', async () => {
  const first = processOf()
  first.refused(await first.current(stop.signal))
  const second = await first.current(stop.signal)
  expect(await processOf().current(stop.signal)).toBe(second)
  expect(grants()).toEqual(['granted', 'granted'])
})

test('refused everywhere at once: one renews, the others find it', async () => {
  const processes = [processOf(), processOf(), processOf()]
  const [old = ''] = await Promise.all(processes.map((each) => each.current(stop.signal)))
  for (const each of processes) each.refused(old)
  const got = await Promise.all(processes.map((each) => each.current(stop.signal)))
  expect(new Set(got).size).toBe(1)
  expect(got[0]).not.toBe(old)
  expect(grants()).toEqual(['granted', 'granted'])
})

test('a new refresh token in the stores file begins a new chain', async () => {
  await processOf().current(stop.signal)
  await expect(processOf('shprt_other').current(stop.signal)).rejects.toMatchObject({
    name: 'ApiRefused',
    message: expect.stringContaining('invalid_grant'),
  })
})

test('what is stored shows no token, and opens for its store only', async () => {
  const token = await processOf().current(stop.signal)
  const stored = await client.db(database).collection('shopify_tokens').findOne()
  expect(JSON.stringify(stored)).not.toContain(token)
  expect(Buffer.from(stored?.['wrapped'].value()).toString('latin1')).not.toContain(token)
  expect((await tokens().find(id))?.grant).toMatchObject({ accessToken: token, refreshToken: expect.any(String) })
  await client
    .db(database)
    .collection<{ _id: string }>('shopify_tokens')
    .insertOne({ ...stored, _id: 'another' })
  await expect(tokens().find('another')).rejects.toThrow('is not the key of')
})

test('a lease is one process’s, until it ends; a token that was overtaken is not saved', async () => {
  const store = tokens()
  const lease = await store.claim(id, 60_000)
  expect(await store.claim(id, 60_000)).toBeUndefined()
  if (lease === undefined) throw new Error('no lease')
  const token = { chain: 'c', grant: { accessToken: 'a', expiresAt: 1 } }
  expect(await store.save(id, lease, token)).toBe(true)
  expect(await store.save(id, lease, token)).toBe(false)
  await store.release(id, lease)
  expect(await store.claim(id, -1)).toMatchObject({ version: 1 })
  expect(await store.claim(id, 60_000)).toBeDefined()
})
