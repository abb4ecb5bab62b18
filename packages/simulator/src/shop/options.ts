/** Shopify's webhook topics that a simulated shop speaks. */
export type Topic =
  | 'orders/create'
  | 'orders/updated'
  | 'orders/paid'
  | 'orders/fulfilled'
  | 'orders/cancelled'
  | 'orders/edited'
  | 'orders/delete'
  | 'refunds/create'
  | 'customers/create'
  | 'customers/update'
  | 'customers/delete'
  | 'products/create'
  | 'products/update'
  | 'products/delete'
  | 'inventory_levels/update'
  | 'customers/data_request'
  | 'customers/redact'
  | 'shop/redact'
  | 'app/uninstalled'

/** All that a shop tells during its life, but for what an app has to ask the shop about: `orders/edited`. */
export const defaultTopics: readonly Topic[] = [
  'orders/create',
  'orders/updated',
  'orders/paid',
  'orders/fulfilled',
  'orders/cancelled',
  'orders/delete',
  'refunds/create',
  'customers/create',
  'customers/update',
  'customers/delete',
  'products/create',
  'products/update',
  'products/delete',
]

/** With the stock of each location, told beside the products. */
export const topicsWithStock: readonly Topic[] = [...defaultTopics, 'inventory_levels/update']

/** What Shopify sends differs by version: customers lost tags and consent with 2025-01, orders checkout_id with 2026-04. */
export type ApiVersion = '2024-10' | '2026-10'

export type ShopOptions = {
  /** Any text. The same seed and options make the same shop, to the byte. */
  seed: string | number
  merchantId: string
  /** The myshopify domain. */
  storeId: string
  /** Signs the deliveries. */
  secret: string
  /** How many deliveries the life makes before any is repeated. */
  deliveries: number
  /** ISO 4217; one that `currencies` names. Default EUR. */
  currency?: string
  /** The life ends shortly before this time, ms. Default: 2026-11-22T09:00:00Z, so that a seed alone repeats a life. */
  now?: number
  /** How long the life lasts. Default 14. */
  days?: number
  /** Most that are ever made; default without limit. */
  customers?: number
  products?: number
  orders?: number
  /** Which topics the app subscribed to; entities are deleted only where the app would hear of it. */
  topics?: readonly Topic[]
  apiVersion?: ApiVersion
  /** Share of deliveries that arrive a second time with another webhook id, as with two subscriptions. Default 0.01. */
  doubled?: number
  /** One order of 150 lines and one product of 250 variants among the first; default true. */
  extremes?: boolean
  /** How far the shop's clock runs ahead of Shopify's own, ms; default 0. Shows in the bodies, not in the headers. */
  clockSkew?: number
}

export type Settings = Required<Omit<ShopOptions, 'seed'>> & { seed: string; utcOffsetMinutes: number }

const offsets: readonly number[] = [-300, 0, 60, 540, 330]

/** Fills the defaults in. Throws RangeError on what no shop can be. */
export function settle(options: ShopOptions): Settings {
  const { seed, ...rest } = options
  if (!Number.isInteger(rest.deliveries) || rest.deliveries < 1) throw new RangeError('deliveries: at least 1')
  const named = [...rest.storeId].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0)
  return {
    currency: 'EUR',
    now: Date.UTC(2026, 10, 22, 9),
    days: 14,
    customers: Number.POSITIVE_INFINITY,
    products: Number.POSITIVE_INFINITY,
    orders: Number.POSITIVE_INFINITY,
    topics: defaultTopics,
    apiVersion: '2024-10',
    doubled: 0.01,
    extremes: true,
    clockSkew: 0,
    ...rest,
    seed: String(seed),
    utcOffsetMinutes: offsets[named % offsets.length] ?? 0,
  }
}
