import { expect, test } from 'vitest'
import { eventKind, eventTable, lanes, privacyEvent } from './event-table.ts'
import { recordNames, schemaOf } from './records.ts'

const rows = Object.entries(eventTable)

test.each(rows)('%s is stated by an event record and travels in a lane', (name, kind) => {
  expect(recordNames).toContain(kind.record)
  expect((schemaOf(kind.record) as { fields: { name: string }[] }).fields.map((field) => field.name)).toContain(
    'eventId',
  )
  expect(lanes).toContain(kind.lane)
  expect(eventKind(name)).toEqual(kind)
})

test('a name says what its event does', () => {
  const verb = (name: string) => eventTable[name as keyof typeof eventTable].eventType
  const ending = (suffix: string) => rows.map(([name]) => name).filter((name) => name.endsWith(suffix))
  expect(new Set(ending('_created').map(verb))).toEqual(new Set(['create']))
  expect(new Set(ending('_deleted').map(verb))).toEqual(new Set(['delete']))
  expect(new Set(ending('_updated').map(verb))).toEqual(new Set(['update']))
})

test('what a shopper waits for is never behind bulk work', () => {
  const inLane = (lane: string) => rows.filter(([, kind]) => kind.lane === lane).map(([name]) => name)
  expect(inLane('high')).toEqual(['order_created', 'payment_completed', 'ai_session_started', 'consent_changed'])
  expect(inLane('low')).toEqual(['product_catalog_update', 'inventory_sync', 'analytics_aggregation'])
})

test.each(['order_teleported', privacyEvent.eventName, '', 'toString', '__proto__', 'constructor'])(
  '%j is not in the table',
  (name) => expect(eventKind(name)).toBeUndefined(),
)
