import { createPublicKey } from 'node:crypto'
import { adobeDelivery, adobeEvents, createAdobeKeys, createMagentoShop, moduleDeliveries } from '@varai/simulator'
import { expect, test } from 'vitest'
import { isSignedWith, signaturesOf } from './pure/adobe/signatures.ts'
import { unpackEvents } from './pure/adobe/unpack.ts'
import { translateCustomer } from './pure/translate/customer.ts'
import { translateOrder } from './pure/translate/order.ts'
import { translateProduct } from './pure/translate/product.ts'
import { translate } from './pure/translate/translate.ts'
import { bodyOf, checked, store } from './test-statements.ts'

const shop = createMagentoShop({ seed: 'understood', merchantId: 'm1', storeId: store.id, currency: 'USD', orders: 60 })

test('everything that the simulated shop’s module says is understood, and nothing of it left out', () => {
  const deliveries = moduleDeliveries(shop, { secret: 's', seed: 'a' })
  expect(new Set(deliveries.map(({ topic }) => topic)).size).toBe(6)
  for (const { topic, body } of deliveries) {
    const translation = translate(bodyOf(JSON.parse(body.toString())), { topic, store })
    expect(translation, `${topic} ${body}`).toMatchObject({ ok: true, leftOut: [] })
    checked(translation)
  }
})

test('the module and the API state the same', () => {
  const view = shop.view()
  const said = new Map(
    moduleDeliveries(shop, { secret: 's', seed: 'a' }).map(({ topic, body }) => {
      const document: { id?: number; entity_id?: number } = JSON.parse(body.toString())
      return [`${topic} ${document.entity_id ?? document.id}`, document]
    }),
  )
  const names = { orders: 'order', customers: 'customer', products: 'product' } as const
  const translators = { orders: translateOrder, customers: translateCustomer, products: translateProduct }
  for (const entity of ['orders', 'customers', 'products'] as const) {
    for (const document of view.documents(entity)) {
      const body = said.get(`${names[entity]}.saved ${document['entity_id'] ?? document['id']}`)
      const telling = { store, eventName: 'order_updated' } as const
      const { stock_item: _, ...more } = Object(document['extension_attributes'])
      const listed = { ...document, ...(entity === 'products' && { extension_attributes: more }) }
      const ofApi = checked(translators[entity](bodyOf(listed), telling))
      expect(checked(translators[entity](bodyOf(body), telling))).toEqual(ofApi)
    }
  }
})

test('Adobe’s events of it are verified and understood, one by one and together', () => {
  const keys = createAdobeKeys()
  const events = adobeEvents(shop, { seed: 'a', clientId: 'ours' })
  for (const batch of [events.slice(0, 1), events.slice(1, 4), events]) {
    const { headers, body } = adobeDelivery(batch, keys)
    const rawBody = Buffer.from(body)
    const signatures = signaturesOf({ headers })
    expect(signatures.map(({ keyPath }) => keyPath)).toEqual(keys.map(({ path }) => path))
    for (const [at, signature] of signatures.entries()) {
      expect(isSignedWith(createPublicKey(keys[at]?.publicPem ?? ''), signature, rawBody)).toBe(true)
    }
    const unpacked = unpackEvents(rawBody, 'ours')
    if (!unpacked.ok) throw new Error(unpacked.reason)
    expect(unpacked.deliveries.map(({ deliveryId }) => deliveryId)).toEqual(batch.map((event) => event.event_id))
    for (const { topic, rawBody: bytes } of unpacked.deliveries) {
      const translation = translate(bodyOf(JSON.parse(bytes.toString())), { topic, store })
      expect(translation, `${topic} ${bytes}`).toMatchObject({ ok: true, leftOut: [] })
      expect(checked(translation).length).toBeGreaterThan(0)
    }
  }
})
