import { schemaOf, typeOf } from '@varai/schemas'
import { describe, expect, test } from 'vitest'
import { type DeliveryFacts, toEvents } from './to-events.ts'
import type { Statement } from './translation.ts'

const receivedAt = Date.parse('2026-06-01T12:00:00Z')
const minute = 60_000
const hour = 60 * minute

const delivery: DeliveryFacts = {
  store: { platform: 'shopify', merchantId: 'm1', id: 'shop.myshopify.com', currency: 'EUR' },
  deliveryId: 'd-1',
  origin: 'webhook',
  receivedAt,
}
const order = (changes: Partial<Extract<Statement, { record: 'OrderStated' }>> = {}): Statement => ({
  record: 'OrderStated',
  eventName: 'order_created',
  entityId: '820982911946154508',
  platformAt: receivedAt - hour,
  facts: { status: 'paid', total: '12.5' },
  ...changes,
})
const events = (statements: Statement[], changes: Partial<DeliveryFacts> = {}) => {
  const result = toEvents(statements, { ...delivery, ...changes })
  if (!result.ok) throw new Error(JSON.stringify(result.failures))
  return result.value
}
const failures = (statements: Statement[], changes: Partial<DeliveryFacts> = {}) => {
  const result = toEvents(statements, { ...delivery, ...changes })
  return result.ok ? [] : result.failures
}

test('the envelope says who spoke, when, about what, and on which lane', () => {
  const [event] = events([order({ userId: '7', sessionId: 's-1', cleared: ['note'] })], {
    triggeredAt: '2026-06-01T11:59:59.123456789Z',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  })
  expect(event).toMatchObject({
    topic: 'varai.events.high',
    key: 'm1|order|shopify|shop.myshopify.com|820982911946154508',
    record: 'OrderStated',
    value: {
      eventId: 'shopify|shop.myshopify.com|d-1|0',
      eventName: 'order_created',
      eventType: 'create',
      entityType: 'order',
      entityId: '820982911946154508',
      source: 'shopify',
      merchantId: 'm1',
      storeId: 'shop.myshopify.com',
      userId: '7',
      sessionId: 's-1',
      priority: 'high',
      platformAt: receivedAt - hour,
      at: receivedAt - hour,
      triggeredAt: Date.parse('2026-06-01T11:59:59.123Z'),
      ingestedAt: receivedAt,
      origin: 'webhook',
      deliveryId: 'd-1',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      cleared: ['note'],
      status: 'paid',
      total: '12.5',
    },
  })
})

test('what nobody said is absent', () => {
  const [event] = events([order()])
  expect(event?.value).toMatchObject({ cleared: [], triggeredAt: undefined, userId: undefined })
})

test('events of one delivery are counted, those of one payment share an id in every delivery', () => {
  const paid = order({ eventName: 'payment_completed', identity: 'payment' })
  const ids = (deliveryId: string) =>
    events([order(), paid, order({ eventName: 'order_updated' })], { deliveryId }).map((event) => event.value.eventId)
  expect(ids('d-1')).toEqual([
    'shopify|shop.myshopify.com|d-1|0',
    'shopify|shop.myshopify.com|820982911946154508|paid',
    'shopify|shop.myshopify.com|d-1|2',
  ])
  expect(ids('d-2')[1]).toBe(ids('d-1')[1])
})

describe('times', () => {
  test('without a time of its own a statement is as old as its trigger, or else its receipt', () => {
    const silent = order({ platformAt: undefined })
    const at = (triggeredAt?: string) => events([silent], { triggeredAt })[0]?.value.platformAt
    expect(at('2026-06-01T11:00:00Z')).toBe(receivedAt - hour)
    expect(at()).toBe(receivedAt)
  })

  test('a clock that runs ahead orders its own statements, but gains only two minutes on other stores', () => {
    const [event] = events([order({ platformAt: receivedAt + 3 * hour })])
    expect(event?.value).toMatchObject({ platformAt: receivedAt + 3 * hour, at: receivedAt + 2 * minute })
  })

  test('more than 25 hours ahead is no clock', () => {
    expect(failures([order({ platformAt: receivedAt + 25 * hour })])).toEqual([])
    expect(failures([order({ platformAt: receivedAt + 25 * hour + 1 })])).toEqual([
      { path: 'order_created.platformAt', reason: 'is more than 25 hours ahead' },
    ])
    expect(failures([order()], { triggeredAt: '2026-06-02T13:00:01Z' })).toEqual([
      { path: 'triggered at', reason: 'is more than 25 hours ahead' },
    ])
    expect(failures([order()], { triggeredAt: 'soon' })).toEqual([
      { path: 'triggered at', reason: 'expected a time with its offset' },
    ])
  })
})

test('an entity id that cannot be part of a key is a failure, not an exception', () => {
  expect(failures([order({ entityId: 'a|b' }), order({ entityId: '' })])).toEqual([
    { path: 'order_created.entityId', reason: 'is no id' },
    { path: 'order_created.entityId', reason: 'is no id' },
  ])
})

test('an event is what the contract can hold', () => {
  const fields: readonly { name: string; default?: unknown }[] = schemaOf('OrderStated').fields
  const nothing = Object.fromEntries(fields.map((field) => [field.name, field.default ?? null]))
  const stated = Object.entries(events([order()])[0]?.value ?? {}).filter(([, value]) => value !== undefined)
  expect(typeOf('OrderStated').isValid({ ...nothing, ...Object.fromEntries(stated) })).toBe(true)
})
