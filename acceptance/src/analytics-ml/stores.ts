const html = (merchantId: string) => ({
  ...{ merchantId, platform: 'html' as const, storeId: `${merchantId}-shop`, currency: 'EUR' },
  ...{ secret: `${merchantId}-secret`, publishableKey: `pk_${merchantId}`, origin: `https://${merchantId}.example` },
})
const shopify = (merchantId: string, name = merchantId) => ({
  ...{ merchantId, platform: 'shopify' as const, storeId: `${name}.myshopify.com`, currency: 'EUR' },
  secret: `${merchantId}-secret`,
})

/** A merchant of its own for each check, so that none sees another's. */
export const stores = {
  /** Shoppers meet the assistant in the one and may buy in the other. */
  assisted: html('counted'),
  assistedTheme: shopify('counted', 'counted-theme'),
  /** Orders with edits, refunds and cancellations. */
  lively: shopify('counted-lively'),
} as const

type Store = (typeof stores)[keyof typeof stores]

/** JSON is YAML. */
export const storesFile = (): string => {
  const byMerchant = Map.groupBy(Object.values(stores), ({ merchantId }) => merchantId)
  const merchants = [...byMerchant].map(([id, all]) => ({ id, stores: all.map(entryOf) }))
  return JSON.stringify({ merchants })
}

function entryOf(store: Store) {
  const { platform, storeId: id, currency, secret } = store
  return {
    ...{ platform, id, currency, webhookSecrets: { current: { literal: secret } } },
    ...('origin' in store && { publishableKey: store.publishableKey, allowedOrigins: [store.origin] }),
  }
}
