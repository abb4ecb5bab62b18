import type { FetchAsk, PrivacyAsk, Statement, Translation, TranslationContext } from '@varai/ingest/pure'
import type { EventName } from '@varai/schemas'
import { translateBulkOperation } from './bulk-operation.ts'
import { translateCustomer } from './customer.ts'
import { translateEmailConsent, translatePurchasingSummary, translateSmsConsent } from './customer-parts.ts'
import { translateDeletion } from './deletion.ts'
import { translateDisconnection, translateInventoryLevel } from './inventory.ts'
import { translateOrderEdit } from './order/edit.ts'
import { translateFulfilment, translateOrder, translateRefund } from './order/order.ts'
import { translateCustomerRedaction, translateDataRequest, translateShopRedaction } from './privacy-request.ts'
import { translateProduct } from './product/product.ts'
import { translateUninstallation } from './uninstallation.ts'

type Translate = (body: unknown, context: TranslationContext) => Translation<Statement[]>

const order =
  (eventName: EventName): Translate =>
  (body) =>
    translateOrder(eventName, body)
const customer =
  (eventName: EventName): Translate =>
  (body) =>
    translateCustomer(eventName, body)
const product =
  (eventName: EventName): Translate =>
  (body, { store }) =>
    translateProduct(eventName, body, store.currency)

/** Shopify's topics that state something. What has no translator here ends in the dead letters. */
const translators: ReadonlyMap<string, Translate> = new Map<string, Translate>([
  ['orders/create', order('order_created')],
  ['orders/updated', order('order_updated')],
  ['orders/paid', order('payment_completed')],
  ['orders/cancelled', order('order_cancelled')],
  ['orders/fulfilled', order('order_fulfilled')],
  ['orders/partially_fulfilled', order('order_updated')],
  ['orders/delete', (body) => translateDeletion('Order', body)],
  ['refunds/create', (body, { store }) => translateRefund(body, store.currency)],
  ['fulfillments/create', translateFulfilment],
  ['fulfillments/update', translateFulfilment],
  ['customers/create', customer('customer_created')],
  ['customers/update', customer('customer_updated')],
  ['customers/enable', customer('customer_updated')],
  ['customers/disable', customer('customer_updated')],
  ['customers/delete', (body) => translateDeletion('Customer', body)],
  ['customers_email_marketing_consent/update', translateEmailConsent],
  ['customers_marketing_consent/update', translateSmsConsent],
  ['customers/purchasing_summary', translatePurchasingSummary],
  ['products/create', product('product_created')],
  ['products/update', product('product_updated')],
  ['products/delete', (body) => translateDeletion('Product', body)],
  ['inventory_levels/update', translateInventoryLevel],
  ['inventory_levels/connect', translateInventoryLevel],
  ['inventory_levels/disconnect', translateDisconnection],
  ['app/uninstalled', (body, { store }) => translateUninstallation(body, store.id)],
  ['bulk_operations/finish', translateBulkOperation],
])

const requests: ReadonlyMap<string, (body: unknown) => Translation<PrivacyAsk>> = new Map([
  ['customers/data_request', translateDataRequest],
  ['customers/redact', translateCustomerRedaction],
  ['shop/redact', translateShopRedaction],
])

const fetches: ReadonlyMap<string, (body: unknown, context: TranslationContext) => Translation<FetchAsk>> = new Map([
  ['orders/edited', (body, { store }) => translateOrderEdit(body, store)],
])

/** Topics that say what changed and not what it is now: the store has to be asked. */
export const fetchTopics: ReadonlySet<string> = new Set(fetches.keys())

/** Topics by which Shopify passes on what people ask about their data; an app cannot be without them. */
export const requestTopics: ReadonlySet<string> = new Set(requests.keys())

/** All topics that are understood. */
export const knownTopics: ReadonlySet<string> = new Set([...translators.keys(), ...requestTopics, ...fetchTopics])

/** A delivery's document → what the store states with it. All failures at once; never an invented value. */
export function translate(body: unknown, context: TranslationContext): Translation<Statement[]> {
  const translator = translators.get(context.topic)
  if (translator !== undefined) return translator(body, context)
  return unknownTopic
}

/** A delivery of one of `requestTopics` → what was asked. */
export const translateRequest = (body: unknown, { topic }: TranslationContext): Translation<PrivacyAsk> =>
  requests.get(topic)?.(body) ?? unknownTopic

/** A delivery of one of `fetchTopics` → what to read from the store. */
export const translateFetch = (body: unknown, context: TranslationContext): Translation<FetchAsk> =>
  fetches.get(context.topic)?.(body, context) ?? unknownTopic

const unknownTopic: Translation<never> = { ok: false, failures: [{ path: '', reason: 'unknown topic' }] }
