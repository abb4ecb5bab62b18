import type { Door } from '@varai/ingest'
import { knownTopics, translate } from './pure/translate.ts'
import { claimedShop, verify } from './pure/verify.ts'

/**
 * How Brillo's webhooks come in; Brillo is made up. Its shops go by the name of custom sites, because the list of
 * platforms is closed: a platform that is to stay gets a name of its own in it.
 */
export const brilloDoor: Door = {
  platform: 'html',
  claim: claimedShop,
  verify,
  translate,
  topics: knownTopics,
  records: ['OrderStated', 'EntityDeleted'],
}

/** Where a shop's webhooks point. */
export const webhookPath = '/webhooks/brillo'
