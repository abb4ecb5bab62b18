import { type EventName, type EventRecordName, eventTable } from '@varai/schemas'

/** What servers may state: everything about orders, customers, products and the assistant's work. */
export const serverEvents = [
  ...(['ai_session_started', 'ai_session_completed', 'face_analysis_completed', 'recommendation_generated'] as const),
  ...(['recommendation_clicked', 'virtual_try_on_started', 'product_viewed', 'product_clicked'] as const),
  'consent_changed',
  ...(['order_created', 'payment_completed', 'order_updated', 'order_cancelled', 'order_fulfilled'] as const),
  ...(['order_completed', 'order_edited', 'order_refunded', 'order_restored', 'order_deleted'] as const),
  ...(['customer_created', 'customer_updated', 'customer_deleted'] as const),
  ...(['product_created', 'product_updated', 'product_restored', 'product_deleted'] as const),
  'product_catalog_update',
] as const satisfies readonly EventName[]
export type ServerEvent = (typeof serverEvents)[number]

/** What browsers may state: what a shopper does there. Recommendations are made on servers. */
const browserEvents = [
  ...(['ai_session_started', 'ai_session_completed', 'face_analysis_completed', 'recommendation_clicked'] as const),
  ...(['virtual_try_on_started', 'product_viewed', 'product_clicked', 'consent_changed'] as const),
] as const satisfies readonly ServerEvent[]

/** Who speaks: a server that signs, or a browser whose key everybody can read. */
export type Speaker = 'server' | 'browser'
export const eventsOf: Readonly<Record<Speaker, readonly ServerEvent[]>> = {
  server: serverEvents,
  browser: browserEvents,
}

/** What an event is about: who names it is the item's `sessionId`, its `entityId`, or whoever consents. */
export type About = 'session' | 'entity' | 'person'

export function aboutOf(event: ServerEvent): About {
  const { entityType } = eventTable[event]
  if (entityType === 'ai_session') return 'session'
  return entityType === 'consent' ? 'person' : 'entity'
}

export const recordOf = (event: ServerEvent): EventRecordName => eventTable[event].record

/** Records that come of them. */
export const records: readonly EventRecordName[] = [...new Set(serverEvents.map(recordOf))]
