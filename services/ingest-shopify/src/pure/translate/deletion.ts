import { read, type Statement, type Translation } from '@varai/ingest/pure'
import { type Kind, shopifyId } from '../shopify-id.ts'

const eventNames = {
  Order: 'order_deleted',
  Customer: 'customer_deleted',
  Product: 'product_deleted',
} as const satisfies Partial<Record<Kind, string>>

/**
 * A deleted entity: `{"id": …}` and no time of its own, so the trigger's time counts. Shopify never gives an id to
 * anything again: no later statement, whatever its time, brings the entity back.
 */
export function translateDeletion(kind: keyof typeof eventNames, body: unknown): Translation<Statement[]> {
  const deleted = read(body)
  return deleted.result([
    {
      record: 'EntityDeleted',
      eventName: eventNames[kind],
      entityId: shopifyId(deleted, kind),
      platformAt: undefined,
      userId: kind === 'Customer' ? shopifyId(deleted, kind) : undefined,
      facts: { reason: 'deleted', terminal: true, confirmed: true },
    },
  ])
}
