import { createHmac } from 'node:crypto'
import { isLosslessNumber, parse } from 'lossless-json'
import { describe, expect, test } from 'vitest'
import { createShop } from './create-shop.ts'
import { defaultTopics, type ShopOptions } from './shop/options.ts'
import type { Delivery } from './shopify/delivery.ts'

const shopOf = (options: Partial<ShopOptions> = {}) =>
  createShop({
    seed: 7,
    merchantId: 'optik',
    storeId: 'demo-optik.myshopify.com',
    secret: 'shh',
    deliveries: 400,
    ...options,
  })
const sent = (deliveries: Iterable<Delivery>) =>
  [...deliveries].map(({ headers, body }) => JSON.stringify(headers) + body.toString('base64'))
const at = (delivery: Delivery) => Date.parse(delivery.headers['X-Shopify-Triggered-At'] ?? '')
const happening = ({ headers }: Delivery) => headers['X-Shopify-Event-Id']
const textOf = (value: unknown) => (isLosslessNumber(value) ? value.value : String(value))

describe('a seed', () => {
  test('makes the same deliveries, to the byte, whatever else is going on', () => {
    const interleaved = shopOf().deliveries()
    const other = shopOf({ seed: 8 }).deliveries()
    const once: Delivery[] = []
    for (const delivery of interleaved) {
      once.push(delivery)
      other.next()
    }
    expect(sent(once)).toEqual(sent(shopOf().deliveries()))
  })

  test.each<[string, Partial<ShopOptions>]>([
    ['seed', { seed: 8 }],
    ['store', { storeId: 'other.myshopify.com' }],
    ['merchant', { merchantId: 'other' }],
  ])('another %s makes another life', (_, options) => {
    const bodies = new Set([...shopOf().deliveries()].map(({ body }) => body.toString()))
    expect([...shopOf(options).deliveries()].filter(({ body }) => bodies.has(body.toString()))).toEqual([])
  })

  test('makes a truth of its own accord, before or after the deliveries', () => {
    const shop = shopOf()
    const before = shop.truth()
    for (const _ of shop.deliveries());
    expect(shopOf().truth()).toEqual(before)
  })
})

describe('a delivery', () => {
  const deliveries = [...shopOf({ deliveries: 1200 }).deliveries()]

  test.each(Array.from({ length: 25 }, (_, more) => 40 + more))(
    'is one of %i where so many were asked for',
    (count) => {
      expect([...shopOf({ deliveries: count, doubled: 0.2 }).deliveries()]).toHaveLength(count)
    },
  )

  test('is signed over its exact bytes', () => {
    for (const { headers, body } of deliveries) {
      const signature = createHmac('sha256', 'shh').update(body).digest('base64')
      expect(headers['X-Shopify-Hmac-Sha256']).toBe(signature)
    }
  })

  test('has an id of its own, and shares its event with what the same action sent', () => {
    expect(new Set(deliveries.map(({ headers }) => headers['X-Shopify-Webhook-Id'])).size).toBe(1200)
    const events = Map.groupBy(deliveries, ({ headers }) => headers['X-Shopify-Event-Id'])
    expect(events.size).toBeLessThan(1200)
    for (const [, group] of events) expect(new Set(group.map(({ entity }) => entity.id)).size).toBe(1)
  })

  test('says when it was triggered, with nanoseconds, within the days of the life, the last near its end', () => {
    const end = Date.UTC(2026, 10, 22, 9)
    for (const delivery of deliveries) {
      expect(delivery.headers['X-Shopify-Triggered-At']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/)
      expect(at(delivery)).toBeGreaterThan(end - 14.1 * 86_400_000)
      expect(at(delivery)).toBeLessThanOrEqual(end)
    }
    expect(Math.max(...deliveries.map(at))).toBeGreaterThan(end - 86_400_000)
  })

  test('writes ids with all their digits, also where a double would take neighbours for one', () => {
    const ids = deliveries.map((delivery) => {
      const body = parse(delivery.body.toString()) as { id: unknown; order_id?: unknown; admin_graphql_api_id?: string }
      expect(textOf(body.order_id ?? body.id)).toBe(delivery.entity.id)
      if (body.admin_graphql_api_id !== undefined) {
        expect(body.admin_graphql_api_id.endsWith(`/${textOf(body.id)}`)).toBe(true)
      }
      return delivery.entity.id
    })
    const large = [...new Set(ids)].filter((id) => BigInt(id) > 2n ** 53n)
    expect(large.length).toBeGreaterThan(100)
    expect(new Set(large.map(Number)).size).toBeLessThan(large.length)
  })

  test('escapes what Shopify escapes, and nothing of other scripts', () => {
    const text = deliveries.map(({ body }) => body.toString()).join('')
    expect(text).not.toMatch(/[^\\]\/|[&<>]/)
    expect(text).toContain('\\u0026')
    expect(text).toMatch(/山田|김/)
  })
})

const long = [...shopOf({ deliveries: 2500, doubled: 0 }).deliveries()]

test('an entity that was deleted is not spoken of again, save by what was triggered before', () => {
  const deletions = long.filter(({ topic }) => topic.endsWith('/delete'))
  expect(new Set(deletions.map(({ topic }) => topic)).size).toBe(3)
  for (const deletion of deletions) {
    const later = long.filter(
      (each) => each.entity.id === deletion.entity.id && !each.topic.endsWith('/delete') && at(each) > at(deletion),
    )
    expect(later).toEqual([])
  }
})

test('changes of one entity within a second can be told apart to the millisecond', () => {
  const moments = Map.groupBy(long, (each) => `${each.entity.id} ${Math.floor(at(each) / 1000)}`)
  const crowded = [...moments.values()].filter((group) => group.length > 1)
  expect(crowded.length).toBeGreaterThan(50)
  for (const group of crowded) expect(new Set(group.map(at)).size).toBe(group.length)
})

test('a body is the state when it was put together: some say what happened after they were triggered', () => {
  const ahead = long.filter((delivery) => {
    const { updated_at: updated } = parse(delivery.body.toString()) as { updated_at?: string }
    return updated !== undefined && Date.parse(updated) > at(delivery)
  })
  expect(ahead.length).toBeGreaterThan(0)
})

test('a shop whose clock is ahead says so in its bodies and not in its headers', () => {
  const skewed = [...shopOf({ clockSkew: 3_600_000 }).deliveries()]
  const body = parse(skewed[0]?.body.toString() ?? '') as { updated_at: string }
  const ahead = Date.parse(body.updated_at) - at(skewed[0] as Delivery)
  expect(ahead).toBeGreaterThan(3_595_000)
})

test('after its life people ask about their data, by the same deliveries at every call', () => {
  const shop = shopOf({ deliveries: 2_000 })
  const requests = shop.privacyRequests()
  expect(new Set(requests.map(({ topic }) => topic))).toEqual(
    new Set(['customers/data_request', 'customers/redact', 'shop/redact']),
  )
  expect(shop.privacyRequests()).toEqual(requests)
  const gone = [...shop.truth().records.customers.values()].filter(({ deleted }) => deleted)
  const forgotten = requests.filter(({ topic }) => topic === 'customers/redact')
  expect(forgotten.map(({ entity }) => entity.id).sort()).toEqual(gone.map(({ fields }) => fields['platformId']).sort())
})

test('an app hears only of the topics it subscribed to, and nothing is deleted behind its back', () => {
  const topics = ['orders/create', 'orders/updated', 'customers/create', 'customers/update'] as const
  const shop = shopOf({ deliveries: 800, topics: [...topics, 'products/create', 'products/update'] })
  const heard = new Set([...shop.deliveries()].map(({ topic }) => topic))
  expect([...heard].sort()).toEqual([...topics, 'products/create', 'products/update'].sort())
  const { records } = shop.truth()
  expect([...records.orders.values(), ...records.customers.values()].filter(({ deleted }) => deleted)).toEqual([])
})

test('who asks for it hears of edits as well, by what was changed alone', () => {
  const topics = [...defaultTopics, 'orders/edited'] as const
  const deliveries = [...shopOf({ deliveries: 800, topics }).deliveries()]
  const edits = deliveries.filter(({ topic }) => topic === 'orders/edited')
  expect(edits.length).toBeGreaterThan(5)
  const changes = edits.map(({ body, entity }) => {
    const { order_edit: edit } = parse(body.toString()) as {
      order_edit: { order_id: unknown; line_items: { additions: unknown[]; removals: unknown[] } }
    }
    expect(textOf(edit.order_id)).toBe(entity.id)
    expect(edit.line_items.additions.length + edit.line_items.removals.length).toBe(1)
    return edit.line_items
  })
  for (const kind of ['additions', 'removals'] as const) expect(changes.some((of) => of[kind].length > 0)).toBe(true)
  const told = new Set(deliveries.filter(({ topic }) => topic === 'orders/updated').map(happening))
  expect(edits.filter((edit) => !told.has(happening(edit)))).toEqual([])
})

test('no more is made of a kind than was allowed', () => {
  const { records } = shopOf({ deliveries: 1200, customers: 5, products: 3, orders: 20 }).truth()
  expect([records.customers.size, records.products.size, records.orders.size]).toEqual([5, 3, 20])
})

test('options that no shop can have are refused', () => {
  expect(() => shopOf({ deliveries: 0 })).toThrow(RangeError)
  expect(() => [...shopOf({ currency: 'XXX' }).deliveries()]).toThrow(/unknown currency/)
})
