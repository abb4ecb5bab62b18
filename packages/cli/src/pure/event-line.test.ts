import { expect, test } from 'vitest'
import { passes } from './event-filter.ts'
import { eventLine } from './event-line.ts'
import { sampleRecord } from './test-events.ts'

const place = { topic: 'varai.events.high', partition: 3, offset: '17' }
const order = (fields: object) => ({
  ...place,
  record: 'OrderStated' as const,
  value: sampleRecord('OrderStated', fields),
})

test('an order: when, lane, event, store, entity, gist', () => {
  const line = eventLine(
    order({ eventName: 'order_created', name: '#1001', total: '120.50', currency: 'EUR', status: 'paid', items: [{}] }),
  )
  expect(line).toBe(
    '2026-05-01T12:30:00.000Z  high    order_created           acme shopify acme.myshopify.com  order 1001  #1001 120.5 EUR paid 1 line',
  )
})

test('what did not come by webhook says so', () => {
  expect(eventLine(order({ origin: 'backfill' }))).toMatch(/ {2}\(backfill\)$/)
})

test('nothing personal, nothing that steers the terminal', () => {
  const event = order({ email: 'mia@example.com', note: 'for Mia', name: '\u001b[31m#1' })
  const line = eventLine(event)
  expect(line).not.toMatch(/mia/i)
  expect(eventLine(event, true)).toMatch(/ {2}mia@example\.com$/)
  expect(line).toContain('\\u001b[31m#1')
})

test('a deletion says for how long', () => {
  const value = sampleRecord('EntityDeleted', { eventName: 'order_deleted', terminal: true, confirmed: false })
  expect(eventLine({ ...place, record: 'EntityDeleted', value })).toMatch(
    /order 1001 {2}deleted for good to be confirmed$/,
  )
})

test('a record without an envelope is named with its place', () => {
  const value = sampleRecord('PrivacyConfirmed', {
    requestId: 'r1',
    service: 'analytics',
    outcome: 'done',
    confirmedAt: 0,
    merchantId: 'acme',
    counts: {},
  })
  expect(eventLine({ ...place, topic: 'varai.privacy-confirmations', record: 'PrivacyConfirmed', value })).toContain(
    'PrivacyConfirmed  3@17',
  )
})

test('a filter lets through what has all that is asked for', () => {
  const all = { events: [], entities: [], stores: [], merchants: [] }
  expect(passes(all, order({}))).toBe(true)
  expect(
    passes({ ...all, events: ['order_created', 'order_updated'], stores: ['acme.myshopify.com'] }, order({})),
  ).toBe(true)
  expect(passes({ ...all, events: ['order_created'] }, order({}))).toBe(false)
  expect(passes({ ...all, stores: ['other'] }, order({}))).toBe(false)
  expect(passes({ ...all, entities: ['product'] }, order({}))).toBe(false)
  expect(passes({ ...all, merchants: ['other'] }, order({}))).toBe(false)
})
