import type { WooDocument } from './shelf.ts'

/** A small order as WooCommerce writes it; `modified` in UTC, to the second, as it stands in its documents. */
export const wooOrder = (
  id: number,
  changes: Partial<WooDocument> = {},
  modified = '2026-11-01T09:00:00',
): WooDocument => ({
  ...{ parent_id: 0, number: String(id), status: 'processing', currency: 'EUR', total: '12.50', customer_id: 0 },
  ...{ date_created_gmt: '2026-11-01T08:00:00', date_modified_gmt: modified, date_paid_gmt: null },
  ...{ line_items: [], ...changes },
  id,
})
