import type { Door } from '@varai/ingest'
import { knownTopics, lookedUp, translate } from './pure/translate/translate.ts'
import { claimedSite, shakeHands, verify } from './pure/verify.ts'

/** How WooCommerce's webhooks come in. */
export const woocommerceDoor: Door = {
  platform: 'woocommerce',
  claim: claimedSite,
  verify,
  translate,
  topics: knownTopics,
  records: ['OrderStated', 'CustomerStated', 'ProductStated', 'EntityDeleted', 'AiSessionStated', 'FaceAnalysed'],
  lookedUp,
  shakeHands,
}

/** Where a shop's webhooks point. */
export const webhookPath = '/webhooks/woocommerce'
