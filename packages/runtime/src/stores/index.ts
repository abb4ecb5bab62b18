export type { FileRemark } from '../yaml/read-yaml.ts'
export type { StoresChange } from './compare-stores.ts'
export { loadStores, StoresFileError, type StoresRegistry } from './load-stores.ts'
export { type ParsedStores, parseStores } from './parse-stores.ts'
export {
  acceptedSecrets,
  canonicalStoreId,
  type HtmlStore,
  isIdPart,
  type MagentoCredentials,
  type MagentoStore,
  type Platform,
  platforms,
  type ShopifyCredentials,
  type ShopifyStore,
  type Store,
  type StoreOf,
  type StoreRef,
  storeRef,
  type WebhookSecrets,
  type WooCommerceStore,
} from './store.ts'
