import { type FetchAsk, read, type Translation } from '@varai/ingest/pure'

/**
 * `orders/edited`: which lines were added and taken away, and no order. Only the order whole says what it is now, so it
 * is asked for; a store that nobody can ask leaves the edit to a person.
 */
export function translateOrderEdit(body: unknown, of: { readonly apiAccess?: boolean }): Translation<FetchAsk> {
  const delivery = read(body)
  if (of.apiAccess !== true) delivery.fail('', "orders/edited needs the store's API access")
  const edit = delivery.child('order_edit')
  if (edit === undefined) delivery.fail('order_edit', 'is missing')
  return delivery.result({
    entityType: 'order',
    entityId: edit?.id('order_id') ?? '0',
    reason: 'delta',
    platformAt: edit?.optionalTime('committed_at'),
  })
}
