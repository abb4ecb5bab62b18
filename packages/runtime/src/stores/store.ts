export const platforms = ['shopify', 'woocommerce', 'magento', 'html'] as const
export type Platform = (typeof platforms)[number]

/** Who a store is, everywhere: in ids of records, keys of topics, names of encryption keys. */
export type StoreRef = { readonly merchantId: string; readonly platform: Platform; readonly storeId: string }

/** Ids are joined with `|`, so no part of one may hold it; nor what nobody can see. At most 512 long. */
export const isIdPart = (text: string): boolean => /^[^|\p{Cc}]{1,512}$/u.test(text)

/** What signs a store's webhooks. During a rotation both count. */
export type WebhookSecrets = { readonly current: string; readonly previous?: string }

type Basics = {
  readonly merchantId: string
  /**
   * The store's id on its platform, in the one form that ids are built from (see `canonicalStoreId`). Shopify: what
   * X-Shopify-Shop-Domain says; WooCommerce: site URL; Magento: store code; HTML: the store key.
   */
  readonly id: string
  readonly name?: string
  /** ISO 4217, of amounts that come without one. */
  readonly currency: string
  /** IANA name, for times that come without a zone. */
  readonly timezone?: string
  /** Absent when none is configured, and for platforms whose secrets this process does not read. */
  readonly webhookSecrets?: WebhookSecrets
}

/** Where the platform's API of this store answers; `url` has no trailing slash. */
type Api = { readonly url: string; readonly version?: string }

/**
 * A token that never ends; or the app's own id and secret, for tokens of a day by the client-credentials grant; or, with
 * the refresh token of the installation, for tokens of an hour that are refreshed.
 */
export type ShopifyCredentials =
  | { readonly accessToken: string }
  | { readonly clientId: string; readonly clientSecret: string; readonly refreshToken?: string }

export type ShopifyStore = Basics & {
  readonly platform: 'shopify'
  readonly api: Api
  readonly credentials?: ShopifyCredentials
}

export type WooCommerceStore = Basics & {
  readonly platform: 'woocommerce'
  readonly api: Api
  readonly credentials?: { readonly consumerKey: string; readonly consumerSecret: string }
}

/** The integration's token as a Bearer token, which shops have to allow; or with the rest of what OAuth 1.0a signs with. */
export type MagentoCredentials =
  | { readonly accessToken: string }
  | {
      readonly consumerKey: string
      readonly consumerSecret: string
      readonly accessToken: string
      readonly accessTokenSecret: string
    }

/** Two Magento installations may both know a store `default`: then `id` tells them apart and `storeCode` is the code. */
export type MagentoStore = Basics & {
  readonly platform: 'magento'
  readonly api: Api
  readonly storeCode: string
  /** Whom Adobe I/O Events addresses when it tells us about this store. */
  readonly adobe?: { readonly clientId: string }
  readonly credentials?: MagentoCredentials
}

export type HtmlStore = Basics & {
  readonly platform: 'html'
  /** Names the store in a browser; not a secret. */
  readonly publishableKey: string
  /** `https://host[:port]`: pages that may use the publishable key. */
  readonly allowedOrigins: readonly string[]
  readonly credentials?: { readonly secretKey: string }
}

export type Store = ShopifyStore | WooCommerceStore | MagentoStore | HtmlStore
export type StoreOf<P extends Platform> = Extract<Store, { readonly platform: P }>

export const storeRef = (store: Store): StoreRef => ({
  merchantId: store.merchantId,
  platform: store.platform,
  storeId: store.id,
})

/** The secrets a signature may have been made with, the current one first; empty when none is configured. */
export function acceptedSecrets(store: Store): readonly string[] {
  const { current, previous } = store.webhookSecrets ?? {}
  return [current, previous].filter((secret) => secret !== undefined)
}

/**
 * The one form of a store id that ids are built from: domains and site URLs in lower case, URLs without a trailing
 * slash; store codes and keys as they are. Two spellings of one store would be two stores.
 */
export function canonicalStoreId(platform: Platform, id: string): string {
  switch (platform) {
    case 'shopify':
      return id.toLowerCase()
    case 'woocommerce':
      return id.toLowerCase().replace(/\/+$/, '')
    case 'magento':
    case 'html':
      return id
    default:
      return platform satisfies never
  }
}
