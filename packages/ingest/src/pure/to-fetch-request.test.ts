import { schemaOf, typeOf } from '@varai/schemas'
import { expect, test } from 'vitest'
import { toFetchRequest } from './to-fetch-request.ts'
import type { FetchAsk } from './translation.ts'

const receivedAt = Date.parse('2026-06-01T12:00:00Z')
const hour = 3_600_000
const delivery = {
  store: { platform: 'shopify' as const, merchantId: 'm1', id: 'shop.myshopify.com', currency: 'EUR' },
  ...{ deliveryId: 'd-1', origin: 'webhook' as const, receivedAt },
}
const ask: FetchAsk = { entityType: 'order', entityId: '7', reason: 'delta', platformAt: receivedAt - hour }
const key = 'm1|order|shopify|shop.myshopify.com|7'

test('a request names the entity, the time in question and the event that led to it', () => {
  const request = toFetchRequest(ask, delivery)
  if (!request.ok) throw new Error(JSON.stringify(request.failures))
  expect(request.value).toEqual({
    ...{ topic: 'varai.fetch.shopify', key, record: 'FetchRequested' },
    value: {
      ...{ requestId: `${key}|delta|${receivedAt - hour}`, merchantId: 'm1', platform: 'shopify' },
      ...{ storeId: 'shop.myshopify.com', entityType: 'order', entityId: '7', reason: 'delta' },
      ...{ causeEventId: 'shopify|shop.myshopify.com|d-1|0', platformAt: receivedAt - hour, requestedAt: receivedAt },
    },
  })
  expect(schemaOf('FetchRequested').fields).toHaveLength(Object.keys(request.value.value).length)
  expect(typeOf('FetchRequested').isValid(request.value.value)).toBe(true)
})

test('without a time of its own it is about the trigger, or else the receipt', () => {
  const at = (changes: object) => {
    const request = toFetchRequest({ ...ask, platformAt: undefined }, { ...delivery, ...changes })
    return request.ok && request.value.value.platformAt
  }
  expect(at({ triggeredAt: '2026-06-01T11:30:00Z' })).toBe(receivedAt - hour / 2)
  expect(at({})).toBe(receivedAt)
})

test('all that cannot be is told at once', () => {
  expect(
    toFetchRequest(
      { ...ask, entityId: 'a|b', platformAt: receivedAt + 26 * hour },
      { ...delivery, triggeredAt: 'soon' },
    ),
  ).toEqual({
    ok: false,
    failures: [
      { path: 'triggered at', reason: 'expected a time with its offset' },
      { path: 'order.platformAt', reason: 'is more than 25 hours ahead' },
      { path: 'order.entityId', reason: 'is no id' },
    ],
  })
})
