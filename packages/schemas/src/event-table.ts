import type { EventRecordName } from './records.ts'

export type Lane = 'high' | 'medium' | 'low'
export const lanes: readonly Lane[] = ['high', 'medium', 'low']
export type EventType = 'create' | 'update' | 'delete' | 'ai_interaction'
export type EntityType =
  | 'order'
  | 'customer'
  | 'product'
  | 'inventory'
  | 'ai_session'
  | 'consent'
  | 'store'
  | 'analytics'
  | 'privacy'
export type Platform = 'shopify' | 'woocommerce' | 'magento' | 'html'
export type Source = Platform | 'varai'
export type Origin = 'webhook' | 'poll' | 'backfill' | 'replay' | 'api'
export type ConsentLevel = 'basic' | 'enhanced' | 'research'

export type EventKind = { eventType: EventType; entityType: EntityType; lane: Lane; record: EventRecordName }

const kind = (eventType: EventType, entityType: EntityType, lane: Lane, record: EventRecordName): EventKind => ({
  eventType,
  entityType,
  lane,
  record,
})

/** The event table: what each event name means, which lane carries it, which record states it. */
export const eventTable = {
  order_created: kind('create', 'order', 'high', 'OrderStated'),
  payment_completed: kind('update', 'order', 'high', 'OrderStated'),
  order_updated: kind('update', 'order', 'medium', 'OrderStated'),
  order_cancelled: kind('update', 'order', 'medium', 'OrderStated'),
  order_fulfilled: kind('update', 'order', 'medium', 'OrderStated'),
  order_completed: kind('update', 'order', 'medium', 'OrderStated'),
  order_edited: kind('update', 'order', 'medium', 'OrderStated'),
  order_refunded: kind('update', 'order', 'medium', 'OrderStated'),
  order_restored: kind('update', 'order', 'medium', 'OrderStated'),
  order_deleted: kind('delete', 'order', 'medium', 'EntityDeleted'),
  customer_created: kind('create', 'customer', 'medium', 'CustomerStated'),
  customer_updated: kind('update', 'customer', 'medium', 'CustomerStated'),
  customer_deleted: kind('delete', 'customer', 'medium', 'EntityDeleted'),
  product_created: kind('create', 'product', 'medium', 'ProductStated'),
  product_updated: kind('update', 'product', 'medium', 'ProductStated'),
  product_restored: kind('update', 'product', 'medium', 'ProductStated'),
  product_deleted: kind('delete', 'product', 'medium', 'EntityDeleted'),
  product_catalog_update: kind('update', 'product', 'low', 'ProductStated'),
  inventory_sync: kind('update', 'inventory', 'low', 'InventoryStated'),
  ai_session_started: kind('create', 'ai_session', 'high', 'AiSessionStated'),
  ai_session_completed: kind('update', 'ai_session', 'medium', 'AiSessionStated'),
  face_analysis_completed: kind('ai_interaction', 'ai_session', 'medium', 'FaceAnalysed'),
  recommendation_generated: kind('ai_interaction', 'ai_session', 'medium', 'RecommendationsGenerated'),
  recommendation_clicked: kind('ai_interaction', 'ai_session', 'medium', 'Interaction'),
  virtual_try_on_started: kind('ai_interaction', 'ai_session', 'medium', 'Interaction'),
  product_viewed: kind('ai_interaction', 'ai_session', 'medium', 'Interaction'),
  product_clicked: kind('ai_interaction', 'ai_session', 'medium', 'Interaction'),
  consent_changed: kind('update', 'consent', 'high', 'ConsentStated'),
  store_uninstalled: kind('update', 'store', 'medium', 'StoreStated'),
  analytics_aggregation: kind('update', 'analytics', 'low', 'AggregationRequested'),
} satisfies Record<string, EventKind>

/** In no lane: what is asked about personal data goes by a topic of its own, which every service reads. */
export const privacyEvent = { eventName: 'privacy_requested', eventType: 'create', entityType: 'privacy' } as const

export type EventName = keyof typeof eventTable

/** The table's row; undefined for a name that an older or newer release uses and this one does not know. */
export function eventKind(name: string): EventKind | undefined {
  return Object.hasOwn(eventTable, name) ? eventTable[name as EventName] : undefined
}
