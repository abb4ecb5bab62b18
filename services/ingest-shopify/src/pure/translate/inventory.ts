import { type Reader, read, type Statement, type Translation } from '@varai/ingest/pure'
import { globalId } from '../shopify-id.ts'

/** What one location can sell of one item. `available` null means that nobody counts: emptied. */
export function translateInventoryLevel(body: unknown): Translation<Statement[]> {
  const level = read(body)
  return level.result([
    {
      record: 'InventoryStated',
      eventName: 'inventory_sync',
      entityId: readItemId(level),
      platformAt: level.optionalTime('updated_at'),
      cleared: level.has('available') ? [] : ['available'],
      facts: { locationId: level.id('location_id'), available: level.optionalInteger('available') },
    },
  ])
}

/**
 * A location stopped keeping an item: it is taken from the item's locations. The body is two ids and no time, so the
 * trigger's time counts; the location comes back with what it states at a later second.
 */
export function translateDisconnection(body: unknown): Translation<Statement[]> {
  const level = read(body)
  return level.result([
    {
      record: 'EntityDeleted',
      eventName: 'inventory_sync',
      entityId: readItemId(level),
      platformAt: level.optionalTime('updated_at'),
      facts: { childId: level.id('location_id'), reason: 'deleted', terminal: false, confirmed: true },
    },
  ])
}

/** `…/InventoryLevel/<location>?inventory_item_id=<item>` is text, so exact where the number was rounded on its way. */
function readItemId(level: Reader): string {
  const gid = level.optionalText('admin_graphql_api_id')
  const exact =
    globalId(gid, 'InventoryLevel') === undefined ? undefined : /[?&]inventory_item_id=(\d+)/.exec(gid ?? '')
  const itemId = level.id('inventory_item_id')
  if (exact?.[1] !== undefined && Number(exact[1]) !== Number(itemId)) {
    level.fail('inventory_item_id', 'differs from admin_graphql_api_id')
  }
  return exact?.[1] ?? itemId
}
