import type { Door } from '@varai/ingest'
import type { AdobeKeys } from './adobe-keys.ts'
import { challengeOf, eventsStore } from './pure/adobe/address.ts'
import { claimedStore, verifyModule } from './pure/module/verify.ts'
import { knownTopics, translate } from './pure/translate/translate.ts'
import { createVerifyEvents } from './verify-events.ts'

/** Where our module posts to. */
const modulePath = '/webhooks/magento/module'

/** All paths of Magento's doors. */
export const webhookPath = '/webhooks/magento/*rest'

/**
 * How Magento comes in: Adobe's events at an address of each store, because Adobe's headers name none, and the
 * deliveries of our module at one for all.
 */
export function createMagentoDoor({
  keys,
  now = Date.now,
}: {
  readonly keys: AdobeKeys
  /** Epoch ms. */
  readonly now?: () => number
}): Door {
  const verifyEvents = createVerifyEvents({ keys })
  return {
    platform: 'magento',
    claim: (request) => (request.path === modulePath ? claimedStore(request) : eventsStore(request.path)),
    verify(request, secrets, store) {
      if (request.path === modulePath) return verifyModule(request, secrets, now())
      return verifyEvents(request, store.platform === 'magento' ? store.adobe?.clientId : undefined)
    },
    translate,
    topics: knownTopics,
    records: ['OrderStated', 'CustomerStated', 'ProductStated', 'InventoryStated', 'EntityDeleted'],
    shakeHands: challengeOf,
  }
}
