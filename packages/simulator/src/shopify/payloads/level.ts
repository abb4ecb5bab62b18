import type { Level } from '../../shop/model.ts'
import { globalId, type Json, type TimeWriter } from '../write-json.ts'

/** Body of inventory_levels/update. */
export const levelPayload = (level: Level, times: TimeWriter): Json => ({
  inventory_item_id: level.id,
  location_id: level.locationId,
  available: level.available,
  updated_at: times.time(level.updatedAt),
  admin_graphql_api_id: `${globalId('InventoryLevel', level.locationId)}?inventory_item_id=${level.id}`,
})
