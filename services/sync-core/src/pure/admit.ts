import {
  type Envelope,
  type EventRecordName,
  isIdPart,
  type Platform,
  platforms,
  type RecordName,
  type RecordOf,
  recordId,
} from '@varai/schemas'
import { type AiEvent, type AiSaying, forbiddenIn, sayingsOf } from './ai/admit-ai.ts'
import { badTime, timedFormsOf } from './form.ts'
import { kindOf, type RecordKind } from './kinds.ts'
import { isTime, momentOf } from './moment.ts'
import type { Said, Statement } from './statement.ts'

/** A record of the lanes, as it was decoded. */
export type Event = { [N in RecordName]: { readonly record: N; readonly value: RecordOf<N> } }[RecordName]

export type Admission =
  /** What the event says, of each record that it concerns. */
  | { readonly kind: 'statements'; readonly statements: readonly Statement[] }
  /** What only the store can say. */
  | { readonly kind: 'question'; readonly question: Question }
  /** Rightly nothing to fold, or never anything that could be. */
  | { readonly kind: 'skipped' | 'rejected'; readonly reason: string }

export type Question = {
  readonly merchantId: string
  readonly platform: Platform
  readonly storeId: string
  readonly entityType: string
  readonly entityId: string
  readonly reason: 'unconfirmed-delete' | 'tie'
  /** The event that led to it; what the store answers is derived from that. */
  readonly causeEventId: string
  /** The time in question, ms. */
  readonly platformAt: number
}

const skip = (reason: string): Admission => ({ kind: 'skipped', reason })
const reject = (reason: string): Admission => ({ kind: 'rejected', reason })

/** An event as a statement about a record, or why it is none. Reasons name fields, never values. */
export function admit(event: Event): Admission {
  switch (event.record) {
    case 'OrderStated':
    case 'CustomerStated':
    case 'ProductStated':
    case 'StoreStated':
      return admitValues(event.record, event.value, event.value as object as Values)
    case 'InventoryStated':
      return admitValues(event.record, event.value, { ...event.value, locations: [locationOf(event.value)] })
    case 'EntityDeleted':
      return admitDeletion(event.value)
    case 'AiSessionStated':
    case 'FaceAnalysed':
    case 'RecommendationsGenerated':
    case 'Interaction':
    case 'ConsentStated':
      return admitAi(event)
    case 'AggregationRequested':
    case 'PrivacyRequested':
    case 'PrivacyConfirmed':
    case 'DocumentChanged':
    case 'FetchRequested':
    case 'WriteBackCommanded':
      return skip(`not for this service: ${event.record}`)
    default:
      return event satisfies never
  }
}

type Values = Readonly<Record<string, unknown>>

function admitValues(record: EventRecordName, envelope: Envelope, values: Values): Admission {
  const kind = kindOf(envelope.entityType)
  if (kind?.record !== record) return reject(`${record} does not state an entity of its entityType`)
  if (envelope.payloadRef !== null) return reject('payloadRef: the payload was not read back')
  const bad = badTime(values, timedFormsOf(record))
  if (bad !== undefined) return reject(`${bad} is no time`)
  const complete = isFlags(values['complete']) ? values['complete'] : {}
  return about(kind, envelope, { what: 'values', values, cleared: envelope.cleared, complete })
}

function admitAi(event: AiEvent): Admission {
  const { record, value } = event
  const kind = kindOf(value.entityType)
  if (kind === undefined || !statedBy[kind.collection]?.includes(record)) {
    return reject(`${record} does not state an entity of its entityType`)
  }
  if (value.payloadRef !== null) return reject('payloadRef: the payload was not read back')
  const bad = badTime({ ...value }, timedFormsOf(record))
  if (bad !== undefined) return reject(`${bad} is no time`)
  const forbidden = forbiddenIn(event)
  if (forbidden !== undefined) return reject(forbidden)
  return stating(value, () => sayingsOf(event))
}

const statedBy: Readonly<Record<string, readonly AiEvent['record'][]>> = {
  ai_sessions: ['AiSessionStated', 'FaceAnalysed', 'RecommendationsGenerated', 'Interaction'],
  consents: ['ConsentStated'],
}

function admitDeletion(value: RecordOf<'EntityDeleted'>): Admission {
  const kind = kindOf(value.entityType)
  if (kind === undefined) return skip(`not kept yet: ${value.entityType}`)
  if (!value.confirmed) return question(value)
  if (value.childId === null) {
    return about(kind, value, { what: 'deleted', reason: value.reason, terminal: value.terminal })
  }
  if (kind.parts === undefined) return reject('childId: such an entity has no parts of its own')
  return about(kind, value, { what: 'part deleted', part: value.childId })
}

/**
 * A deletion that names no time: counted as it is, it could bury what was restored since. What the store answers when it
 * is asked will be the statement, whichever of several such deletions it was asked for.
 */
function question(value: RecordOf<'EntityDeleted'>): Admission {
  const { merchantId, storeId, entityType, eventId: causeEventId, platformAt } = value
  const platform = platforms.find((name) => name === value.source)
  const entityId = value.childId ?? value.entityId
  if (platform === undefined) return reject('source: nobody can be asked whether it is deleted')
  if (!isTime(platformAt)) return reject('platformAt is no time from 1970 on')
  if (![merchantId, storeId, entityType, entityId].every(isIdPart)) {
    return reject('merchantId, storeId, entityType or entityId cannot be part of an id')
  }
  const of = { merchantId, platform, storeId, entityType, entityId, causeEventId, platformAt }
  return { kind: 'question', question: { ...of, reason: 'unconfirmed-delete' } }
}

/** Where a platform knows no locations, its stock lies everywhere. */
const locationOf = (value: RecordOf<'InventoryStated'>) => ({
  id: value.locationId ?? 'everywhere',
  available: value.available,
  incoming: value.incoming,
})

const about = (kind: RecordKind, value: Envelope, says: Said): Admission =>
  stating(value, () => [{ kind, entityId: value.entityId, says }])

/** Reads what an event says; an id that is none makes it unusable. */
function stating(value: Envelope, read: () => readonly AiSaying[]): Admission {
  const { merchantId, source, storeId, platformAt, at } = value
  if (!isTime(platformAt)) return reject('platformAt is no time from 1970 on')
  if (value.triggeredAt !== null && !isTime(value.triggeredAt)) return reject('triggeredAt is no time from 1970 on')
  const told = { merchantId, platform: source, storeId, moment: momentOf(value), at: Math.min(at, platformAt) }
  try {
    const statements = read().map(({ kind, entityId: platformId, says }) => ({
      ...{ kind, recordId: recordId({ merchantId, source, storeId, entityId: platformId }), platformId },
      ...{ ...told, says },
    }))
    return { kind: 'statements', statements }
  } catch (error) {
    if (error instanceof RangeError) return reject('merchantId, source, storeId or entityId cannot be part of an id')
    throw error
  }
}

const isFlags = (value: unknown): value is Readonly<Record<string, boolean>> =>
  typeof value === 'object' && value !== null && Object.values(value).every((flag) => typeof flag === 'boolean')
