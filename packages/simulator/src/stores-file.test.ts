import { parseStores } from '@varai/runtime/stores'
import { expect, test } from 'vitest'
import { createShop } from './create-shop.ts'
import { storesFile } from './stores-file.ts'

const shopOf = (merchantId: string, storeId: string) =>
  createShop({
    seed: 1,
    merchantId,
    storeId,
    secret: `secret of ${storeId}: "quoted" #1`,
    deliveries: 1,
    currency: 'JPY',
  })

test('simulated stores can be read back from the file that names them', () => {
  const shops = [
    shopOf('optik', 'a.myshopify.com'),
    shopOf('other', 'b.myshopify.com'),
    shopOf('optik', 'c.myshopify.com'),
  ]
  const parsed = parseStores(storesFile(shops), { env: {} })
  expect(parsed).toMatchObject({
    ok: true,
    stores: [shops[0], shops[2], shops[1]].map((shop) => ({
      merchantId: shop?.merchantId,
      platform: 'shopify',
      id: shop?.storeId,
      currency: 'JPY',
      webhookSecrets: { current: shop?.secret },
    })),
  })
})

test('a secret that is being replaced, and the address of the API, are in the file too', () => {
  const entry = { ...shopOf('optik', 'a.myshopify.com'), previousSecret: 'old', apiUrl: 'http://127.0.0.1:4000' }
  expect(parseStores(storesFile([entry]), { env: {} })).toMatchObject({
    ok: true,
    stores: [{ webhookSecrets: { previous: 'old' }, api: { url: 'http://127.0.0.1:4000', version: '2024-10' } }],
  })
})

test.each([
  { accessToken: 'shpat' },
  { clientId: 'app', clientSecret: 'hush' },
  { clientId: 'app', clientSecret: 'hush', refreshToken: 'shprt' },
])('what opens the API is in the file: %j', (credentials) => {
  const entry = { ...shopOf('optik', 'a.myshopify.com'), credentials }
  expect(parseStores(storesFile([entry]), { env: {} })).toMatchObject({ ok: true, stores: [{ credentials }] })
})
