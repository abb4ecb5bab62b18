import { type Reader, readId } from '@varai/ingest/pure'

/** The id that another entity is named by; WooCommerce says 0 where there is none. */
export function otherId(of: Reader, key: string): string | undefined {
  const id = of.readable(key, readId)
  return id === '0' ? undefined : id
}

/** The entity's own id, never 0. */
export function ownId(of: Reader): string {
  const id = of.id('id')
  if (id === '0' && of.has('id')) of.fail('id', 'is 0')
  return id
}
