import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { isAllowed, type MagentoAccess } from './authorise.ts'
import type { MagentoView } from './create-magento-shop.ts'
import { type MagentoDocument, stockOf, withoutStock } from './documents.ts'
import { type Criteria, criteriaOf, search } from './search.ts'

export type MagentoFailure =
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** A page of the host in place of JSON, with whatever status. */
  | { readonly kind: 'html'; readonly status: number }
  /** The connection breaks in the middle of the answer. */
  | { readonly kind: 'broken' }

export type MagentoApi = {
  /** The installation's, without a slash at its end. */
  readonly url: string
  /** Requests by status, failures on request included. */
  readonly answers: ReadonlyMap<number, number>
  /** Path and query of every request, in order. */
  readonly requests: readonly string[]
  close(): Promise<void>
}

export type MagentoApiOptions = {
  readonly shop: Pick<MagentoView, 'document' | 'documents'>
  readonly access: MagentoAccess
  /** Default 0: any that is free. */
  readonly port?: number
  /** The store view whose code is in the path beside `default` and `all`. */
  readonly storeCode?: string
  /** Asked for each request, counted from 1: how the host fails this time, if it does. */
  readonly fails?: (request: number) => MagentoFailure | undefined
  /** Told before each answer: the shop may live on between two pages. */
  readonly onRequest?: (request: number) => void
}

type Answer = {
  readonly status: number
  /** A text is HTML. */
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>> | undefined
}
type Listing = { readonly rows: () => readonly MagentoDocument[]; readonly repeats: boolean }

/**
 * The shop's REST API over http: single entities, listings by search criteria, stock by its own. Knows who asks, speaks
 * times in UTC without saying so and money as numbers. Rejects when the port is taken.
 */
export async function startMagentoApi(options: MagentoApiOptions): Promise<MagentoApi> {
  const { shop, access, fails = () => undefined, onRequest = () => undefined } = options
  const codes = new Set(['default', 'all', options.storeCode ?? 'default'])
  const nonces = new Set<string>()
  const answers = new Map<number, number>()
  const requests: string[] = []

  const bySku = (sku: string) => shop.documents('products').find((each) => each['sku'] === sku)
  const stockItems = () => shop.documents('products').map(stockOf)
  const listings: Readonly<Record<string, Listing>> = {
    orders: { rows: () => shop.documents('orders'), repeats: true },
    'customers/search': { rows: () => shop.documents('customers'), repeats: true },
    products: { rows: () => shop.documents('products').map(withoutStock), repeats: false },
    'inventory/source-items': { rows: () => shop.documents('products').flatMap(sourceItemsOf), repeats: true },
  }

  function send(response: ServerResponse, { status, body, headers }: Answer): void {
    answers.set(status, (answers.get(status) ?? 0) + 1)
    const isText = typeof body === 'string'
    response.writeHead(status, { 'content-type': isText ? 'text/html' : 'application/json; charset=utf-8', ...headers })
    response.end(isText ? body : JSON.stringify(body))
  }

  function fail(response: ServerResponse, failure: MagentoFailure): void {
    if (failure.kind !== 'broken') {
      send(response, failed(failure))
      return
    }
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
    response.write('{"items":[')
    response.destroy()
  }

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`)
    requests.push(url.pathname + url.search)
    onRequest(requests.length)
    const failure = fails(requests.length)
    if (failure === undefined) send(response, answerTo(url, request.headers.authorization ?? ''))
    else fail(response, failure)
  }

  function answerTo(url: URL, authorization: string): Answer {
    const [, code = 'default', path = ''] = /^\/rest\/(?:(\w+)\/)?V1\/(.+)$/.exec(url.pathname) ?? []
    if (path === '' || !codes.has(code)) return { status: 404, body: noRoute }
    if (!isAllowed(url, authorization, access, nonces)) return { status: 401, body: refusal[401] }
    const listing = listings[path]
    if (listing !== undefined) return list(listing, criteriaOf(url.searchParams), url.searchParams.get('fields'))
    if (/^stockItems\/lowStock\/?$/.test(path)) return lowStock(url.searchParams)
    const one = single(path)
    return one === undefined ? { status: 404, body: noEntity } : { status: 200, body: one }
  }

  function single(path: string): MagentoDocument | undefined {
    const [kind = '', key = ''] = path.split('/').map(decodeURIComponent)
    switch (kind) {
      case 'orders':
        return shop.document('orders', Number(key))
      case 'customers':
        return shop.document('customers', Number(key))
      case 'products':
        return bySku(key)
      case 'stockItems': {
        const product = bySku(key)
        return product && stockOf(product)
      }
      default:
        return undefined
    }
  }

  /** Stock up to `qty` units, with paging of its own. */
  function lowStock(query: URLSearchParams): Answer {
    const rows = () => stockItems().filter(({ qty }) => Number(qty) <= Number(query.get('qty') ?? 0))
    const pageSize = Number(query.get('pageSize') ?? 0) || undefined
    const currentPage = Number(query.get('currentPage') ?? 1)
    return list({ rows, repeats: true }, { groups: [], sort: [], pageSize, currentPage })
  }

  const server = createServer(answer)
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the API has no address')
  return {
    ...{ url: `http://127.0.0.1:${address.port}`, answers, requests },
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

function list({ rows, repeats }: Listing, criteria: Criteria, fields: string | null = null): Answer {
  const { items, total } = search(rows(), criteria, repeats)
  const shown = fields === null ? items : items.map((item) => onlyFields(item, fields))
  return { status: 200, body: { items: shown, search_criteria: echoOf(criteria), total_count: total } }
}

/** What `fields=items[a,b]` leaves of an item. */
function onlyFields(item: MagentoDocument, fields: string): MagentoDocument {
  const names = /items\[([^\]]*)\]/.exec(fields)?.[1]?.split(',') ?? []
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)))
}

function failed(failure: Exclude<MagentoFailure, { kind: 'broken' }>): Answer {
  const { status } = failure
  if (failure.kind === 'html') return { status, body: '<html><body>Just a moment…</body></html>' }
  return { status, body: refusal[status] ?? { message: 'Sorry.' }, headers: failure.headers }
}

/** Only what can lie on a shelf has a level. */
function sourceItemsOf(product: MagentoDocument): MagentoDocument[] {
  if (product['type_id'] !== 'simple') return []
  const { qty = 0 } = stockOf(product)
  return [{ sku: product['sku'] ?? null, source_code: 'default', quantity: qty, status: Number(qty) > 0 ? 1 : 0 }]
}

const echoOf = ({ groups, pageSize, currentPage }: Criteria) => ({
  filter_groups: groups.map((filters) => ({
    filters: filters.map(({ field, value, type }) => ({ field, value, condition_type: type })),
  })),
  ...(pageSize !== undefined && { page_size: pageSize, current_page: currentPage }),
})

const noRoute = { message: 'Request does not match any route.' }
const noEntity = { message: "The entity that was requested doesn't exist. Verify the entity and try again." }
const refusal: Readonly<Record<number, object>> = {
  401: {
    message: "The consumer isn't authorized to access %resources.",
    parameters: { resources: 'Magento_Sales::actions_view' },
  },
  429: { message: 'Too Many Requests' },
  503: { message: 'Service Temporarily Unavailable' },
}
