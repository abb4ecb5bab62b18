import { afterEach, describe, expect, test } from 'vitest'
import { createShop } from '../create-shop.ts'
import { globalId } from '../shopify/write-json.ts'
import { type AdminApi, type AdminApiOptions, startAdminApi } from './start-admin-api.ts'

const shop = createShop({
  ...{ seed: 3, merchantId: 'optik', storeId: 'demo-optik.myshopify.com', secret: 'shh', deliveries: 500 },
})
const { world, deliveries } = shop.live()
for (const _ of deliveries);
const oldest = world.orders[0]
if (oldest === undefined) throw new Error('a shop without orders')
const oldestName = `#${1000 + oldest.sequence}`
const oldestId = globalId('Order', oldest.id)

type Page = { nodes: { id: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } }
type Answer = {
  data?: { order: { name: string; email: string | null } | null; products: Page }
  errors?: { path?: unknown; extensions: { code: string } }[]
  extensions?: { cost: unknown }
}
type Grant = { access_token: string; refresh_token: string }

const open: AdminApi[] = []
afterEach(() => Promise.all(open.splice(0).map((api) => api.close())))
async function started(options: Partial<AdminApiOptions> = {}) {
  const api = await startAdminApi({ shop, world, ...options })
  open.push(api)
  return api
}

async function asked(
  api: AdminApi,
  query: string,
  variables: object = {},
  of: { token?: string; version?: string } = {},
) {
  const response = await fetch(`${api.url}/admin/api/${of.version ?? '2026-10'}/graphql.json`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-shopify-access-token': of.token ?? 'shpat_static' },
    body: JSON.stringify({ query, variables }),
  })
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer }
}

async function granted(api: AdminApi, form: Record<string, string>) {
  const response = await fetch(`${api.url}/admin/oauth/access_token`, {
    method: 'POST',
    body: new URLSearchParams(form),
  })
  return { status: response.status, body: (await response.json()) as Grant }
}

const orderName = 'query Name($id: ID!) { order(id: $id) { name email } }'
const page = `query Page($first: Int!, $after: String, $query: String) {
  products(first: $first, after: $after, query: $query) { nodes { id } pageInfo { hasNextPage endCursor } }
}`

test('the shop of the deliveries answers', async () => {
  const api = await started()
  const { status, body } = await asked(api, orderName, { id: oldestId })
  expect(status).toBe(200)
  expect(body.data?.order).toEqual({ name: oldestName, email: oldest.email })
  expect(body.extensions?.cost).toMatchObject({
    ...{ requestedQueryCost: 1, actualQueryCost: 1 },
    throttleStatus: { maximumAvailable: 2000, restoreRate: 100 },
  })
  expect(api.requests).toEqual([
    {
      path: '/admin/api/2026-10/graphql.json',
      ...{ operation: 'Name', variables: { id: oldestId }, outcome: 'answered' },
    },
  ])
})

test('pages lead through all products, each once; a restart by id goes on where it is told to', async () => {
  const api = await started()
  const seen: string[] = []
  let after: string | null = null
  do {
    const { body } = await asked(api, page, { first: 7, after })
    const { nodes = [], pageInfo } = body.data?.products ?? {}
    seen.push(...nodes.map(({ id }) => id))
    after = pageInfo?.hasNextPage === true ? pageInfo.endCursor : null
  } while (after !== null)
  expect(seen.toSorted()).toEqual(world.products.map(({ id }) => globalId('Product', id)).toSorted())
  const third = /\d+$/.exec(seen[2] ?? '')?.[0]
  const { body } = await asked(api, page, { first: 250, query: `id:>${third}` })
  expect(body.data?.products.nodes.map(({ id }) => id)).toEqual(seen.slice(3))
})

describe('limits', () => {
  test('a query above the most that one may cost is refused, and the bucket is not told', async () => {
    const api = await started({ maxCost: 20 })
    const { status, body } = await asked(api, page, { first: 30 })
    expect(status).toBe(200)
    expect(body).toEqual({
      errors: [
        {
          message: 'Query cost is 32, which exceeds the single query max cost limit (20).',
          extensions: expect.objectContaining({ code: 'MAX_COST_EXCEEDED', cost: 32, maxCost: 20 }),
        },
      ],
    })
  })

  test('an empty bucket throttles within a 200, in the shape of the public sample', async () => {
    const api = await started({ bucket: { maximum: 50, restoreRate: 0.001 } })
    await asked(api, page, { first: 40 })
    const { status, body } = await asked(api, page, { first: 40 })
    expect(status).toBe(200)
    expect(body).toEqual({
      errors: [{ message: 'Throttled', extensions: { code: 'THROTTLED', documentation: expect.any(String) } }],
      extensions: {
        cost: {
          ...{ requestedQueryCost: 42, actualQueryCost: null },
          throttleStatus: { maximumAvailable: 50, currentlyAvailable: expect.any(Number), restoreRate: 0.001 },
        },
      },
    })
  })

  test('paths end after so many objects', async () => {
    const api = await started({ maxObjects: 10 })
    expect((await asked(api, page, { first: 10 })).body.errors).toBeUndefined()
    expect((await asked(api, page, { first: 11 })).body.errors).toHaveLength(1)
  })
})

describe('access', () => {
  test('without a token, or with an unknown one, nothing is told', async () => {
    const api = await started()
    const { status, body } = await asked(api, orderName, { id: oldestId }, { token: 'shpat_other' })
    expect(status).toBe(401)
    expect(body).not.toHaveProperty('data')
  })

  test('orders of more than 60 days are not there without their scope', async () => {
    const now = () => (world.orders[0]?.createdAt ?? 0) + 61 * 86_400_000
    const all = await started({ now })
    expect((await asked(all, orderName, { id: oldestId })).body.data?.order).not.toBeNull()
    const some = await started({ now, scopes: ['read_orders'] })
    expect((await asked(some, orderName, { id: oldestId })).body.data).toEqual({ order: null })
  })

  test('a missing scope is refused with its name', async () => {
    const api = await started({ scopes: ['read_products'] })
    const { body } = await asked(api, orderName, { id: oldestId })
    expect(body.errors?.[0]?.extensions.code).toBe('ACCESS_DENIED')
  })

  test.each(['null', 'refused'] as const)('personal fields are hidden: %s', async (protectedData) => {
    const api = await started({ protectedData })
    const { body } = await asked(api, orderName, { id: oldestId })
    expect(body.data?.order).toEqual({ name: oldestName, email: null })
    const paths = body.errors?.map(({ path }) => path)
    expect(paths).toEqual(protectedData === 'refused' ? [['order', 'email']] : undefined)
  })
})

describe('tokens', () => {
  const client = { client_id: 'app', client_secret: 'hush' }
  const credentials = { clientId: 'app', clientSecret: 'hush', refreshToken: 'shprt_first' }

  test('a refresh token is good for one use, and its successor for the next', async () => {
    const api = await started({ credentials })
    const refresh = (refresh_token: string) => granted(api, { ...client, grant_type: 'refresh_token', refresh_token })
    const first = await refresh('shprt_first')
    expect(first.body).toMatchObject({ expires_in: 3600, refresh_token_expires_in: 7_776_000 })
    expect((await refresh('shprt_first')).body).toMatchObject({ error: 'invalid_grant' })
    const second = await refresh(first.body.refresh_token)
    expect(second.status).toBe(200)
    const withToken = (token: string) => asked(api, orderName, { id: oldestId }, { token })
    expect((await withToken(first.body.access_token)).status).toBe(401)
    expect((await withToken(second.body.access_token)).status).toBe(200)
  })

  test('client credentials are granted to who knows the secret', async () => {
    const api = await started({ credentials })
    const good = await granted(api, { ...client, grant_type: 'client_credentials' })
    expect(good.body).toMatchObject({ expires_in: 86_400, access_token: expect.stringMatching(/^shpat_/) })
    const bad = await granted(api, { ...client, client_secret: 'loud', grant_type: 'client_credentials' })
    expect(bad).toMatchObject({ status: 400, body: { error: 'invalid_client' } })
    api.expireTokens()
    expect((await asked(api, orderName, { id: oldestId }, { token: good.body.access_token })).status).toBe(401)
  })
})

test('a version that is no longer answered falls forward, and the header says so', async () => {
  const api = await started({ versions: ['2026-01', '2026-10'] })
  const versionOf = async (version: string) =>
    (await asked(api, orderName, { id: oldestId }, { version })).headers.get('x-shopify-api-version')
  expect(await versionOf('2024-10')).toBe('2026-01')
  expect(await versionOf('2026-10')).toBe('2026-10')
})

describe('failures on request', () => {
  test('each hits one request, in the order asked for', async () => {
    const api = await started()
    api.failNext({ kind: 'status', status: 429, retryAfter: '2' }, { kind: 'internal' }, { kind: 'throttled' })
    const limited = await asked(api, orderName, { id: oldestId })
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '2'])
    expect((await asked(api, orderName, { id: oldestId })).body).toMatchObject({ data: null })
    expect((await asked(api, orderName, { id: oldestId })).body.errors?.[0]?.extensions.code).toBe('THROTTLED')
    expect((await asked(api, orderName, { id: oldestId })).body.data?.order?.name).toBe(oldestName)
    expect(api.requests.map(({ outcome }) => outcome)).toEqual(['status', 'internal', 'throttled', 'answered'])
  })

  test('a reset connection and a page for people', async () => {
    const api = await started()
    api.failNext({ kind: 'reset' }, { kind: 'html' })
    await expect(asked(api, orderName, { id: oldestId })).rejects.toThrow('fetch failed')
    await expect(asked(api, orderName, { id: oldestId })).rejects.toThrow(/JSON/)
  })
})
