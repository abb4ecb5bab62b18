import { expect, test } from 'vitest'
import { liveShopper } from './life.ts'
import { contactMarker, faceMarker } from './raw-face.ts'
import { htmlRequests } from './requests.ts'
import { shopifyOrders } from './shopify-orders.ts'
import { documentsOf } from './shopper-truth.ts'
import { wooRequests } from './woo-requests.ts'

const shop = {
  ...{ merchantId: 'm', platform: 'html' as const, storeId: 'atelier', secret: 's', publishableKey: 'pk' },
  origin: 'https://atelier.example',
}
const shopify = { merchantId: 'm', storeId: 'm.myshopify.com', secret: 's' }
const from = Date.UTC(2026, 2, 14, 9)
const shoppers = Array.from({ length: 100 }, (_, number) => liveShopper('test', number, from))

const bodies = (arrangement: Parameters<typeof htmlRequests>[2]) =>
  [...htmlRequests(shop, shoppers, arrangement)].map(({ body, door }) => ({
    door,
    events: (JSON.parse(String(body)) as { events: { id: string }[] }).events,
  }))

test('the same seed and number live the same life; others live others', () => {
  expect(liveShopper('test', 7, from)).toEqual(shoppers[7])
  expect(liveShopper('other', 7, from).steps).not.toEqual(shoppers[7]?.steps)
})

test('lives have everything in them, in order, with time between the deeds', () => {
  const kinds = new Set(shoppers.flatMap(({ steps }) => steps.map(({ deed, door }) => `${deed.what} ${door}`)))
  expect([...kinds].sort()).toEqual([
    ...['analysed page', 'analysed server', 'began page', 'began server', 'bought server', 'completed server'],
    ...['consented page', 'consented server', 'interacted page', 'interacted server', 'recommended server'],
  ])
  for (const { steps } of shoppers) {
    for (const [at, step] of steps.entries()) {
      expect(step.at - (steps[at - 1]?.at ?? 0)).toBeGreaterThanOrEqual(30_000)
    }
  }
})

test('every step is told as often as the arrangement says, no id twice in a batch, and pages by one shopper each', () => {
  const sent = bodies({ shuffle: 'total', repeat: 3, seed: 1 })
  const times = new Map<string, number>()
  for (const { events } of sent) {
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length)
    for (const { id } of events) times.set(id, (times.get(id) ?? 0) + 1)
  }
  expect(new Set(times.values())).toEqual(new Set([3]))
  const elsewhere = [...shopifyOrders(shopify, shoppers)].length
  expect(elsewhere).toBeGreaterThan(0)
  expect(times.size).toBe(shoppers.reduce((sum, { steps }) => sum + steps.length, 0) - elsewhere)
  const ownerOf = new Map(shoppers.flatMap(({ sessionId, steps }) => steps.map(({ id }) => [id, sessionId])))
  for (const { door, events } of sent) {
    if (door === 'page') expect(new Set(events.map(({ id }) => ownerOf.get(id))).size).toBe(1)
  }
})

test('raw faces and contacts are in what is sent, by every door, and in nothing that is expected', () => {
  const sent = [...htmlRequests(shop, shoppers, {}), ...wooRequests(shop, shoppers)]
  const pages = sent.filter((request) => 'door' in request && request.door === 'page')
  for (const some of [sent, pages]) expect(some.map(({ body }) => String(body)).join()).toContain(faceMarker)
  expect(sent.map(({ body }) => String(body)).join()).toContain(contactMarker)
  const expected = JSON.stringify(shoppers.map((shopper) => documentsOf(shop, shopper, shopper.steps)))
  expect(expected).not.toContain(faceMarker)
  expect(expected).not.toContain(contactMarker)
})

test('the truth is the same whatever order the steps are given in', () => {
  for (const shopper of shoppers) {
    expect(documentsOf(shop, shopper, shopper.steps.toReversed())).toEqual(documentsOf(shop, shopper, shopper.steps))
  }
})
