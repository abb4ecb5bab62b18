import type { List } from '../runner.ts'
import { magentoFixtures, wooFixtures } from './fixtures/fixtures.ts'
import { forged } from './forged/forged.ts'
import { openShops, type ShopsContext } from './open-shops.ts'

/** WooCommerce and Magento by webhook and by API: what others wrote down, an outage, forgers, and all shops at once. */
export const wooMagento: List<ShopsContext> = {
  name: 'woo-magento',
  open: openShops,
  checks: [wooFixtures, magentoFixtures, forged],
}
