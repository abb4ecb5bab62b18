import { createHmac, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { WooDocument } from './documents.ts'
import { wooListing } from './woo-listing.ts'
import type { WooEntity, WooView } from './woo-view.ts'

/** How the shop's host fails, in place of an answer. */
export type WooFailure =
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** A page for people, with whatever status. */
  | { readonly kind: 'html'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** The connection breaks in the middle of the answer. */
  | { readonly kind: 'broken' }

export type WooApi = {
  /** Without a slash at its end. */
  readonly url: string
  /** Requests by status, the host's own failures included. */
  readonly answers: ReadonlyMap<number, number>
  /** Path and query of each request, without what proves who asks, in order. */
  readonly requests: readonly string[]
  close(): Promise<void>
}

export type WooApiOptions = {
  readonly shop: Pick<WooView, 'document' | 'documents' | 'variations'>
  readonly consumer: { readonly consumerKey: string; readonly consumerSecret: string }
  readonly port?: number
  /** Every so many requests the host is overloaded and says so in HTML. Default never. */
  readonly failsEvery?: number
  /** Asked for each request, counted from 1: how the host fails this time, if it does. */
  readonly fails?: (request: number, path: string) => WooFailure | undefined
}

const entities: readonly WooEntity[] = ['orders', 'products', 'customers']
/** How old a signed request may be, ms. */
const window = 15 * 60_000

/**
 * The shop's REST API, version 3, over http: single entities and listings page by page, for requests signed by OAuth
 * 1.0a. Rejects when the port is taken.
 */
export async function startWooApi(options: WooApiOptions): Promise<WooApi> {
  const { shop, consumer, failsEvery = Number.POSITIVE_INFINITY, fails = () => undefined } = options
  const nonces = new Set<string>()
  const answers = new Map<number, number>()
  const requests: string[] = []

  function send(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
    answers.set(status, (answers.get(status) ?? 0) + 1)
    const isText = typeof body === 'string'
    response.writeHead(status, { 'content-type': isText ? 'text/html' : 'application/json; charset=UTF-8', ...headers })
    response.end(isText ? body : JSON.stringify(body))
  }

  function isSigned(url: URL): boolean {
    const given = url.searchParams.get('oauth_signature') ?? ''
    const [nonce, time] = [url.searchParams.get('oauth_nonce') ?? '', Number(url.searchParams.get('oauth_timestamp'))]
    const pairs = [...url.searchParams].filter(([name]) => name !== 'oauth_signature')
    const parameters = pairs
      .map(([name, value]) => `${encode(name)}=${encode(value)}`)
      .sort()
      .join('&')
    const base = ['GET', encode(url.origin + url.pathname), encode(parameters)].join('&')
    const ours = createHmac('sha256', `${consumer.consumerSecret}&`).update(base).digest()
    const theirs = Buffer.from(given, 'base64')
    const fresh = Math.abs(Date.now() - time * 1000) < window && !nonces.has(nonce)
    nonces.add(nonce)
    const isOurs = url.searchParams.get('oauth_consumer_key') === consumer.consumerKey
    return isOurs && fresh && theirs.length === ours.length && timingSafeEqual(theirs, ours)
  }

  function fail(response: ServerResponse, failure: WooFailure): void {
    if (failure.kind === 'html') send(response, failure.status, '<html>Not now</html>', failure.headers)
    else if (failure.kind === 'status')
      send(response, failure.status, error('rest_error', failure.status), failure.headers)
    else {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
      response.write('[{"id":')
      response.destroy()
    }
  }

  function list(response: ServerResponse, documents: readonly WooDocument[], query: URLSearchParams): void {
    const { rows, total, pages } = wooListing(documents, query)
    send(response, 200, rows, { 'x-wp-total': String(total), 'x-wp-totalpages': String(pages) })
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`)
    requests.push(withoutProof(url))
    const failure =
      fails(requests.length, url.pathname) ?? (requests.length % failsEvery === 0 ? overloaded : undefined)
    if (failure !== undefined) return fail(response, failure)
    const [, entityName, id, part] = /^\/wp-json\/wc\/v3\/(\w+)(?:\/(\d+)(\/variations)?)?$/.exec(url.pathname) ?? []
    const entity = entities.find((known) => known === entityName)
    if (entity === undefined || (part !== undefined && entity !== 'products')) {
      return send(response, 404, error('rest_no_route', 404))
    }
    if (!isSigned(url)) return send(response, 401, error('woocommerce_rest_authentication_error', 401))
    if (id === undefined) return list(response, shop.documents(entity), url.searchParams)
    if (part !== undefined) {
      const variations = shop.variations(Number(id))
      return variations
        ? list(response, variations, url.searchParams)
        : send(response, 404, error(unknown.products, 404))
    }
    const found = shop.document(entity, Number(id))
    return found ? send(response, 200, found) : send(response, 404, error(unknown[entity], 404))
  })
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the API has no address')
  return {
    url: `http://127.0.0.1:${address.port}`,
    ...{ answers, requests },
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

const overloaded: WooFailure = { kind: 'html', status: 503, headers: { 'retry-after': '1' } }

function withoutProof(url: URL): string {
  const query = new URLSearchParams([...url.searchParams].filter(([name]) => !name.startsWith('oauth_')))
  return query.size === 0 ? url.pathname : `${url.pathname}?${query}`
}

const unknown: Readonly<Record<WooEntity, string>> = {
  orders: 'woocommerce_rest_shop_order_invalid_id',
  products: 'woocommerce_rest_product_invalid_id',
  customers: 'woocommerce_rest_invalid_id',
}

const error = (code: string, status: number) => ({ code, message: 'Sorry.', data: { status } })

const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`)
