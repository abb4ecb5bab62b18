/** The collections of this service. */
export const collections = {
  sessions: 'analytics_session_facts',
  orders: 'analytics_order_facts',
  products: 'analytics_product_facts',
  sessionsShown: 'analytics_session_shown',
  ordersShown: 'analytics_order_shown',
  rows: 'analytics_hourly',
  journal: 'analytics_journal',
  erasures: 'analytics_erasures',
  requests: 'analytics_requests',
} as const

/** Those of the facts. */
export const factCollections = [collections.sessions, collections.orders, collections.products] as const
