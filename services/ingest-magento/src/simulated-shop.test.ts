import { createMagentoShop, moduleDeliveries } from '@varai/simulator'
import { expect, test } from 'vitest'
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
