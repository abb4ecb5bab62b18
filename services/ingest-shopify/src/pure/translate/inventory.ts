import { read, type Statement, type Translation } from '@varai/ingest/pure'
import { globalId } from '../shopify-id.ts'

/**
 * What one location can sell of one item. `available` null means that nobody counts: emptied. A location that was
 * disconnected says nothing more than its ids, not even a time, and has nothing available from then on.
 */
export function translateInventoryLevel(body: unknown): Translation<Statement[]> {
  const level = read(body)
  const gid = level.optionalText('admin_graphql_api_id')
  // …/InventoryLevel/<location>?inventory_item_id=<item>: text, so exact where the number was rounded on its way.
  const exact =
    globalId(gid, 'InventoryLevel') === undefined ? undefined : /[?&]inventory_item_id=(\d+)/.exec(gid ?? '')
  const itemId = level.id('inventory_item_id')
  if (exact?.[1] !== undefined && Number(exact[1]) !== Number(itemId)) {
    level.fail('inventory_item_id', 'differs from admin_graphql_api_id')
  }
  return level.result([
    {
      record: 'InventoryStated',
      eventName: 'inventory_sync',
      entityId: exact?.[1] ?? itemId,
      platformAt: level.optionalTime('updated_at'),
      cleared: level.has('available') ? [] : ['available'],
      facts: { locationId: level.id('location_id'), available: level.optionalInteger('available') },
    },
  ])
}
