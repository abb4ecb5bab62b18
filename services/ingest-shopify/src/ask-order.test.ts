import { createLog, createMetrics } from '@varai/runtime'
import type { ShopifyStore } from '@varai/runtime/stores'
import type { RecordOf } from '@varai/schemas'
import { type AdminApiOptions, type AppCredentials, createShop, startAdminApi } from '@varai/simulator'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createAccessTokens } from './admin-api/api-clients.ts'
import type { StoredToken, TokenStore } from './admin-api/token-store.ts'
import { createAskOrder } from './ask-order.ts'

const storeId = 'demo-optik.myshopify.com'
const shop = createShop({ seed: 5, merchantId: 'optik', storeId, secret: 'shh', deliveries: 200 })
const orders = [...shop.truth().records.orders].filter(([, { deleted }]) => !deleted)
const orderId = orders[0]?.[0].split('|').at(-1) ?? ''
const log = createLog({ service: 'test', level: 'silent' })

const open: Awaited<ReturnType<typeof startAdminApi>>[] = []
let stop: AbortController
beforeEach(() => {
  stop = new AbortController()
})
afterEach(async () => {
  stop.abort()
  await Promise.all(open.splice(0).map((served) => served.close()))
})

/** Tokens in memory, for one process. */
function keepingTokens(): TokenStore {
  const kept = new Map<string, StoredToken>()
  return {
    find: async (id) => kept.get(id),
    claim: async (id) => ({ holder: 'me', version: kept.get(id)?.version ?? 0 }),
    async save(id, { version }, token) {
      kept.set(id, { ...token, version: version + 1 })
      return true
    },
    release: async () => undefined,
  }
}

async function asking(credentials: AppCredentials | undefined, options: Partial<AdminApiOptions> = {}) {
  const served = await startAdminApi({ shop, bucket: { maximum: 2_000, restoreRate: 1e6 }, ...options })
  open.push(served)
  const { accessToken, clientId = '', clientSecret = '', refreshToken } = credentials ?? {}
  const app = { clientId, clientSecret, ...(refreshToken !== undefined && { refreshToken }) }
  const file = new Map<string, ShopifyStore>()
  const write = (changes: Partial<ShopifyStore> = {}) =>
    file.set(storeId, {
      ...{ platform: 'shopify', merchantId: 'optik', id: storeId, currency: 'EUR', api: { url: served.url } },
      ...(credentials && { credentials: accessToken === undefined ? app : { accessToken } }),
      ...changes,
    })
  write()
  const askOrder = createAskOrder({
    stores: { find: (id) => file.get(id) },
    accessTokens: createAccessTokens({ tokens: keepingTokens(), log, stopping: stop.signal }),
    ...{ log, metrics: createMetrics('test'), stopping: stop.signal },
    limits: { retries: 1, patienceMs: 2_000, firstPauseMs: 1 },
  })
  const ask = (of: Partial<RecordOf<'FetchRequested'>> = {}) =>
    askOrder({
      ...{ requestId: 'r', merchantId: 'optik', platform: 'shopify', storeId, entityType: 'order', entityId: orderId },
      ...{ reason: 'delta', causeEventId: 'c', platformAt: null, requestedAt: 0, ...of },
    })
  return { ask, served, write, file }
}

const said = {
  kind: 'answered',
  store: { merchantId: 'optik', platform: 'shopify', id: storeId, currency: 'EUR' },
  said: {
    entityId: orderId,
    translation: { ok: true, value: expect.arrayContaining([expect.objectContaining({ eventName: 'order_edited' })]) },
  },
}
const app = { clientId: 'app', clientSecret: 'secret' }

test.each<[string, AppCredentials]>([
  ['a token that never ends', { accessToken: 'shpat_static' }],
  ['the app itself', app],
  ['a refresh token', { ...app, refreshToken: 'shprt_1' }],
])('%s opens the API, and goes on when a token ends', async (_, credentials) => {
  const { ask, served } = await asking(credentials, { credentials })
  expect(await ask()).toMatchObject(said)
  served.expireTokens()
  expect(await ask()).toMatchObject(said)
})

test('one client for a store while its entry stays as it is, another with what a reload changes', async () => {
  const { ask, served, write } = await asking(app, { credentials: { ...app, accessToken: 'shpat_static' } })
  const grants = () => served.requests.filter(({ outcome }) => outcome === 'granted').length
  await Promise.all([ask(), ask()])
  write()
  await ask()
  expect(grants()).toBe(1)
  write({ credentials: { accessToken: 'shpat_gone' } })
  expect(await ask()).toMatchObject({ kind: 'refused', reason: expect.stringContaining('unauthorised') })
  write({ credentials: { accessToken: 'shpat_static' } })
  expect(await ask()).toMatchObject(said)
})

test('an order that the store does not show', async () => {
  const { ask } = await asking({ accessToken: 'shpat_static' })
  expect(await ask({ entityId: '1' })).toEqual({ kind: 'absent' })
})

test('only orders are asked for; for another reason than an edit, as an update', async () => {
  const { ask, served } = await asking({ accessToken: 'shpat_static' })
  expect(await ask({ entityType: 'product' })).toMatchObject({ kind: 'refused' })
  expect(served.requests).toEqual([])
  const updated = expect.arrayContaining([expect.objectContaining({ eventName: 'order_updated' })])
  expect(await ask({ reason: 'tie' })).toMatchObject({ said: { translation: { value: updated } } })
})

test('a store that cannot answer now says when to come again', async () => {
  const { ask, served } = await asking({ accessToken: 'shpat_static' })
  served.failNext({ kind: 'status', status: 503, retryAfter: '90' })
  expect(await ask()).toMatchObject({ kind: 'unavailable', retryAfterMs: 90_000 })
  expect(await ask()).toMatchObject(said)
})

test('nobody is asked without credentials, for another merchant, or for a store that is gone', async () => {
  const { ask, served, file } = await asking(undefined)
  expect(await ask()).toEqual({ kind: 'refused', reason: "the store's API access is missing" })
  expect(await ask({ merchantId: 'other' })).toMatchObject({ kind: 'refused' })
  file.clear()
  expect(await ask()).toMatchObject({ kind: 'refused', reason: 'the merchant has no such store' })
  expect(served.requests).toEqual([])
})

test('when the process stops the question is withdrawn', async () => {
  const { ask, served } = await asking({ accessToken: 'shpat_static' })
  served.failNext({ kind: 'slow', ms: 5_000 })
  const asked = ask()
  stop.abort(new Error('stopping'))
  await expect(asked).rejects.toThrow('stopping')
})
