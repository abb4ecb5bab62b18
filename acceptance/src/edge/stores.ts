const html = (merchantId: string) => ({
  ...{ merchantId, platform: 'html' as const, storeId: `${merchantId}-shop`, currency: 'EUR' },
  ...{ secret: `${merchantId}-secret`, publishableKey: `pk_${merchantId}`, origin: `https://${merchantId}.example` },
})
const woo = (merchantId: string) => ({
  ...{ merchantId, platform: 'woocommerce' as const, storeId: `https://${merchantId}.example`, currency: 'EUR' },
  secret: `${merchantId}-secret`,
})
const shopify = (merchantId: string) => ({
  ...{ merchantId, platform: 'shopify' as const, storeId: `${merchantId}.myshopify.com`, currency: 'EUR' },
  secret: `${merchantId}-secret`,
})

export type HtmlStore = ReturnType<typeof html>
export type WooStore = ReturnType<typeof woo>
export type ShopifyStore = ReturnType<typeof shopify>

/** A store of its own for each check, each of another merchant, so that none sees another's documents. */
export const stores = {
  inOrder: html('edge-in-order'),
  backwards: html('edge-backwards'),
  shuffled: html('edge-shuffled'),
  /** Where of each session one event is all that ever comes. */
  alone: html('edge-alone'),
  canary: html('edge-canary'),
  consents: html('edge-consents'),
  crowd: html('edge-crowd'),
  wooCanary: woo('edge-woo-canary'),
  shopify: shopify('edge-shopify'),
} as const

/** JSON is YAML. */
export const edgeStoresFile = (): string =>
  JSON.stringify({
    merchants: Object.values(stores).map((store) => ({ id: store.merchantId, stores: [entryOf(store)] })),
  })

function entryOf(store: HtmlStore | WooStore | ShopifyStore) {
  const { platform, storeId: id, currency, secret } = store
  return {
    ...{ platform, id, currency, webhookSecrets: { current: { literal: secret } } },
    ...(platform === 'woocommerce' && { api: { url: 'http://127.0.0.1:9' } }),
    ...('origin' in store && { publishableKey: store.publishableKey, allowedOrigins: [store.origin] }),
  }
}
