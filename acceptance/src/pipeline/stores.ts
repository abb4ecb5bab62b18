import { createShop, type Shop } from '@varai/simulator'

/** A store of its own for each check, each of another merchant, so that none sees another's documents. */
export const stores = {
  kills: { merchantId: 'kills', storeId: 'kills.myshopify.com', currency: 'EUR', secret: 'kills-secret' },
  ack: { merchantId: 'ack', storeId: 'ack.myshopify.com', currency: 'EUR', secret: 'ack-secret' },
  fixtures: { merchantId: 'fixtures', storeId: 'fixtures.myshopify.com', currency: 'USD', secret: 'fixtures-secret' },
  load: { merchantId: 'load', storeId: 'load.myshopify.com', currency: 'JPY', secret: 'load-secret' },
}

/** The simulated shop of one of these stores. */
export const shopOf = (store: (typeof stores)[keyof typeof stores], deliveries: number): Shop =>
  createShop({ ...store, seed: `acceptance ${store.merchantId}`, deliveries })
