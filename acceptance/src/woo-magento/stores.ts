import { createWooShop } from '@varai/simulator'

const woo = (merchantId: string) => ({
  ...{ merchantId, platform: 'woocommerce', storeId: `https://${merchantId}.example`, currency: 'EUR' },
  secret: `${merchantId}-secret`,
})
const magento = (merchantId: string) => ({
  ...{ merchantId, platform: 'magento', storeId: `${merchantId}-shop`, currency: 'USD' },
  ...{ secret: `${merchantId}-secret`, clientId: `${merchantId}-client` },
})

export type WooStore = ReturnType<typeof woo>
export type MagentoStore = ReturnType<typeof magento>

/** A store of its own for each check, each of another merchant, so that none sees another's documents. */
export const wooStores = {
  /** Gets what others wrote down by its webhooks. */
  told: woo('woo-told'),
  /** Says it only when it is asked. */
  polled: woo('woo-polled'),
  /** Goes on delivering while Kafka stands still. */
  outage: woo('woo-outage'),
  /** Deletes and restores. */
  lives: woo('woo-lives'),
  /** One shop's life each, arriving in another order. */
  inOrder: woo('woo-in-order'),
  backwards: woo('woo-backwards'),
  shuffled: woo('woo-shuffled'),
  /** Whose name and secret are used by those who are not it. */
  besieged: woo('woo-besieged'),
  other: woo('woo-other'),
} as const

export const magentoStores = {
  told: magento('magento-told'),
  polled: magento('magento-polled'),
  besieged: magento('magento-besieged'),
  other: magento('magento-other'),
} as const

/** A long life may not end in the future: nobody would believe it. */
const aYearAgo = Date.UTC(new Date().getUTCFullYear() - 1, 0, 5)

/** The simulated shop of one of these stores. */
export const wooShopOf = ({ merchantId, storeId, secret, currency }: WooStore, orders: number) =>
  createWooShop({ seed: 'acceptance', merchantId, storeId, secret, currency, orders, from: aYearAgo })

/** Opens the APIs of all of them. */
export const wooConsumer = { consumerKey: 'ck_acceptance', consumerSecret: 'cs_acceptance' }
export const magentoAccess = {
  ...{ consumerKey: 'ck_acceptance', consumerSecret: 'cs_acceptance' },
  ...{ accessToken: 'at_acceptance', accessTokenSecret: 'as_acceptance' },
}
