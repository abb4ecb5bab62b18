import type { Draft, EntityDeleted, InventoryStated } from '@varai/schemas'
import type { KafkaMessage } from 'kafkajs'

/** Records for the tests of this package, as small as the contract allows. */
const envelope = {
  eventId: 'shopify|aalto.example|d1|0',
  entityId: '47012345678901234',
  source: 'shopify',
  merchantId: 'nordlicht-optik',
  storeId: 'aalto.example',
  platformAt: 1_773_480_668_000,
  at: 1_773_480_668_000,
  ingestedAt: 1_773_480_669_240,
  origin: 'webhook',
}

export const inventoryDraft = (change: Partial<Draft<InventoryStated>> = {}): Draft<InventoryStated> => ({
  ...envelope,
  eventName: 'inventory_sync',
  eventType: 'update',
  entityType: 'inventory',
  priority: 'low',
  available: 16,
  ...change,
})

export const deletedDraft = (change: Partial<Draft<EntityDeleted>> = {}): Draft<EntityDeleted> => ({
  ...envelope,
  eventName: 'product_deleted',
  eventType: 'delete',
  entityType: 'product',
  priority: 'medium',
  ...change,
})

/** A record as kafkajs hands it over. */
export const message = (of: {
  offset: number | string
  value?: Buffer | null
  key?: string | null
  headers?: Record<string, string>
  timestamp?: number
}): KafkaMessage => ({
  offset: String(of.offset),
  value: of.value === undefined ? Buffer.from('bytes') : of.value,
  key: of.key === null ? null : Buffer.from(of.key ?? 'a key'),
  timestamp: String(of.timestamp ?? 1_773_480_670_000),
  attributes: 0,
  headers: Object.fromEntries(Object.entries(of.headers ?? {}).map(([name, text]) => [name, Buffer.from(text)])),
})
