import { parseLossless, type Statement, type StatementOf, type Translation } from '@varai/ingest/pure'
import { createLog, createMetrics } from '@varai/runtime'
import type { ShopifyStore } from '@varai/runtime/stores'
import {
  type AdminApiFailure,
  type AdminApiOptions,
  createShop,
  type AdminApi as Served,
  startAdminApi,
} from '@varai/simulator'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { translate } from '../pure/translate/translate.ts'
import { staticToken } from './access-token.ts'
import { createAdminApi } from './admin-api.ts'
import { ApiRefused, ApiUnavailable } from './api-failure.ts'
import type { Limits } from './send-query.ts'

const storeId = 'demo-optik.myshopify.com'
const shopOf = (options: { seed?: number; deliveries?: number; currency?: string } = {}) =>
  createShop({ ...{ seed: 5, merchantId: 'optik', storeId, secret: 'shh', deliveries: 600 }, ...options })
const shop = shopOf()
const standing = () => {
  const { world, deliveries } = shop.live()
  for (const _ of deliveries);
  return world
}
const world = standing()
const order = world.orders.find(({ lines, refunds }) => lines.length < 10 && refunds.length === 0)
if (order === undefined) throw new Error('a shop without a plain order')
const orderId = String(order.id)

const open: Served[] = []
let stop: AbortController
beforeEach(() => {
  stop = new AbortController()
})
afterEach(async () => {
  stop.abort()
  await Promise.all(open.splice(0).map((served) => served.close()))
})

async function connected(
  options: Partial<AdminApiOptions> & { limits?: Partial<Limits>; objectsOfOnePath?: number; token?: string } = {},
) {
  const served = await startAdminApi({ shop, world, bucket: { maximum: 2_000, restoreRate: 1e6 }, ...options })
  open.push(served)
  const lines: Record<string, unknown>[] = []
  const log = createLog({ service: 'test', destination: { write: (line) => void lines.push(JSON.parse(line)) } })
  const metrics = createMetrics('test')
  const store: ShopifyStore = {
    ...{ platform: 'shopify', merchantId: 'optik', id: storeId, currency: shop.currency },
    api: { url: served.url, version: '2026-10' },
  }
  const api = createAdminApi({
    ...{ store, log, metrics, token: staticToken(options.token ?? 'shpat_static') },
    limits: { firstPauseMs: 1, requestMs: 5_000, ...options.limits },
    ...(options.objectsOfOnePath !== undefined && { objectsOfOnePath: options.objectsOfOnePath }),
  })
  return {
    ...{ served, lines, metrics },
    getOrder: (id = orderId) => api.getOrder(id, 'order_updated', stop.signal),
    products: () => all(api.getProducts(stop.signal)),
    outcomes: () => served.requests.map(({ outcome }) => outcome),
  }
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

function statement<N extends 'OrderStated' | 'ProductStated'>(translation: Translation<Statement[]>, record: N) {
  if (!translation.ok) throw new Error(JSON.stringify(translation.failures))
  const found = translation.value.find((each) => each.record === record)
  return found as StatementOf<N> | undefined
}

const bodyOf = (delivery: { body: Buffer }): unknown => {
  const parsed = parseLossless(delivery.body)
  if (!parsed.ok) throw new Error(parsed.reason)
  return parsed.value
}

describe('a webhook and the API say the same', () => {
  test.each(['EUR', 'JPY', 'KWD'])('of orders, at every moment of a shop’s life, in %s', async (currency) => {
    const living = shopOf({ seed: 11, deliveries: 130, currency })
    const { world, deliveries } = living.live()
    const { getOrder } = await connected({ shop: living, world })
    let compared = 0
    for (const delivery of deliveries) {
      const { topic, entity } = delivery
      if (!/^orders\/(create|updated)$/.test(topic)) continue
      if (!world.orders.some(({ id }) => String(id) === entity.id)) continue
      const context = { topic, store: { platform: 'shopify', merchantId: 'optik', id: storeId, currency } } as const
      const told = statement(translate(bodyOf(delivery), context), 'OrderStated')
      const answer = await getOrder(entity.id)
      const asked = answer && statement(answer.translation, 'OrderStated')
      expect({ ...asked, eventName: '' }).toEqual({ ...told, eventName: '' })
      compared += 1
    }
    expect(compared).toBeGreaterThan(20)
  })

  test('of products, at every moment of a shop’s life', async () => {
    const living = shopOf({ seed: 12, deliveries: 200 })
    const { world, deliveries } = living.live()
    const { products } = await connected({ shop: living, world })
    let compared = 0
    for (const delivery of deliveries) {
      const { topic, entity } = delivery
      if (!/^products\/(create|update)$/.test(topic)) continue
      if (!world.products.some(({ id }) => String(id) === entity.id)) continue
      const context = {
        topic,
        store: { platform: 'shopify', merchantId: 'optik', id: storeId, currency: 'EUR' },
      } as const
      const told = statement(translate(bodyOf(delivery), context), 'ProductStated')
      const answer = (await products()).find(({ entityId }) => entityId === entity.id)
      const asked = answer && statement(answer.translation, 'ProductStated')
      expect({ ...asked, eventName: '' }).toEqual({ ...told, eventName: '' })
      compared += 1
    }
    expect(compared).toBeGreaterThan(15)
  })
})

describe('what stands in the way for a while', () => {
  test.each<[string, AdminApiFailure[]]>([
    ['429 and when to come back', [{ kind: 'status', status: 429, retryAfter: '0.01' }]],
    ['503 without a word', [{ kind: 'status', status: 503 }]],
    ['a date to come back', [{ kind: 'status', status: 503, retryAfter: 'Sun, 22 Nov 2026 09:00:00 GMT' }]],
    ['a broken connection', [{ kind: 'reset' }, { kind: 'reset' }]],
    ['a page for people', [{ kind: 'html' }]],
    ['an error of theirs beside null', [{ kind: 'internal' }]],
    ['all of them', [{ kind: 'internal' }, { kind: 'html' }, { kind: 'reset' }, { kind: 'status', status: 502 }]],
  ])('%s: asked again', async (_, failures) => {
    const { served, getOrder } = await connected()
    served.failNext(...failures)
    expect((await getOrder())?.translation.ok).toBe(true)
    expect(served.requests.slice(0, failures.length).map(({ outcome }) => outcome)).toEqual(
      failures.map(({ kind }) => kind),
    )
  })

  test('goes on too long: unavailable, with the reason', async () => {
    const { served, getOrder, outcomes } = await connected({ limits: { retries: 2 } })
    served.failNext(...Array.from({ length: 5 }, () => ({ kind: 'status', status: 500 }) as const))
    await expect(getOrder()).rejects.toMatchObject({ name: 'ApiUnavailable', reason: 'server' })
    expect(outcomes()).toHaveLength(3)
  })

  test('comes back later than there is patience: said at once, and when', async () => {
    const { served, getOrder, outcomes } = await connected()
    served.failNext({ kind: 'status', status: 429, retryAfter: '3600' })
    await expect(getOrder()).rejects.toMatchObject({ reason: 'throttled', retryAfterMs: 3_600_000 })
    expect(outcomes()).toHaveLength(1)
  })

  test('an answer that does not come is given up', async () => {
    const { served, getOrder } = await connected({ limits: { requestMs: 50, retries: 0 } })
    served.failNext({ kind: 'slow', ms: 5_000 })
    await expect(getOrder()).rejects.toMatchObject({ reason: 'time-out' })
  })

  test('told to stop, it stops: while it waits for an answer, for points, and before it begins', async () => {
    const { served, getOrder } = await connected({
      bucket: { maximum: 120, restoreRate: 0.01 },
      limits: { patienceMs: 1e9 },
    })
    served.failNext({ kind: 'slow', ms: 60_000 })
    const reason = new Error('stopping')
    const waiting = [getOrder(), getOrder()]
    await expect.poll(() => served.requests.length).toBe(1)
    stop.abort(reason)
    for (const each of [...waiting, getOrder()]) await expect(each).rejects.toBe(reason)
  })
})

describe('points', () => {
  test('are spent as fast as the store restores them, by all queries together, and nothing is lost', async () => {
    const { getOrder, outcomes } = await connected({ bucket: { maximum: 1_000, restoreRate: 20_000 } })
    const answers = await Promise.all(Array.from({ length: 12 }, () => getOrder()))
    expect(answers.every((answer) => answer?.translation.ok)).toBe(true)
    // Asked one after the other until the first answer said what there is; then what is known keeps within it.
    expect(outcomes().filter((outcome) => outcome === 'throttled').length).toBeLessThan(3)
  })

  test('are gone, as others spent them: waits as the answer says, and asks again', async () => {
    const { served, getOrder, outcomes } = await connected({ bucket: { maximum: 1_000, restoreRate: 5_000 } })
    served.failNext({ kind: 'throttled' }, { kind: 'throttled' }, { kind: 'throttled' })
    expect((await getOrder())?.translation.ok).toBe(true)
    expect(outcomes().slice(0, 4)).toEqual(['throttled', 'throttled', 'throttled', 'answered'])
  })

  test('come back too slowly: throttled at once, and when to try again', async () => {
    const { getOrder } = await connected({ bucket: { maximum: 990, restoreRate: 0.1 } })
    await getOrder()
    const failures = await Promise.allSettled(Array.from({ length: 8 }, () => getOrder()))
    const reasons = failures.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []))
    expect(reasons.length).toBeGreaterThan(0)
    for (const reason of reasons) {
      expect(reason).toBeInstanceOf(ApiUnavailable)
      expect(reason).toMatchObject({ reason: 'throttled' })
      expect(reason.retryAfterMs).toBeGreaterThan(60_000)
    }
  })

  test('of one query are too few for the page: pages become smaller, and stay so', async () => {
    const { served, products, outcomes } = await connected({ maxCost: 400 })
    expect(await products()).toHaveLength(world.products.length)
    const sizes = served.requests
      .filter(({ operation }) => operation === 'Products')
      .map(({ variables }) => variables['first'])
    expect(sizes[0]).toBe(25)
    expect(new Set(sizes.slice(2)).size).toBeLessThanOrEqual(2)
    const before = outcomes().filter((outcome) => outcome === 'too-expensive').length
    await products()
    expect(outcomes().filter((outcome) => outcome === 'too-expensive')).toHaveLength(before)
  })

  test('do not even suffice for the smallest page: refused', async () => {
    const { getOrder } = await connected({ maxCost: 5 })
    await expect(getOrder()).rejects.toMatchObject({ name: 'ApiRefused', reason: 'invalid-query' })
  })
})

describe('what no waiting cures', () => {
  test.each([401, 402, 403, 404, 423, 301])('HTTP %i: refused at once', async (status) => {
    const { served, getOrder, outcomes } = await connected()
    served.failNext({ kind: 'status', status })
    await expect(getOrder()).rejects.toBeInstanceOf(ApiRefused)
    expect(outcomes()).toHaveLength(1)
  })

  test('a scope that the app lacks', async () => {
    const { getOrder, outcomes } = await connected({ scopes: ['read_products'] })
    await expect(getOrder()).rejects.toMatchObject({ name: 'ApiRefused', reason: 'access-denied' })
    expect(outcomes()).toHaveLength(1)
  })

  test('a token that is not good, of which there is no other', async () => {
    const { getOrder } = await connected({ token: 'shpat_other' })
    await expect(getOrder()).rejects.toMatchObject({ name: 'ApiRefused', reason: 'unauthorised' })
  })
})

describe('what an app may not see', () => {
  test('an old order, and one that never was, are not there', async () => {
    const now = () => order.createdAt + 61 * 86_400_000
    const { getOrder } = await connected({ now, scopes: ['read_orders', 'read_products'] })
    expect(await getOrder()).toBeUndefined()
    expect(await getOrder('1')).toBeUndefined()
  })

  test.each(['null', 'refused'] as const)(
    'personal fields are not stated, and not emptied: %s',
    async (protectedData) => {
      const { getOrder, lines } = await connected({ protectedData })
      await getOrder()
      const answer = await getOrder()
      const stated = answer && statement(answer.translation, 'OrderStated')
      const personal = ['email', 'phone', 'billingAddress', 'shippingAddress']
      expect(personal.filter((field) => stated?.cleared?.includes(field))).toEqual([])
      expect(stated?.facts).toMatchObject({ email: undefined, phone: undefined, shippingAddress: undefined })
      expect(stated?.facts.total).toBeDefined()
      const told = lines.filter(({ msg }) => msg === 'shopify-api.fields-hidden')
      expect(told).toHaveLength(protectedData === 'refused' ? 1 : 0)
    },
  )
})

test('another version answers: said once, and seen in the metrics', async () => {
  const { getOrder, lines, metrics } = await connected({ versions: ['2027-01', '2027-04'] })
  await getOrder()
  await getOrder()
  expect(lines.filter(({ msg }) => msg === 'shopify-api.other-version')).toMatchObject([
    { store: storeId, asked: '2026-10', answered: '2027-01' },
  ])
  expect((await metrics.render()).text).toMatch(/shopify_other_version\{.*store="demo-optik.*\} 1/)
})

describe('the catalogue', () => {
  test('comes whole, each product once, with all of its variants', async () => {
    const { products } = await connected()
    const stated = (await products()).map(({ translation }) => statement(translation, 'ProductStated'))
    expect(stated.map((each) => each?.entityId).toSorted()).toEqual(
      world.products.map(({ id }) => String(id)).toSorted(),
    )
    expect(stated.map((each) => each?.facts.variants?.length).toSorted()).toEqual(
      world.products.map(({ variants }) => variants.length).toSorted(),
    )
    expect(Math.max(...world.products.map(({ variants }) => variants.length))).toBeGreaterThan(200)
    expect(stated.every((each) => each?.facts.complete?.variants)).toBe(true)
    expect(new Set(stated.map((each) => each?.eventName))).toEqual(new Set(['product_catalog_update']))
  })

  test('is longer than what one path of pages gives: goes on behind the last id', async () => {
    const whole = await connected()
    const parts = await connected({ maxObjects: 30, objectsOfOnePath: 30, maxCost: 300 })
    const ids = (answers: { entityId: string }[]) => answers.map(({ entityId }) => entityId)
    expect(ids(await parts.products())).toEqual(ids(await whole.products()))
    expect(parts.served.requests.some(({ variables }) => variables['query'] !== undefined)).toBe(true)
  })
})
