import { read, type Statement, type Translation } from '@varai/ingest/pure'
import { currencyOf } from '../money.ts'

/**
 * `app/uninstalled`: the shop as it was, and that we are no longer part of it. The store is the one that the headers
 * name: the body may not say its domain. The shop's nulls say nothing, since only the uninstallation is told here.
 */
export function translateUninstallation(body: unknown, storeId: string): Translation<Statement[]> {
  const shop = read(body)
  return shop.result([
    {
      record: 'StoreStated',
      eventName: 'store_uninstalled',
      entityId: storeId,
      // Its `updated_at` is when the shop's settings last changed, long before.
      platformAt: undefined,
      facts: {
        state: 'uninstalled',
        name: shop.optionalText('name'),
        domain: shop.optionalText('domain'),
        email: shop.optionalText('email'),
        currency: currencyOf(shop, 'currency'),
        timezone: shop.optionalText('iana_timezone'),
        plan: shop.optionalText('plan_name'),
      },
    },
  ])
}
