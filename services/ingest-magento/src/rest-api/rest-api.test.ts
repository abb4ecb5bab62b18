import { createServer, type RequestListener } from 'node:http'
import { read } from '@varai/ingest/pure'
import { urlOf } from '@varai/runtime'
import type { MagentoCredentials, StoreOf } from '@varai/runtime/stores'
import { createMagentoShop, type MagentoApi, type MagentoApiOptions, startMagentoApi } from '@varai/simulator'
import { afterEach, expect, test } from 'vitest'
import { type ChangedRows, createListings } from './listings.ts'
import { createRestApi, type RestApiOptions } from './rest-api.ts'

const shop = createMagentoShop({ seed: 'rest', merchantId: 'm1', storeId: 'demo', currency: 'EUR', orders: 40 })
const signing = { consumerKey: 'ck', consumerSecret: 'c s&', accessToken: 'at', accessTokenSecret: "a't" }
const bearer = { accessToken: 'at' }
let close: (() => Promise<void>) | undefined
afterEach(() => close?.())

const storeAt = (url: string, credentials?: MagentoCredentials): StoreOf<'magento'> => ({
  ...{ platform: 'magento', merchantId: 'm1', id: 'demo', storeCode: 'default', currency: 'EUR', api: { url } },
  ...(credentials && { credentials }),
})
const never = new AbortController().signal
function client({ pageSize = 100, ...options }: Partial<RestApiOptions> & { pageSize?: number } = {}) {
  const api = createRestApi({ stopping: never, cooling: { first: 0, longest: 0 }, ...options })
  return { ...api, ...createListings({ api, pageSize, patience: (ask) => ask() }) }
}

async function open(options: Partial<MagentoApiOptions> = {}): Promise<MagentoApi> {
  const api = await startMagentoApi({ shop: shop.view(), access: signing, ...options })
  close = api.close
  return api
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return urlOf(server.address())
}

const idsOf = (documents: readonly unknown[]) =>
  documents.map((each) => {
    const of = read(each)
    return Number(of.id(of.has('entity_id') ? 'entity_id' : 'id'))
  })
const idsIn = (entity: 'orders' | 'products' | 'customers') =>
  shop
    .view()
    .documents(entity)
    .map((each) => Number(each['entity_id'] ?? each['id']))
const start = { at: 0, id: '0' }

test.each(['orders', 'products', 'customers'] as const)(
  'all %s in the order of change, each once, whatever the pages',
  async (entity) => {
    const { url } = await open()
    for (const pageSize of [1, 7, 100]) {
      const places: { at: number; id: number }[] = []
      for await (const page of client({ pageSize }).getChanged(storeAt(url, signing), entity, start, never)) {
        expect(page.documents.length).toBeLessThanOrEqual(pageSize)
        places.push(...idsOf(page.documents).map((id) => ({ at: page.place.at, id })))
      }
      expect(places.map(({ id }) => id).sort()).toEqual(idsIn(entity).sort())
      expect(places.map(({ at }) => at)).toEqual(places.map(({ at }) => at).toSorted((one, other) => one - other))
    }
  },
)

test('goes on from a place in the middle of rows of one second', async () => {
  const { url, requests } = await open()
  const pages: ChangedRows[] = []
  for await (const page of client({ pageSize: 5 }).getChanged(storeAt(url, signing), 'products', start, never))
    pages.push(page)
  const at = pages.findIndex((page, index) => page.place.at === pages[index + 1]?.place.at)
  expect(at).toBeGreaterThanOrEqual(0)
  const rest: number[] = []
  const place = pages[at]?.place ?? start
  for await (const { documents } of client().getChanged(storeAt(url, signing), 'products', place, never))
    rest.push(...idsOf(documents))
  expect(rest).toEqual(pages.slice(at + 1).flatMap(({ documents }) => idsOf(documents)))
  expect(requests.every((asked) => new URL(asked, url).searchParams.has('searchCriteria[pageSize]'))).toBe(true)
})

test('what changes while it is read is missed neither by this reading nor by the next', async () => {
  const view = shop.view({ entries: Math.floor(shop.journal.length / 2) })
  const { url } = await open({ shop: view, onRequest: () => void view.advance(5) })
  const found = new Map<number, string>()
  let place = start
  for (let pass = 0; pass < 2; pass += 1) {
    for await (const page of client({ pageSize: 3 }).getChanged(storeAt(url, signing), 'orders', place, never)) {
      for (const document of page.documents) {
        found.set(idsOf([document])[0] ?? 0, read(document).text('updated_at'))
      }
      place = page.place
    }
    view.advance(shop.journal.length)
  }
  const orders = shop.view().documents('orders')
  expect(found).toEqual(new Map(orders.map((each) => [Number(each['entity_id']), each['updated_at']])))
})

test('the catalogue and the stock whole, and not the last page for ever', async () => {
  const { url } = await open()
  const products: number[] = []
  for await (const { documents } of client({ pageSize: 4 }).getProducts(storeAt(url, signing), never))
    products.push(...idsOf(documents))
  expect(products).toEqual(idsIn('products').toSorted((one, other) => one - other))
  const stock: string[] = []
  for await (const { documents } of client({ pageSize: 4 }).getStock(storeAt(url, signing), 1, never))
    stock.push(...documents.map((each) => read(each).id('product_id')))
  expect(stock.map(Number).sort()).toEqual(idsIn('products').sort())
})

test('one order, and one that there never was', async () => {
  const { url } = await open()
  const [id = 0] = idsIn('orders')
  const found = await client().getOrder(storeAt(url, signing), String(id))
  expect(found.kind === 'found' && idsOf([found.body])).toEqual([id])
  expect(await client().getOrder(storeAt(url, signing), '999999')).toMatchObject({ kind: 'gone' })
})

test('a token alone where the shop allows it; otherwise nobody comes in without the secrets', async () => {
  const { url } = await open({ access: bearer })
  const ask = (credentials?: MagentoCredentials) => client().getOrder(storeAt(url, credentials), '1')
  expect(await ask(bearer)).toMatchObject({ kind: 'gone' })
  expect(await ask({ accessToken: 'other' })).toMatchObject({ kind: 'unanswered', reason: '401' })
  expect(await ask()).toMatchObject({ kind: 'unanswered', reason: 'there are no API credentials' })
  await close?.()
  const signed = await open()
  const at = (credentials: MagentoCredentials) => client().getOrder(storeAt(signed.url, credentials), '1')
  expect(await at(bearer)).toMatchObject({ kind: 'unanswered', reason: '401' })
  expect(await at({ ...signing, accessTokenSecret: 'x' })).toMatchObject({ kind: 'unanswered', reason: '401' })
})

test('throttled, overloaded, a page of the host, a broken connection: no answer, and when to come again', async () => {
  const failures = [
    { kind: 'status', status: 429, headers: { 'retry-after': '3' } },
    { kind: 'html', status: 200 },
    { kind: 'status', status: 503 },
    { kind: 'broken' },
  ] as const
  const { url } = await open({ fails: (request) => failures[request - 1] })
  const ask = () => client().getOrder(storeAt(url, signing), '1')
  expect(await ask()).toMatchObject({ kind: 'unanswered', reason: '429', afterMs: 3_000 })
  expect(await ask()).toMatchObject({ reason: '200, and not JSON' })
  expect(await ask()).toMatchObject({ reason: '503' })
  expect(await ask()).toMatchObject({ reason: 'no connection, or it broke' })
  expect(await ask()).toMatchObject({ kind: 'gone' })
})

test('a listing that fails in between keeps what was read; the store is left alone for as long as it wants', async () => {
  let time = 1_000_000
  const { url, requests } = await open({
    fails: (request) => (request === 2 ? { kind: 'status', status: 429, headers: { 'retry-after': '7' } } : undefined),
  })
  const api = client({ pageSize: 10, now: () => time, cooling: { first: 1_000, longest: 4_000 } })
  let read = 0
  const reading = async () => {
    for await (const { documents } of api.getChanged(storeAt(url, signing), 'orders', start, never))
      read += documents.length
  }
  await expect(reading()).rejects.toMatchObject({ name: 'NoAnswer', message: '429', afterMs: 7_000 })
  expect(read).toBe(10)
  expect(await api.getOrder(storeAt(url, signing), '1')).toMatchObject({ reason: 'it is left alone for now' })
  expect(requests).toHaveLength(2)
  time += 7_000
  expect(await api.getOrder(storeAt(url, signing), '1')).toMatchObject({ kind: 'gone' })
})

test('pages that are too large are asked for in smaller pieces', async () => {
  const sizes: number[] = []
  const url = await serve((request, response) => {
    const query = new URL(request.url ?? '', 'http://x').searchParams
    const size = Number(query.get('searchCriteria[pageSize]'))
    const after = Number(query.get('searchCriteria[filter_groups][0][filters][0][value]'))
    sizes.push(size)
    const items = Array.from({ length: Math.min(size, 30 - after) }, (_, at) => ({
      id: after + at + 1,
      filler: 'x'.repeat(2 ** 20),
    }))
    response.end(JSON.stringify({ items, total_count: 30 - after }))
  })
  const ids: number[] = []
  for await (const { documents } of client().getProducts(storeAt(url, bearer), never)) ids.push(...idsOf(documents))
  expect(ids).toEqual(Array.from({ length: 30 }, (_, at) => at + 1))
  expect(sizes.slice(0, 3)).toEqual([100, 25, 6])
})

test('a store that answers something else is told apart: other rows, no list, none of the order asked for', async () => {
  let body: unknown = { items: [{ entity_id: 8 }], total_count: 1 }
  const url = await serve((_, response) => void response.end(JSON.stringify(body)))
  const all = async () => {
    for await (const _ of client({ pageSize: 2 }).getProducts(storeAt(url, bearer), never));
  }
  expect(await client().getOrder(storeAt(url, bearer), '7')).toMatchObject({
    reason: 'it answered about another one',
  })
  body = { items: [{ id: 2 }, { id: 3 }], total_count: 9 }
  await expect(all()).rejects.toThrow('does not keep to the order')
  body = { message: 'words' }
  await expect(all()).rejects.toThrow('the answer is no list')
  expect(await client().getOrder(storeAt(url, bearer), '7')).toMatchObject({ reason: 'the answer is no list' })
  body = { items: null, total_count: 0 }
  await all()
  expect(await client().getOrder(storeAt(url, bearer), '7')).toMatchObject({ kind: 'gone' })
})

test('told to stop, it stops', async () => {
  const url = await serve(() => undefined)
  const stopping = new AbortController()
  const waiting = client({ stopping: stopping.signal }).getOrder(storeAt(url, bearer), '7')
  stopping.abort()
  await expect(waiting).rejects.toThrow('aborted')
  expect(await client({ timeoutMs: 30 }).getOrder(storeAt(url, bearer), '7')).toMatchObject({
    reason: 'no answer within 30 ms',
  })
})
