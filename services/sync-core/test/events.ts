import type { DecodedRecord } from '@varai/kafka'
import { type Draft, type EventRecordName, eventTable, type RecordOf, schemaOf } from '@varai/schemas'
import { admit, type Event } from '../src/pure/admit.ts'
import type { Statement } from '../src/pure/statement.ts'

/** 2026-03-14 10:00 UTC: the tests' day. */
export const noon = Date.UTC(2026, 2, 14, 12)
export const minutes = (count: number): number => count * 60_000
export const hours = (count: number): number => minutes(60 * count)
export const days = (count: number): number => hours(24 * count)

/** An event of the lanes: what opens with the envelope. */
export type LaneEvent = Extract<Event, { readonly record: EventRecordName }>

type Said<N extends EventRecordName> = Partial<Draft<RecordOf<N>>>
let count = 0

const names = {
  OrderStated: 'order_updated',
  CustomerStated: 'customer_updated',
  ProductStated: 'product_updated',
  InventoryStated: 'inventory_sync',
  StoreStated: 'store_uninstalled',
  AiSessionStated: 'ai_session_completed',
  FaceAnalysed: 'face_analysis_completed',
  RecommendationsGenerated: 'recommendation_generated',
  Interaction: 'product_viewed',
  ConsentStated: 'consent_changed',
} as const

/** An event of a record of the contract: what is not given has the contract's default, each event an id of its own. */
export function event<N extends keyof typeof names>(record: N, given: Said<N>): LaneEvent {
  const kind = eventTable[names[record]]
  return complete(record, {
    eventName: names[record],
    eventType: kind.eventType,
    entityType: kind.entityType,
    priority: kind.lane,
    ...given,
  })
}

export const deletion = (entityType: string, given: Said<'EntityDeleted'>): LaneEvent =>
  complete('EntityDeleted', {
    eventName: `${entityType}_deleted`,
    eventType: 'delete',
    entityType,
    priority: 'medium',
    ...given,
  })

/** Somebody asks for an erasure; the same facts are the same request. */
export const erasure = (given: Said<'PrivacyRequested'>): LaneEvent => {
  const { merchantId, source, storeId, customerId, email, scope, platformAt, orderIds } = given
  const requestId = [
    'request',
    merchantId,
    source,
    storeId,
    ...(orderIds ?? []),
    customerId,
    email,
    scope,
    platformAt,
  ].join('|')
  return complete('PrivacyRequested', {
    ...{ eventName: 'privacy_requested', eventType: 'create', entityType: 'privacy', priority: 'high' },
    ...{ requestId, eventId: requestId, subjectRef: `sub_${customerId ?? email}`, kind: 'customer_redact' },
    legalDueAt: noon + days(30),
    ...given,
  })
}

function complete(record: EventRecordName, given: object): LaneEvent {
  const defaults: Record<string, unknown> = {}
  for (const field of schemaOf(record).fields) if ('default' in field) defaults[field.name] = field.default
  count += 1
  const value: Record<string, unknown> = {
    ...defaults,
    eventId: `shopify|north|delivery-${count}|0`,
    entityId: '1',
    source: 'shopify',
    merchantId: 'optik',
    storeId: 'north',
    platformAt: noon,
    ingestedAt: noon,
    origin: 'webhook',
    ...given,
  }
  value['at'] ??= value['platformAt']
  // assembled from the contract's own field list
  return { record, value } as unknown as LaneEvent
}

/** What an event states; throws when it states nothing. */
export function statement(of: Event): Statement {
  const admission = admit(of)
  if (admission.kind === 'question') throw new Error('question: only the store can say')
  if (admission.kind !== 'statements') throw new Error(`${admission.kind}: ${admission.reason}`)
  const [first] = admission.statements
  if (first === undefined) throw new Error('says nothing')
  return first
}

/** All that an event states, of every record that it concerns. */
export function statements(of: Event): readonly Statement[] {
  const admission = admit(of)
  if (admission.kind !== 'statements') throw new Error(`${admission.kind}: nothing is stated`)
  return admission.statements
}

export const customer = (given: Said<'CustomerStated'>) => event('CustomerStated', given)
export const order = (given: Said<'OrderStated'>) => event('OrderStated', given)
export const product = (given: Said<'ProductStated'>) => event('ProductStated', given)
export const session = (given: Said<'AiSessionStated'>) => event('AiSessionStated', given)
export const analysed = (given: Said<'FaceAnalysed'>) => event('FaceAnalysed', given)
export const recommended = (given: Said<'RecommendationsGenerated'>) => event('RecommendationsGenerated', given)
export const interaction = (given: Said<'Interaction'>) => event('Interaction', given)
export const consented = (given: Said<'ConsentStated'>) => event('ConsentStated', given)
export const inventory = (given: Said<'InventoryStated'>) => event('InventoryStated', given)

/** An event as the lanes hand it over. */
export const decoded = (of: Event): DecodedRecord => ({
  ...of,
  topic: 'varai.events.medium',
  partition: 0,
  offset: '0',
  key: null,
  headers: {},
  timestamp: noon,
  attempt: 0,
})
