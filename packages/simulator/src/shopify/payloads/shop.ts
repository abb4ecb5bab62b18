import type { Settings } from '../../shop/options.ts'
import type { Json, TimeWriter } from '../write-json.ts'

/** Id that a simulated shop has itself. */
const shopId = 548_380_009n

/** Body of app/uninstalled: the shop. */
export const shopPayload = (settings: Settings, times: TimeWriter): Json => ({
  id: shopId,
  name: settings.storeId.split('.')[0] ?? settings.storeId,
  email: `owner@${settings.storeId}`,
  domain: settings.storeId,
  province: null,
  country: 'CA',
  address1: 'Elm Street 1',
  zip: 'K2H 7A8',
  city: 'Ottawa',
  source: null,
  phone: null,
  primary_locale: 'en',
  address2: null,
  created_at: times.time(settings.now - settings.days * 86_400_000),
  updated_at: times.time(settings.now),
  country_code: 'CA',
  country_name: 'Canada',
  currency: settings.currency,
  customer_email: `owner@${settings.storeId}`,
  timezone: '(GMT-05:00) Eastern Time (US & Canada)',
  iana_timezone: 'America/Toronto',
  shop_owner: 'Simulated Owner',
  plan_display_name: 'Shopify Plus',
  plan_name: 'enterprise',
  // a shop that is being left does not always say who it is; the header does
  myshopify_domain: null,
  has_storefront: true,
  enabled_presentment_currencies: [settings.currency],
})
