import { type OutgoingEventOf, parseLossless, toEvents } from '@varai/ingest/pure'
import { shopifyDoor } from '@varai/ingest-shopify/door'
import { createShop, type Delivery } from '@varai/simulator'

/** The store whose life is sent; the stores file of a bench names it. */
export const benchStore = {
  merchantId: 'bench',
  storeId: 'bench-optik.myshopify.com',
  currency: 'EUR',
  secret: 'bench-optik-secret',
}

/** Signed deliveries as a shop's life makes them, the same in every process that asks for as many in the same hour. */
export function simulatedDeliveries(count: number): Delivery[] {
  const anHour = 3_600_000
  const now = Math.floor(Date.now() / anHour) * anHour
  const shop = createShop({ ...benchStore, seed: 'bench', deliveries: count, extremes: false, doubled: 0, now })
  return [...shop.deliveries()]
}

/** Orders as statements on their lanes, as our service for Shopify would publish them. */
export function orderEvents(count: number): OutgoingEventOf<'OrderStated'>[] {
  const store = {
    platform: 'shopify',
    merchantId: benchStore.merchantId,
    id: benchStore.storeId,
    currency: 'EUR',
  } as const
  const orders: OutgoingEventOf<'OrderStated'>[] = []
  // About three deliveries of five are about orders.
  for (const delivery of simulatedDeliveries(4 * count)) {
    const body = parseLossless(delivery.body)
    const statements = body.ok ? shopifyDoor.translate(body.value, { topic: delivery.topic, store }) : body
    if (!statements.ok || !('leftOut' in statements)) continue
    const facts = { store, deliveryId: `delivery-${orders.length}`, origin: 'webhook', receivedAt: Date.now() } as const
    const events = toEvents(statements.value, facts)
    if (!events.ok) continue
    for (const event of events.value) if (event.record === 'OrderStated' && orders.length < count) orders.push(event)
    if (orders.length === count) break
  }
  if (orders.length < count) throw new Error(`the simulated shop made ${orders.length} orders instead of ${count}`)
  return orders
}
