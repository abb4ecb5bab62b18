import { type Draft, type EntityDeleted, eventKind, type OrderStated, typeOf } from '@varai/schemas'

/** For tests: order events as the codec hands them over, with everything that is not given at its default. */
const envelope = (eventName: string) => ({
  eventId: 'shopify|acme.myshopify.com|d1|0',
  eventName,
  eventType: eventKind(eventName)?.eventType ?? 'update',
  entityType: 'order',
  entityId: '1001',
  source: 'shopify',
  merchantId: 'acme',
  storeId: 'acme.myshopify.com',
  priority: eventKind(eventName)?.lane ?? 'medium',
  platformAt: sampleTime,
  at: sampleTime,
  ingestedAt: sampleTime,
  origin: 'webhook',
})

/** 2026-05-01 12:30 UTC. */
export const sampleTime = Date.UTC(2026, 4, 1, 12, 30)

export const orderDraft = (fields: Partial<Draft<OrderStated>>): Draft<OrderStated> => ({
  ...envelope('order_updated'),
  ...fields,
})
const deletedDraft = (fields: Partial<Draft<EntityDeleted>>): Draft<EntityDeleted> => ({
  ...envelope('order_deleted'),
  ...fields,
})

export const orderStated = (fields: Partial<Draft<OrderStated>>): OrderStated =>
  typeOf('OrderStated').fromBuffer(typeOf('OrderStated').toBuffer(orderDraft(fields)))
export const orderDeleted = (fields: Partial<Draft<EntityDeleted>>): EntityDeleted =>
  typeOf('EntityDeleted').fromBuffer(typeOf('EntityDeleted').toBuffer(deletedDraft(fields)))
