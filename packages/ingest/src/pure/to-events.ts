import {
  type Draft,
  deliveryEventId,
  type EventRecordName,
  eventKey,
  eventTable,
  isIdPart,
  laneTopic,
  type Origin,
  paymentEventId,
  type RecordOf,
} from '@varai/schemas'
import { readTime } from './foreign-values.ts'
import type { Failure, Statement, StatementOf, StoreFacts, Translation } from './translation.ts'

/** What the shell knows about a delivery; with a statement it makes an event. */
export type DeliveryFacts = {
  readonly store: StoreFacts
  readonly deliveryId: string
  readonly origin: Origin
  /** ms. */
  readonly receivedAt: number
  /** RFC 3339 as the platform stated it. */
  readonly triggeredAt?: string | undefined
  /** W3C trace context. */
  readonly traceparent?: string | undefined
}

/** One record on its way to its lane. */
export type OutgoingEvent = { [N in EventRecordName]: OutgoingEventOf<N> }[EventRecordName]
export type OutgoingEventOf<N extends EventRecordName> = {
  readonly topic: string
  readonly key: string
  readonly record: N
  readonly value: Draft<RecordOf<N>>
}

const minute = 60_000
/** What clocks of honest stores differ by; a statement further ahead may not win comparisons across stores by that. */
const toleratedAheadMs = 2 * minute
/** A day of wrong time zone and an hour: further ahead is no clock but a mistake, and would win for ever. */
const refusedAheadMs = 25 * 60 * minute

/** What stands in the envelopes of statements that came together. */
export type Told = Pick<DeliveryFacts, 'store' | 'origin' | 'receivedAt' | 'traceparent'> & {
  readonly deliveryId?: string
  /** ms. */
  readonly triggeredAt: number | undefined
  eventId(index: number, platformAt: number): string
}

/**
 * Puts the envelope around statements, in their order. Fails when the platform's times cannot be: unreadable, or more
 * than 25 hours ahead of receipt.
 */
export function toEvents(statements: readonly Statement[], delivery: DeliveryFacts): Translation<OutgoingEvent[]> {
  const failures: Failure[] = []
  const named = { source: delivery.store.platform, storeId: delivery.store.id, deliveryId: delivery.deliveryId }
  const triggeredAt = readTrigger(delivery, failures)
  return envelop(statements, { ...delivery, triggeredAt, eventId: (index) => deliveryEventId(named, index) }, failures)
}

/** As `toEvents`; `failures` are what is known to be wrong already. */
export function envelop(
  statements: readonly Statement[],
  told: Told,
  failures: Failure[] = [],
): Translation<OutgoingEvent[]> {
  const events = statements.map((statement, index) => {
    const platformAt = platformTime({ ...statement, path: statement.eventName }, told, failures)
    return failures.length === 0 ? toEvent(statement, index, platformAt, told) : undefined
  })
  if (failures.length > 0) return { ok: false, failures }
  return { ok: true, value: events.filter((event) => event !== undefined), leftOut: [] }
}

/** The time that counts for what is said of an entity; adds to `failures` what cannot be of its time and its id. */
export function platformTime(
  of: { readonly path: string; readonly entityId: string; readonly platformAt: number | undefined },
  told: Pick<Told, 'triggeredAt' | 'receivedAt'>,
  failures: Failure[],
): number {
  const platformAt = of.platformAt ?? told.triggeredAt ?? told.receivedAt
  if (platformAt > told.receivedAt + refusedAheadMs) {
    failures.push({ path: `${of.path}.platformAt`, reason: 'is more than 25 hours ahead' })
  }
  if (!isIdPart(of.entityId)) failures.push({ path: `${of.path}.entityId`, reason: 'is no id' })
  return platformAt
}

/** The trigger's time, ms; adds to `failures` where it cannot be one. */
export function readTrigger(delivery: DeliveryFacts, failures: Failure[]): number | undefined {
  if (delivery.triggeredAt === undefined) return undefined
  const time = readTime(delivery.triggeredAt)
  if (!time.ok) failures.push({ path: 'triggered at', reason: time.reason })
  else if (time.value > delivery.receivedAt + refusedAheadMs) {
    failures.push({ path: 'triggered at', reason: 'is more than 25 hours ahead' })
  } else return time.value
  return undefined
}

function toEvent<N extends EventRecordName>(
  statement: StatementOf<N>,
  index: number,
  platformAt: number,
  told: Told,
): OutgoingEvent {
  const { store } = told
  const { eventType, entityType, lane } = eventTable[statement.eventName]
  const origin = { source: store.platform, storeId: store.id }
  const eventId =
    statement.identity === 'payment'
      ? paymentEventId({ ...origin, orderId: statement.entityId })
      : told.eventId(index, platformAt)
  const named = { merchantId: store.merchantId, entityType, entityId: statement.entityId, ...origin }
  const envelope = {
    ...named,
    eventId,
    eventName: statement.eventName,
    eventType,
    userId: statement.userId,
    sessionId: statement.sessionId,
    consentLevel: statement.consentLevel,
    region: statement.region,
    priority: lane,
    platformAt,
    at: Math.min(platformAt, told.receivedAt + toleratedAheadMs),
    triggeredAt: told.triggeredAt,
    ingestedAt: told.receivedAt,
    origin: told.origin,
    deliveryId: told.deliveryId,
    traceparent: told.traceparent,
    cleared: statement.cleared ?? [],
  }
  // The statement's type pairs the record's name with its facts; TypeScript cannot follow that pair through a spread.
  return {
    topic: laneTopic(lane),
    key: eventKey(named),
    record: statement.record,
    value: { ...envelope, ...statement.facts },
  } as OutgoingEvent
}
