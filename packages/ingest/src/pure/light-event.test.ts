import { type Draft, type OrderStated, recordNames, schemaOf, typeOf } from '@varai/schemas'
import { expect, test } from 'vitest'
import { lightEvent } from './light-event.ts'
import { toEvents } from './to-events.ts'

test('a light event says who, what and when, refers to the whole, and claims nothing about what it leaves out', () => {
  const items: Draft<OrderStated>['items'] = Array.from({ length: 5_000 }, (_, index) => ({ id: String(index) }))
  const events = toEvents(
    [
      {
        ...{ record: 'OrderStated', eventName: 'order_updated', entityId: '1', platformAt: 5, cleared: ['email'] },
        facts: { total: '9.9', note: 'x'.repeat(513), items, tags: [], complete: { refunds: true } },
      },
    ],
    {
      store: { platform: 'shopify', merchantId: 'm1', id: 'shop.myshopify.com', currency: 'EUR' },
      ...{ deliveryId: 'd-1', origin: 'webhook', receivedAt: 9 },
    },
  )
  const [event] = events.ok ? events.value : []
  if (event === undefined) throw new Error('no event')
  const light = lightEvent(event, 'payload:1')
  expect(light).toMatchObject({ topic: event.topic, key: event.key, record: 'OrderStated' })
  const { note, items: _, tags, complete, ...rest } = event.value as Draft<OrderStated>
  expect([note, tags, complete].every((value) => value !== undefined)).toBe(true)
  expect(light.value).toEqual({ ...rest, payloadRef: 'payload:1' })
  expect(typeOf('OrderStated').isValid({ region: 'NA', ...light.value })).toBe(true)
})

test('every record can say where it lies whole', () => {
  const enveloped = recordNames.map((name) => schemaOf(name).fields.map((field) => field.name as string))
  for (const names of enveloped) expect(names.includes('eventId')).toBe(names.includes('payloadRef'))
})
