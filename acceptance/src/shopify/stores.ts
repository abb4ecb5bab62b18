/** Two stores of one merchant that share customers, and a store of its own for each of the other checks. */
export const stores = {
  berlin: {
    ...{ merchantId: 'optik', storeId: 'optik-berlin.myshopify.com', secret: 'berlin-secret' },
    ...{ currency: 'EUR', apiVersion: '2024-10' as const },
  },
  tokyo: {
    ...{ merchantId: 'optik', storeId: 'optik-tokyo.myshopify.com', secret: 'tokyo-secret' },
    ...{ currency: 'JPY', apiVersion: '2026-10' as const },
  },
  fixtures: {
    ...{ merchantId: 'fixtures', storeId: 'fixtures.myshopify.com', secret: 'fixtures-secret', currency: 'USD' },
  },
  besieged: {
    ...{ merchantId: 'besieged', storeId: 'besieged.myshopify.com', secret: 'besieged-secret', currency: 'EUR' },
  },
  crowd: {
    ...{ merchantId: 'crowd', storeId: 'crowd.myshopify.com', secret: 'crowd-secret', currency: 'EUR' },
  },
}
