import type { Door } from '@varai/ingest'
import { knownTopics, translate } from './pure/translate/translate.ts'
import { claimedShop, verify } from './pure/verify.ts'

/** How Shopify's webhooks come in. */
export const shopifyDoor: Door = {
  platform: 'shopify',
  claim: claimedShop,
  verify,
  translate,
  topics: knownTopics,
  records: ['OrderStated', 'CustomerStated', 'ProductStated', 'InventoryStated', 'EntityDeleted', 'StoreStated'],
}

/** Where a shop's subscriptions point. */
export const webhookPath = '/webhooks/shopify'
