import { type Reader, readId } from '@varai/ingest/pure'

/** The id that another entity is named by; Magento says 0 where there is none, or leaves it out. */
export function otherId(of: Reader, key: string): string | undefined {
  const id = of.readable(key, readId)
  return id === '0' ? undefined : id
}

/**
 * The entity's own id, never 0: `entity_id` where its model speaks (events, orders), `id` in REST documents of
 * customers and products.
 */
export function ownId(of: Reader): string {
  const key = !of.has('entity_id') && of.has('id') ? 'id' : 'entity_id'
  const id = of.id(key)
  if (id === '0' && of.has(key)) of.fail(key, 'is 0')
  return id
}
