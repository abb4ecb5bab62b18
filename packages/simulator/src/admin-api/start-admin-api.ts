import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as after } from 'node:timers/promises'
import type { Shop } from '../create-shop.ts'
import type { World } from '../shop/world.ts'
import { createBucket } from './bucket.ts'
import { answerOf, type Failure } from './failures.ts'
import type { ProtectedData } from './personal-data.ts'
import { queryRoot } from './root.ts'
import { type Posted, type Ran, runQuery } from './run-query.ts'
import { type AppCredentials, createTokens } from './tokens.ts'

export type AdminApiOptions = {
  readonly shop: Shop
  /** The shop as it stands, as `shop.live()` has it; at the end of its life unless told. */
  readonly world?: World
  readonly credentials?: AppCredentials
  /** Default: orders of any age, products and customers. */
  readonly scopes?: readonly string[]
  /** Whether the app sees names, addresses, e-mails and phones; default shown. */
  readonly protectedData?: ProtectedData
  /** The leaky bucket, in points and points per second; default 2,000 and 100. */
  readonly bucket?: { readonly maximum: number; readonly restoreRate: number }
  /** Most that one query may cost; default 1,000. */
  readonly maxCost?: number
  /** Most objects that one path of pages gives; default 25,000. */
  readonly maxObjects?: number
  /** Versions that are still answered, the oldest first; one that is not among them is answered by the oldest. */
  readonly versions?: readonly string[]
  readonly tokenLifetimes?: { readonly clientCredentials?: number; readonly offline?: number }
  /** By Shopify's clock, ms: ages of orders and ends of tokens. Default: the end of the shop's life. */
  readonly now?: () => number
}

/** A request that came in, in its order. */
export type SeenRequest = {
  readonly path: string
  readonly operation: string
  readonly variables: Readonly<Record<string, unknown>>
  readonly outcome: Ran['outcome'] | Failure['kind'] | 'granted' | 'not-granted' | 'unauthorised' | 'not-found'
}

export type AdminApi = {
  /** Of the shop, without a trailing slash: what the stores file names as `api.url`. */
  readonly url: string
  readonly requests: readonly SeenRequest[]
  /** The next requests fail so, each once, before any other is answered. Of the token endpoint with `token`. */
  failNext(...failures: readonly Failure[]): void
  failNextGrant(...failures: readonly Failure[]): void
  /** Ends every granted access token. */
  expireTokens(): void
  close(): Promise<void>
}

const allScopes = [
  'read_orders',
  'read_all_orders',
  'read_products',
  'read_customers',
  'read_inventory',
  'read_locations',
]
const json = { 'content-type': 'application/json; charset=utf-8' }

/** Starts Shopify's Admin API of one simulated shop on 127.0.0.1. Close it. */
export async function startAdminApi(options: AdminApiOptions): Promise<AdminApi> {
  const { shop, credentials = { accessToken: 'shpat_static' }, scopes = allScopes } = options
  const world = options.world ?? standing(shop)
  const now = options.now ?? (() => world.settings.now)
  const versions = options.versions ?? ['2026-01', '2026-04', '2026-07', '2026-10']
  const bucket = createBucket({ maximum: 2_000, restoreRate: 100, ...options.bucket, now: Date.now })
  const root = queryRoot(world, {
    ...{ scopes, now },
    protectedData: options.protectedData ?? 'shown',
    maxObjects: options.maxObjects ?? 25_000,
  })
  const tokens = createTokens({
    ...{ credentials, scopes, now, seed: world.settings.seed },
    ...(options.tokenLifetimes && { lifetimes: options.tokenLifetimes }),
  })
  const requests: SeenRequest[] = []
  const failures: Failure[] = []
  const grantFailures: Failure[] = []

  async function answerQuery(request: IncomingMessage, response: ServerResponse, path: string, asked: string) {
    const posted = parsePosted(await bodyOf(request))
    const see = (outcome: SeenRequest['outcome'], operation = nameIn(posted.query)) =>
      requests.push({ path, operation, variables: posted.variables, outcome })
    const version = versions.includes(asked) ? asked : versions[0]
    const headers = { ...json, 'x-shopify-api-version': version ?? asked }
    const failure = failures.shift()
    if (failure !== undefined) see(failure.kind)
    if (await failed(failure, response)) return
    const token = request.headers['x-shopify-access-token']
    if (!tokens.accepts(typeof token === 'string' ? token : undefined)) {
      if (failure === undefined) see('unauthorised')
      const errors = '[API] Invalid API key or access token (unrecognized login or wrong password)'
      return send(response, 401, headers, { errors })
    }
    const ran = await runQuery(posted, {
      ...{ root, bucket, maxCost: options.maxCost ?? 1_000 },
      throttled: failure?.kind === 'throttled',
    })
    if (failure === undefined) see(ran.outcome, ran.operation)
    send(response, 200, headers, ran.body)
  }

  async function answerGrant(request: IncomingMessage, response: ServerResponse, path: string) {
    const text = await bodyOf(request)
    const form = new URLSearchParams(text)
    const failure = grantFailures.shift()
    const see = (outcome: SeenRequest['outcome']) =>
      requests.push({ path, operation: form.get('grant_type') ?? '', variables: {}, outcome })
    if (failure !== undefined) see(failure.kind)
    if (await failed(failure, response)) return
    const { status, body } = tokens.grant(form)
    if (failure === undefined) see(status === 200 ? 'granted' : 'not-granted')
    send(response, status, json, body)
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').split('?')[0] ?? '/'
    const version = /^\/admin\/api\/([\w-]+)\/graphql\.json$/.exec(path)?.[1]
    if (request.method === 'POST' && version !== undefined) return answerQuery(request, response, path, version)
    if (request.method === 'POST' && path === '/admin/oauth/access_token') return answerGrant(request, response, path)
    requests.push({ path, operation: '', variables: {}, outcome: 'not-found' })
    send(response, 404, json, { errors: 'Not Found' })
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    failNext: (...next) => void failures.push(...next),
    failNextGrant: (...next) => void grantFailures.push(...next),
    expireTokens: () => tokens.expire(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Carries out what ends a request; false where it is to be answered after all. */
async function failed(failure: Failure | undefined, response: ServerResponse): Promise<boolean> {
  if (failure === undefined) return false
  if (failure.kind === 'reset') {
    response.socket?.resetAndDestroy()
    return true
  }
  if (failure.kind === 'slow') await after(failure.ms)
  const answer = answerOf(failure)
  if (answer === undefined) return false
  response.writeHead(answer.status, answer.headers).end(answer.body)
  return true
}

function standing(shop: Shop): World {
  const { world, deliveries } = shop.live()
  for (const _ of deliveries);
  return world
}

function send(response: ServerResponse, status: number, headers: Record<string, string>, body: unknown): void {
  response.writeHead(status, headers).end(JSON.stringify(body))
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString()
}

function parsePosted(text: string): Posted {
  const parsed: unknown = JSON.parse(text)
  const { query, variables } = typeof parsed === 'object' && parsed !== null ? (parsed as Partial<Posted>) : {}
  return { query: query ?? '', variables: variables ?? {} }
}

const nameIn = (query: string): string => /^\s*query\s+(\w+)/.exec(query)?.[1] ?? ''
