import type { List } from '../runner.ts'
import { allShopsAgree } from './agreement.ts'
import { livesInAnyOrder } from './arrival/lives.ts'
import { sameSecond } from './arrival/same-second.ts'
import { wholeShops } from './arrival/whole-shops.ts'
import { magentoFixtures, wooFixtures } from './fixtures/fixtures.ts'
import { forged } from './forged/forged.ts'
import { openShops, type ShopsContext } from './open-shops.ts'
import { outage } from './outage/outage.ts'

/** WooCommerce and Magento by webhook and by API: what others wrote down, an outage, forgers, and all shops at once. */
export const wooMagento: List<ShopsContext> = {
  name: 'woo-magento',
  open: openShops,
  // The last one stops the system that the others share.
  checks: [wooFixtures, magentoFixtures, livesInAnyOrder, sameSecond, wholeShops, forged, outage, allShopsAgree],
}
