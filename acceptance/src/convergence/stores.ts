const shopify = (merchantId: string, name: string) => ({
  ...{ merchantId, platform: 'shopify' as const, storeId: `${merchantId}-${name}.myshopify.com`, currency: 'EUR' },
  secret: `${merchantId}-${name}-secret`,
})

/** Four stores of one merchant that have the same customer, each of them on a platform of its own or not. */
export const chain = {
  berlin: shopify('chain', 'berlin'),
  wien: shopify('chain', 'wien'),
  woo: {
    ...{ merchantId: 'chain', platform: 'woocommerce' as const, storeId: 'https://chain.example', currency: 'EUR' },
    secret: 'chain-woo-secret',
  },
  magento: {
    ...{ merchantId: 'chain', platform: 'magento' as const, storeId: 'chain-shop', currency: 'EUR' },
    secret: 'chain-magento-secret',
  },
} as const

/** Stores whose customers move to addresses of others. */
export const movers = { one: shopify('movers', 'one'), other: shopify('movers', 'other') } as const

/** Two stores with shared customers, under load while sync-core dies again and again. */
export const besieged = { one: shopify('besieged', 'one'), other: shopify('besieged', 'other') } as const

export type Store = (typeof chain)[keyof typeof chain] | (typeof movers)[keyof typeof movers]

/** JSON is YAML. */
export function storesText(): string {
  const all = [chain, movers, besieged].flatMap((of): Store[] => Object.values(of))
  const merchants = Map.groupBy(all, ({ merchantId }) => merchantId)
  return JSON.stringify({
    merchants: [...merchants].map(([id, stores]) => ({ id, stores: stores.map(entryOf) })),
  })
}

const entryOf = ({ platform, storeId: id, currency, secret }: Store) => ({
  ...{ platform, id, currency, webhookSecrets: { current: { literal: secret } } },
  ...(platform === 'shopify' ? {} : { api: { url: 'http://127.0.0.1:9' } }),
  ...(platform === 'magento' && { storeCode: 'default', adobe: { clientId: 'chain-client' } }),
})
