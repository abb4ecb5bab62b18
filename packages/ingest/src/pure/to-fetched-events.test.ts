import { expect, test } from 'vitest'
import { toFetchedEvents } from './to-fetched-events.ts'
import type { Statement } from './translation.ts'

const answeredAt = Date.parse('2026-06-01T12:00:00Z')
const hour = 3_600_000
const store = { platform: 'shopify' as const, merchantId: 'm1', id: 'shop.myshopify.com', currency: 'EUR' }
const order = (changes: Partial<Extract<Statement, { record: 'OrderStated' }>> = {}): Statement => ({
  record: 'OrderStated',
  eventName: 'order_edited',
  entityId: '7',
  platformAt: answeredAt - hour,
  facts: { status: 'paid' },
  ...changes,
})
const fetched = (statements: Statement[], at = answeredAt) =>
  toFetchedEvents(statements, { store, causeEventId: 'shopify|shop.myshopify.com|d-1|0', answeredAt: at })
const ids = (statements: Statement[], at?: number) => {
  const result = fetched(statements, at)
  return result.ok ? result.value.map(({ value }) => value.eventId) : result.failures
}

test('what a store answered is as old as it says, and settles ties by when it was asked', () => {
  expect(fetched([order()])).toMatchObject({
    ok: true,
    value: [
      {
        ...{ topic: 'varai.events.medium', key: 'm1|order|shopify|shop.myshopify.com|7' },
        value: {
          eventId: `shopify|shop.myshopify.com|d-1|0|fetched|${answeredAt - hour}|0`,
          ...{ eventName: 'order_edited', origin: 'api', deliveryId: undefined },
          ...{ platformAt: answeredAt - hour, at: answeredAt - hour, triggeredAt: answeredAt, ingestedAt: answeredAt },
        },
      },
    ],
  })
})

test('the same state asked for again is the same event, another state is another', () => {
  const paid = order({ eventName: 'payment_completed', identity: 'payment' })
  expect(ids([order(), paid], answeredAt + hour)).toEqual(ids([order(), paid]))
  expect(ids([order({ platformAt: answeredAt })])).not.toEqual(ids([order()]))
  expect(ids([order(), paid])[1]).toBe('shopify|shop.myshopify.com|7|paid')
})

test('an answer with an impossible time fails', () => {
  expect(ids([order({ platformAt: answeredAt + 26 * hour })])).toEqual([
    { path: 'order_edited.platformAt', reason: 'is more than 25 hours ahead' },
  ])
})
