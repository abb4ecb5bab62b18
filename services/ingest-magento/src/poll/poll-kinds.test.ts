import type { PollFrom, PollPage } from '@varai/ingest/poll'
import type { Statement } from '@varai/ingest/pure'
import { createLog } from '@varai/runtime'
import type { StoreOf } from '@varai/runtime/stores'
import { createMagentoShop, type MagentoApi, startMagentoApi } from '@varai/simulator'
import { afterEach, expect, test } from 'vitest'
import { createListings } from '../rest-api/listings.ts'
import { createRestApi } from '../rest-api/rest-api.ts'
import { checked } from '../test-statements.ts'
import { magentoPollKinds } from './poll-kinds.ts'

const never = new AbortController().signal
const shop = createMagentoShop({ seed: 'poll', merchantId: 'm1', storeId: 'demo', currency: 'EUR', orders: 30 })
const anew: PollFrom = { cursor: undefined, since: undefined, position: undefined, signal: never }
const log = createLog({ service: 'test', level: 'fatal', destination: { write: () => undefined } })
const idsIn = (entity: 'orders' | 'customers' | 'products') =>
  shop
    .view()
    .documents(entity)
    .map((each) => String(each['entity_id'] ?? each['id']))

let server: MagentoApi | undefined
afterEach(() => server?.close())

async function open(known: readonly string[] = [], entries = shop.journal.length) {
  const credentials = { accessToken: 'at' }
  const view = shop.view({ entries })
  server = await startMagentoApi({ shop: view, access: credentials })
  const store: StoreOf<'magento'> = {
    ...{ platform: 'magento', merchantId: 'm1', id: 'demo', storeCode: 'default', currency: 'EUR' },
    ...{ api: { url: server.url }, credentials },
  }
  const api = createRestApi({ stopping: never, cooling: { first: 0, longest: 0 } })
  const kinds = magentoPollKinds({
    ...{ api, log, listings: createListings({ api, pageSize: 10, patience: (ask) => ask() }), wholeEveryMs: 1 },
    known: { live: async (_, __, after) => (after === undefined ? known : []) },
  })
  async function read(name: string, from: Partial<PollFrom> = {}): Promise<PollPage[]> {
    const kind = kinds.find((each) => each.name === name)
    const pages: PollPage[] = []
    for await (const page of kind?.read(store, { ...anew, ...from }) ?? []) pages.push(page)
    return pages
  }
  return { read, view, url: server.url }
}
const stated = (pages: readonly PollPage[]): Statement[] =>
  pages.flatMap(({ entries }) => entries.flatMap(({ translation }) => checked(translation)))
const idsOf = (pages: readonly PollPage[]) => pages.flatMap(({ entries }) => entries.map(({ id }) => id))

test.each(['orders', 'customers', 'products'] as const)('all %s are stated, by their own time', async (name) => {
  const { read } = await open()
  const pages = await read(name)
  expect(idsOf(pages).sort()).toEqual(idsIn(name).sort())
  const events = { orders: 'order_updated', customers: 'customer_updated', products: 'product_catalog_update' }
  const names = stated(pages).map(({ eventName }) => eventName)
  expect([...new Set(names)].filter((each) => each !== 'payment_completed')).toEqual([events[name]])
  for (const { entries } of pages) {
    for (const { at, translation } of entries) expect(checked(translation)[0]?.platformAt).toBe(at)
  }
})

test('each page says from where a next reading goes on: after the cursor, or where this one ended', async () => {
  const half = Math.floor(shop.journal.length / 2)
  const { read, view } = await open([], half)
  const [first, second] = await read('orders')
  const rest = idsOf((await read('orders', { position: first?.position })).slice(0, 1))
  expect(rest).toEqual(second?.entries.map(({ id }) => id))
  const cursor = (await read('orders')).at(-1)?.cursor
  view.advance(shop.journal.length)
  const since = (cursor?.at ?? 0) - 600_000
  const news = await read('orders', { cursor, since })
  const ids = new Set(idsOf(news))
  const wanted = shop.journal.slice(half).filter(({ entity }) => entity === 'orders')
  expect(wanted.every(({ id }) => ids.has(String(id)))).toBe(true)
  expect(ids.size).toBeLessThan(30)
})

test('stock is asked for by itself, and all of it', async () => {
  const { read } = await open()
  const pages = await read('stock')
  expect(idsOf(pages).sort()).toEqual(idsIn('products').sort())
  const levels = new Map(stated(pages).map((each) => [each.entityId, each.record === 'InventoryStated' && each.facts]))
  for (const { fields, optional } of shop.truth().records.inventory.values()) {
    const { locations, platformId } = fields
    const [level] = Array.isArray(locations) ? locations : []
    if (optional !== true) expect(levels.get(String(platformId))).toMatchObject({ available: Object(level).available })
  }
  expect(idsOf(await read('stock', { position: pages[0]?.position }))).toEqual(idsOf(pages.slice(1)))
})

test('what we know of and the shop does not show is gone, as of the sweep’s start, and may come back', async () => {
  const [there = ''] = idsIn('customers')
  const { read } = await open([there, '999999'])
  const pages = await read('gone-customers')
  expect(idsOf(pages)).toEqual(['999999'])
  expect(stated(pages)).toMatchObject([
    {
      ...{ record: 'EntityDeleted', eventName: 'customer_deleted', entityId: '999999' },
      platformAt: pages[0]?.position?.['startedAt'],
      facts: { reason: 'swept', confirmed: true, terminal: false },
    },
  ])
})
