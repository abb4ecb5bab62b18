import type { Door } from '@varai/ingest'
import {
  fetchTopics,
  knownTopics,
  requestTopics,
  translate,
  translateFetch,
  translateRequest,
} from './pure/translate/translate.ts'
import { claimedShop, verify } from './pure/verify.ts'

/** How Shopify's webhooks come in. */
export const shopifyDoor: Door = {
  platform: 'shopify',
  claim: claimedShop,
  verify,
  translate,
  requests: { topics: requestTopics, translate: translateRequest },
  fetches: { topics: fetchTopics, translate: translateFetch },
  topics: knownTopics,
  records: [
    'OrderStated',
    'CustomerStated',
    'ProductStated',
    'InventoryStated',
    'EntityDeleted',
    'StoreStated',
    'PrivacyRequested',
    'FetchRequested',
  ],
}

/** Where a shop's subscriptions point. */
export const webhookPath = '/webhooks/shopify'
