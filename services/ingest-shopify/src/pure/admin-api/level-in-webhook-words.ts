import type { Reader } from '@varai/ingest/pure'
import { idOf, text, type Words } from './words.ts'

/** A level as the Admin API answers it → in the words of a webhook, which says null of what nobody counts. */
export function levelInWebhookWords(level: Reader, locationId: string): Words {
  const item = level.child('item')
  const [available] = level.list('quantities')
  const isCounted = item?.optionalFlag('tracked') !== false && available !== undefined
  return {
    inventory_item_id: idOf(item, 'InventoryItem'),
    location_id: locationId,
    available: isCounted ? text(available, 'quantity') : null,
    updated_at: text(level, 'updatedAt'),
  }
}
