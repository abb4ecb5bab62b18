import type { WooDocument } from '../shelf.ts'

/** A small product as WooCommerce writes it; `modified` in UTC, to the second, as it stands in its documents. */
export const wooProduct = (
  id: number,
  changes: Partial<WooDocument> = {},
  modified = '2026-11-01T09:00:00',
): WooDocument => ({
  ...{ name: 'Frame', slug: 'frame', type: 'simple', status: 'publish', parent_id: 0, sku: 'FRAME-1', price: '99.00' },
  ...{ regular_price: '120.00', date_created_gmt: '2026-11-01T08:00:00', date_modified_gmt: modified },
  ...{ permalink: 'https://woo-lives.example/product/frame/', stock_quantity: 7, manage_stock: true, ...changes },
  id,
})
