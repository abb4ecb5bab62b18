import {
  type DeliveryFacts,
  type OutgoingEvent,
  type Statement,
  type StoreFacts,
  type Translation,
  toEvents,
} from '@varai/ingest/pure'
import { findFaceData } from '@varai/privacy'
import { aboutOf, recordOf, type Speaker } from './api-events.ts'
import { factsOf, shiftTimes } from './shape/contract-type.ts'
import type { Item } from './shape/item-shape.ts'

/** What the shell knows about a request; with an item it makes events. */
export type Received = {
  readonly store: StoreFacts
  readonly speaker: Speaker
  /** ms. */
  readonly receivedAt: number
  /** How far the sender's clock lies behind ours, ms; added to all its times. */
  readonly clockBehindMs: number
  readonly traceparent?: string | undefined
}

/** A browser's events are no older: it keeps what it could not send for less. */
const oldestMs = 30 * 24 * 3_600_000

/**
 * An item as events: the statement, and for an order that is paid the payment, which is one event however often it is
 * told. `person` names who consents. Ids of browsers and of servers never meet, so that nobody takes a server's place.
 */
export function toItemEvents(item: Item, received: Received, person?: string): Translation<OutgoingEvent[]> {
  const occurredAt = rebased(item.occurredAt, received)
  if (received.speaker === 'browser' && occurredAt < received.receivedAt - oldestMs) {
    return { ok: false, failures: [{ path: 'occurredAt', reason: 'is more than 30 days ago' }] }
  }
  const statement = toStatement(item, occurredAt, received, person)
  if (statement === undefined) return { ok: false, failures: [{ path: '', reason: 'names nobody' }] }
  const paid = typeof item.data['paidAt'] === 'number' && statement.record === 'OrderStated'
  const payment: Statement[] =
    paid && item.event !== 'payment_completed'
      ? [{ ...statement, eventName: 'payment_completed', identity: 'payment' }]
      : []
  const delivery: DeliveryFacts = {
    ...{ store: received.store, origin: 'api', receivedAt: received.receivedAt, traceparent: received.traceparent },
    deliveryId: `${received.speaker}:${item.id}`,
  }
  const events = toEvents([statement, ...payment], delivery)
  return events.ok ? withoutFaces(events.value, item) : events
}

/** The last look: whatever the shapes let through, an event of the assistant's with raw face data in it never leaves. */
function withoutFaces(events: OutgoingEvent[], item: Item): Translation<OutgoingEvent[]> {
  const found = aboutOf(item.event) === 'entity' ? [] : events.flatMap(({ value }) => findFaceData(value))
  if (found.length === 0) return { ok: true, value: events, leftOut: [] }
  return { ok: false, failures: [{ path: '', reason: 'holds raw face data' }] }
}

function toStatement(item: Item, occurredAt: number, received: Received, person?: string): Statement | undefined {
  const { event, sessionId } = item
  const about = aboutOf(event)
  const entityId = { session: sessionId, entity: item.entityId, person }[about]
  if (typeof entityId !== 'string') return undefined
  const record = recordOf(event)
  const data = shiftTimes(factsOf(record), item.data, (ms) => rebased(ms, received))
  const customerId = record === 'CustomerStated' ? entityId : item.data['customerId']
  const statement = {
    ...{ record, eventName: event, entityId, platformAt: occurredAt },
    ...(event === 'payment_completed' && { identity: 'payment' as const }),
    userId: typeof customerId === 'string' ? customerId : undefined,
    sessionId: sessionId ?? (typeof item.data['aiSessionId'] === 'string' ? item.data['aiSessionId'] : undefined),
    consentLevel: item.consentLevel ?? undefined,
    region: item.region ?? undefined,
    cleared: item.cleared ?? [],
    facts: record === 'Interaction' ? { ...data, interactionId: item.id, interactionType: event } : data,
  }
  // The shape of the event is made of this record's contract; TypeScript cannot follow that pair.
  return statement as Statement
}

/** A browser's time in ours. Its own clock said when it sent; what it says of later than now did not happen yet. */
function rebased(ms: number, { speaker, clockBehindMs, receivedAt }: Received): number {
  return speaker === 'server' ? ms : Math.max(0, Math.min(ms + clockBehindMs, receivedAt))
}
