import { NoAnswer } from '@varai/ingest'
import type { PollFrom, PollPage } from '@varai/ingest/poll'
import { parseLossless, type Statement } from '@varai/ingest/pure'
import { createLog } from '@varai/runtime'
import type { ShopifyStore } from '@varai/runtime/stores'
import {
  type AdminApiOptions,
  createShop,
  type AdminApi as Served,
  startAdminApi,
  topicsWithStock,
} from '@varai/simulator'
import { afterEach, expect, test } from 'vitest'
import { staticToken } from '../admin-api/access-token.ts'
import { createAdminApi } from '../admin-api/admin-api.ts'
import { translate } from '../pure/translate/translate.ts'
import { shopifyPollKinds } from './poll-kinds.ts'

const storeId = 'polled.myshopify.com'
const shop = createShop({
  ...{ seed: 'polled', merchantId: 'm1', storeId, secret: 'shh', deliveries: 900, topics: topicsWithStock },
})
const { world, deliveries: lived } = shop.live()
const deliveries = [...lived]
const log = createLog({ service: 'test', level: 'silent' })

const open: Served[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((served) => served.close()))
})

async function polled(
  options: Partial<AdminApiOptions> & { objectsOfOnePath?: number; known?: string[]; uninstalled?: boolean } = {},
) {
  const served = await startAdminApi({ shop, world, bucket: { maximum: 2_000, restoreRate: 1e6 }, ...options })
  open.push(served)
  const store: ShopifyStore = {
    ...{ platform: 'shopify', merchantId: 'm1', id: storeId, currency: shop.currency, api: { url: served.url } },
    credentials: { accessToken: 'shpat_static' },
  }
  const { objectsOfOnePath } = options
  const api = createAdminApi({
    ...{ store, log, token: staticToken('shpat_static'), limits: { retries: 1, firstPauseMs: 1 } },
    ...(objectsOfOnePath !== undefined && { objectsOfOnePath }),
  })
  const kinds = shopifyPollKinds({
    clients: { of: () => api, forget: () => undefined },
    known: {
      live: async (_, __, after) => (after === undefined ? (options.known ?? []) : []),
      isUninstalled: async () => options.uninstalled === true,
    },
    wholeEveryMs: 1,
  })
  async function read(name: string, from: Partial<PollFrom> = {}): Promise<PollPage[]> {
    const kind = kinds.find((each) => each.name === name)
    const start = { cursor: undefined, since: undefined, position: undefined, signal: AbortSignal.timeout(60_000) }
    const pages: PollPage[] = []
    for await (const page of kind?.read(store, { ...start, ...from }) ?? []) pages.push(page)
    return pages
  }
  return { served, read }
}

const consents = ['acceptsMarketing', 'marketingOptInLevel', 'marketingConsentAt']
const idsIn = (pages: readonly PollPage[]) => pages.flatMap(({ entries }) => entries.map(({ id }) => id))
const second = (at: number) => Math.floor(at / 1_000) * 1_000

function statementsIn(pages: readonly PollPage[]): Statement[] {
  return pages.flatMap(({ entries }) =>
    entries.flatMap(({ translation }) => {
      if (!translation.ok) throw new Error(JSON.stringify(translation.failures))
      return translation.value
    }),
  )
}

const listed = { orders: world.orders, customers: world.customers, products: world.products }
const lists = ['orders', 'customers', 'products'] as const

test.each(lists)('all %s there are, the longest unchanged first, and the cursor ends at the newest', async (list) => {
  const { read } = await polled()
  const pages = await read(list)
  expect(idsIn(pages).toSorted()).toEqual(listed[list].map(({ id }) => String(id)).toSorted())
  const cursors = pages.map(({ cursor }) => cursor?.at ?? 0)
  expect(cursors).toEqual(cursors.toSorted((one, other) => one - other))
  expect(cursors.at(-1)).toBe(Math.max(...listed[list].map(({ updatedAt }) => second(updatedAt))))
  expect(statementsIn(pages).every(({ record }) => record !== 'EntityDeleted')).toBe(true)
})

test.each(lists)('of %s only what changed since, and from where a pass was left', async (list) => {
  const { read } = await polled()
  const times = listed[list].map(({ updatedAt }) => second(updatedAt)).toSorted((one, other) => one - other)
  const since = times[Math.floor(times.length / 2)] ?? 0
  const changed = listed[list].filter(({ updatedAt }) => second(updatedAt) >= since).map(({ id }) => String(id))
  expect(changed.length).toBeLessThan(times.length)
  expect(idsIn(await read(list, { since })).toSorted()).toEqual(changed.toSorted())
  expect(idsIn(await read(list, { since: 0, position: { since } })).toSorted()).toEqual(changed.toSorted())
})

test('more than Shopify lists on one path: goes on at the last time, and misses nothing', async () => {
  const { read, served } = await polled({ maxObjects: 30, objectsOfOnePath: 30 })
  const ids = new Set(idsIn(await read('customers')))
  expect(ids).toEqual(new Set(world.customers.map(({ id }) => String(id))))
  expect(served.requests.some(({ variables }) => String(variables['query']).startsWith('updated_at:>='))).toBe(true)
})

test('a customer says by the API what its webhook says', async () => {
  const { read } = await polled()
  const byId = new Map(statementsIn(await read('customers')).map((statement) => [statement.entityId, statement]))
  let compared = 0
  for (const customer of world.customers) {
    const told = deliveries.findLast(
      ({ topic, entity }) => /^customers\/(create|update)$/.test(topic) && entity.id === String(customer.id),
    )
    const body = parseLossless(Buffer.from(told?.body ?? '{}'))
    const store = { platform: 'shopify', merchantId: 'm1', id: storeId, currency: shop.currency } as const
    const said = body.ok && told && translate(body.value, { topic: told.topic, store })
    const webhook = said ? (said.ok ? said.value[0] : undefined) : undefined
    const answer = byId.get(String(customer.id))
    if (webhook?.record !== 'CustomerStated' || answer?.record !== 'CustomerStated') continue
    if (webhook.platformAt !== answer.platformAt) continue
    const { locale: _, ...facts } = answer.facts
    // Of a contact that is not there any more the API says nothing.
    const gone = [...(facts.phone == null ? ['acceptsSmsMarketing'] : []), ...(facts.email == null ? consents : [])]
    const asked = Object.entries(webhook.facts).filter(([name, value]) => value !== undefined && !gone.includes(name))
    expect(facts).toMatchObject(Object.fromEntries(asked))
    compared += 1
  }
  expect(compared).toBeGreaterThan(20)
})

test('the whole catalogue, page by page, and from behind the last id told', async () => {
  const { read } = await polled()
  const pages = await read('catalogue')
  const ids = world.products.map(({ id }) => id).toSorted((one, other) => (one < other ? -1 : 1))
  expect(idsIn(pages)).toEqual(ids.map(String))
  const behind = String(ids[2])
  expect(idsIn(await read('catalogue', { position: { behind } }))).toEqual(ids.slice(3).map(String))
})

test('the stock of each location, of the last day at first, then since what was newest', async () => {
  const { read } = await polled()
  const levels = [...world.levels.values()]
  const toldSince = (at: number) =>
    levels.filter(({ updatedAt }) => second(updatedAt) >= at).map(({ id, locationId }) => `${id}:${locationId}`)
  const since = second(levels.map(({ updatedAt }) => updatedAt).toSorted()[Math.floor(levels.length / 2)] ?? 0)
  const pages = await read('stock', { since })
  expect(idsIn(pages).toSorted()).toEqual(toldSince(since).toSorted())
  expect(pages.at(-1)?.cursor?.at).toBe(Math.max(...levels.map(({ updatedAt }) => second(updatedAt))))
  for (const statement of statementsIn(pages)) {
    const level = world.levels.get(BigInt(statement.entityId))
    expect(statement).toMatchObject({
      ...{ record: 'InventoryStated', eventName: 'inventory_sync' },
      cleared: level?.available == null ? ['available'] : [],
      facts: { locationId: String(level?.locationId), available: level?.available ?? undefined },
    })
  }
  expect(idsIn(await read('stock')).toSorted()).toEqual(toldSince(Date.now() - 86_400_000).toSorted())
})

test('what is held to be there and is not shown is gone since the sweep began, and may come back', async () => {
  const there = String(world.products[0]?.id)
  const { read } = await polled({ known: [there, '999'] })
  const pages = await read('gone-products')
  expect(idsIn(pages)).toEqual(['999'])
  expect(statementsIn(pages)).toMatchObject([
    {
      ...{ record: 'EntityDeleted', eventName: 'product_deleted', entityId: '999' },
      facts: { reason: 'swept', terminal: false, confirmed: true },
    },
  ])
  const [statement] = statementsIn(pages)
  expect(statement?.platformAt).toBeLessThan(pages[0]?.answeredAt ?? 0)
})

test('a shop that removed the app is not asked', async () => {
  const { read, served } = await polled({ uninstalled: true, known: ['1'] })
  for (const kind of [...lists, 'stock', 'catalogue', 'gone-products', 'gone-customers'])
    expect(await read(kind)).toEqual([])
  expect(served.requests).toEqual([])
})

test('a shop that wants to be left alone says for how long; one that refuses ends the pass without a tombstone', async () => {
  const { read, served } = await polled()
  served.failNext({ kind: 'status', status: 503, retryAfter: '90' })
  await expect(read('orders')).rejects.toSatisfy((error) => error instanceof NoAnswer && error.afterMs === 90_000)
  const blind = await polled({ scopes: ['read_orders'], known: ['1'] })
  await expect(blind.read('gone-products')).rejects.toMatchObject({ name: 'ApiRefused', reason: 'access-denied' })
})

test.each(['null', 'refused'] as const)(
  'of customers whose personal data the app may not see the rest is told, and nothing is emptied: %s',
  async (protectedData) => {
    const { read } = await polled({ protectedData })
    const statements = statementsIn(await read('customers'))
    expect(statements).toHaveLength(world.customers.length)
    const personal = ['email', 'phone', 'firstName', 'lastName', 'acceptsMarketing', 'addresses']
    expect(statements.flatMap(({ cleared }) => cleared ?? []).filter((name) => personal.includes(name))).toEqual([])
    for (const { facts } of statements) expect(facts).toMatchObject({ email: undefined, state: expect.any(String) })
  },
)
