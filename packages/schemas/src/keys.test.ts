import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import {
  deliveryEventId,
  eventKey,
  fetchedEventId,
  isAnswerId,
  isIdPart,
  paymentEventId,
  polledEventId,
  recordId,
  tieEventId,
} from './keys.ts'

const order = {
  merchantId: 'nordlicht-optik',
  entityType: 'order',
  source: 'shopify',
  storeId: 'nordlicht-optik.myshopify.com',
  entityId: '5938174620117364981',
}

test('ids are joined in the order of the contract', () => {
  expect(recordId(order)).toBe('nordlicht-optik|shopify|nordlicht-optik.myshopify.com|5938174620117364981')
  expect(eventKey(order)).toBe('nordlicht-optik|order|shopify|nordlicht-optik.myshopify.com|5938174620117364981')
  expect(deliveryEventId({ ...order, deliveryId: 'd1' }, 2)).toBe('shopify|nordlicht-optik.myshopify.com|d1|2')
  expect(paymentEventId({ ...order, orderId: order.entityId })).toBe(
    'shopify|nordlicht-optik.myshopify.com|5938174620117364981|paid',
  )
  const causeEventId = deliveryEventId({ ...order, deliveryId: 'd1' }, 2)
  expect(fetchedEventId({ causeEventId, platformAt: 1_773_480_667_000 }, 1)).toBe(
    'shopify|nordlicht-optik.myshopify.com|d1|2|fetched|1773480667000|1',
  )
  expect(polledEventId({ ...order, kind: 'orders', platformAt: 1_773_480_667_000 }, 0)).toBe(
    'shopify|nordlicht-optik.myshopify.com|orders|5938174620117364981|1773480667000|0',
  )
})

test('what a store answered is told from what it delivered by itself', () => {
  const delivered = deliveryEventId({ ...order, deliveryId: 'fetched' }, 0)
  const [platformAt, orderId] = [1_773_480_667_000, order.entityId]
  expect(tieEventId(order)).toBe(`shopify|${order.storeId}|order|${orderId}|tie`)
  expect([delivered, paymentEventId({ ...order, orderId })].map(isAnswerId)).toEqual([false, false])
  const answers = [delivered, paymentEventId({ ...order, orderId }), tieEventId(order)].map((causeEventId) =>
    fetchedEventId({ causeEventId, platformAt }, 0),
  )
  expect([...answers, polledEventId({ ...order, kind: 'orders', platformAt }, 0)].every(isAnswerId)).toBe(true)
})

describe('what could make two different things one is refused', () => {
  test.each(['', 'a|b', '|', 'line\nbreak', 'tab\there', '\u0000', '\u007f', 'x'.repeat(513)])('%j', (part) => {
    expect(isIdPart(part)).toBe(false)
    expect(() => recordId({ ...order, entityId: part })).toThrow(RangeError)
    expect(() => eventKey({ ...order, storeId: part })).toThrow(RangeError)
  })

  const part = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }).filter(isIdPart)
  const ids = fc.record({ merchantId: part, source: part, storeId: part, entityId: part })
  property.prop([ids, ids])('two records share an id only when all parts are the same', (a, b) => {
    expect(recordId(a) === recordId(b)).toBe(
      JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort()),
    )
  })
})

test('store ids of all platforms are parts of an id', () => {
  for (const id of [
    'shop.myshopify.com',
    'https://shop.example.com/de',
    'default@https://magento.example.com',
    'ø-shop',
  ])
    expect(isIdPart(id)).toBe(true)
})
