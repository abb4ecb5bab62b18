import { createHmac, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { WooEntity, WooShop } from './create-woo-shop.ts'

export type WooApi = {
  /** Without a slash at its end. */
  readonly url: string
  /** Requests by status, the host's own failures included. */
  readonly answers: ReadonlyMap<number, number>
  close(): Promise<void>
}

export type WooApiOptions = {
  readonly shop: Pick<WooShop, 'document' | 'documents'>
  readonly consumer: { readonly consumerKey: string; readonly consumerSecret: string }
  readonly port?: number
  /** Every so many requests the host is overloaded and says so in HTML. Default never. */
  readonly failsEvery?: number
}

const entities: readonly WooEntity[] = ['orders', 'products', 'customers']
/** How old a signed request may be, ms. */
const window = 15 * 60_000

/**
 * The shop's REST API, version 3, over http: single entities and listings page by page, for requests signed by OAuth
 * 1.0a. Rejects when the port is taken.
 */
export async function startWooApi(options: WooApiOptions): Promise<WooApi> {
  const { shop, consumer, failsEvery = Number.POSITIVE_INFINITY } = options
  const nonces = new Set<string>()
  const answers = new Map<number, number>()
  let asked = 0

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

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`)
    asked += 1
    if (asked % failsEvery === 0) return send(response, 503, '<html>Briefly unavailable</html>', { 'retry-after': '1' })
    const [, entityName, id] = /^\/wp-json\/wc\/v3\/(\w+)(?:\/(\d+))?$/.exec(url.pathname) ?? []
    const entity = entities.find((known) => known === entityName)
    if (entity === undefined) return send(response, 404, error('rest_no_route', 404))
    if (!isSigned(url)) return send(response, 401, error('woocommerce_rest_authentication_error', 401))
    if (id !== undefined) {
      const document = shop.document(entity, Number(id))
      return document === undefined ? send(response, 404, error(unknown[entity], 404)) : send(response, 200, document)
    }
    const all = shop.documents(entity)
    const perPage = Number(url.searchParams.get('per_page') ?? 10)
    const first = (Number(url.searchParams.get('page') ?? 1) - 1) * perPage
    const total = { 'x-wp-total': String(all.length), 'x-wp-totalpages': String(Math.ceil(all.length / perPage)) }
    return send(response, 200, all.slice(first, first + perPage), total)
  })
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the API has no address')
  return {
    url: `http://127.0.0.1:${address.port}`,
    answers,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

const unknown: Readonly<Record<WooEntity, string>> = {
  orders: 'woocommerce_rest_shop_order_invalid_id',
  products: 'woocommerce_rest_product_invalid_id',
  customers: 'woocommerce_rest_invalid_id',
}

const error = (code: string, status: number) => ({ code, message: 'Sorry.', data: { status } })

const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`)
