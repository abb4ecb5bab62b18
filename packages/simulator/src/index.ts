export type { Failure as AdminApiFailure } from './admin-api/failures.ts'
export type { ProtectedData } from './admin-api/personal-data.ts'
export { type AdminApi, type AdminApiOptions, type SeenRequest, startAdminApi } from './admin-api/start-admin-api.ts'
export type { AppCredentials } from './admin-api/tokens.ts'
export { type Arrangement, arrange } from './arrange.ts'
export { createShop, type Shop } from './create-shop.ts'
export { type DeliverOptions, type DeliverReport, deliver, type Sendable } from './deliver.ts'
export {
  type AdobeEvent,
  type AdobeKey,
  type AdobeKeyServer,
  adobeDelivery,
  adobeEvents,
  createAdobeKeys,
  startAdobeKeyServer,
} from './magento/adobe-events.ts'
export {
  createMagentoShop,
  type MagentoShop,
  type MagentoShopOptions,
  type MagentoView,
} from './magento/create-magento-shop.ts'
export type { MagentoEntity } from './magento/journal.ts'
export { type ModuleDelivery, type ModuleOptions, moduleDeliveries } from './magento/module-delivery.ts'
export { type ModuleRequestParts, signedModuleRequest } from './magento/sign-module.ts'
export {
  type MagentoApi,
  type MagentoApiOptions,
  type MagentoFailure,
  startMagentoApi,
} from './magento/start-magento-api.ts'
export { currencies } from './money.ts'
export { type ApiVersion, defaultTopics, type ShopOptions, type Topic, topicsWithStock } from './shop/options.ts'
export type { Delivery } from './shopify/delivery.ts'
export { type Forged, type Forgery, forge, forgeries } from './shopify/forge.ts'
export { type RequestParts, type Signed, signedRequest, signShopify } from './shopify/sign.ts'
export { compareWithShoppers } from './shoppers/compare-shoppers.ts'
export { liveShopper, type Shopper } from './shoppers/life.ts'
export { contactMarker, faceMarker } from './shoppers/raw-face.ts'
export {
  type HtmlShop,
  htmlRequests,
  type ShopperRequest,
} from './shoppers/requests.ts'
export { shopifyOrders } from './shoppers/shopify-orders.ts'
export { documentsOf, type ExpectedDocument } from './shoppers/shopper-truth.ts'
export { htmlHeaders } from './shoppers/sign-html.ts'
export { toldByWoo, wooRequests } from './shoppers/woo-requests.ts'
export { type StoreEntry, storesFile } from './stores-file.ts'
export { agrees, type Comparison, compareWithTruth, type Difference } from './truth/compare.ts'
export { type ExpectedRecord, mergeTruths, type RecordCollection, type Store, type Truth } from './truth/truth.ts'
export type { ExpectedUser } from './truth/users.ts'
export { createWooShop, type WooShop, type WooShopOptions } from './woocommerce/create-woo-shop.ts'
export { signedWooRequest, type WooRequestParts } from './woocommerce/sign.ts'
export { startWooApi, type WooApi, type WooApiOptions, type WooFailure } from './woocommerce/start-woo-api.ts'
export type { WooDelivery, WooEntity } from './woocommerce/woo-view.ts'
