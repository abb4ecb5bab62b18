import type { StatementOf } from '@varai/ingest/pure'

/** What WooCommerce deletes and restores. */
export type Resource = 'order' | 'customer' | 'product'

export type Deletion = {
  readonly resource: Resource
  readonly id: string
  /** The product that a variation belongs to, where it is known. */
  readonly parentId?: string | undefined
  /** ms; undefined where nobody says when. */
  readonly at: number | undefined
  /** swept: it was not to be found when all that is known was asked for. */
  readonly reason: 'deleted' | 'trashed' | 'swept'
  /** Whether the store itself was seen without it. */
  readonly confirmed: boolean
}

const eventNames = { order: 'order_deleted', customer: 'customer_deleted', product: 'product_deleted' } as const

/** A deletion is never the last word: WooCommerce restores from its trash under the same id. */
export function deletion({ resource, id, parentId, at, reason, confirmed }: Deletion): StatementOf<'EntityDeleted'> {
  return {
    record: 'EntityDeleted',
    eventName: eventNames[resource],
    entityId: parentId ?? id,
    platformAt: at,
    userId: resource === 'customer' ? id : undefined,
    facts: { reason, terminal: false, confirmed, childId: parentId === undefined ? undefined : id },
  }
}
