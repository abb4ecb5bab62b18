import { type RecordName, type RecordOf, typeOf } from '@varai/schemas'

const at = Date.UTC(2026, 4, 1, 12, 30)

/** For tests: a record as the codec hands it over, with everything that is not given at its default. */
export function sampleRecord<N extends RecordName>(record: N, fields: object): RecordOf<N> {
  const envelope = {
    eventId: 'shopify|acme.myshopify.com|d1|0',
    eventName: 'order_updated',
    eventType: 'update',
    entityType: 'order',
    entityId: '1001',
    source: 'shopify',
    merchantId: 'acme',
    storeId: 'acme.myshopify.com',
    priority: 'medium',
    platformAt: at,
    at,
    ingestedAt: at,
    origin: 'webhook',
  }
  return typeOf(record).fromBuffer(typeOf(record).toBuffer({ ...envelope, ...fields }))
}
