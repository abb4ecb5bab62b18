import { type OutgoingEvent, type OutgoingEventOf, parseLossless, toEvents } from '@varai/ingest/pure'
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

export type StatedEvent = OutgoingEventOf<'OrderStated'> | OutgoingEventOf<'CustomerStated'>

/** Statements of one kind on their lanes, as our service for Shopify would publish them. */
export function statedEvents(record: StatedEvent['record'], count: number): StatedEvent[] {
  const store = {
    platform: 'shopify',
    merchantId: benchStore.merchantId,
    id: benchStore.storeId,
    currency: 'EUR',
  } as const
  const stated: StatedEvent[] = []
  const isWanted = (event: OutgoingEvent): event is StatedEvent => event.record === record
  // About three deliveries of five are about orders, one of three about customers.
  for (const delivery of simulatedDeliveries(5 * count)) {
    const body = parseLossless(delivery.body)
    const statements = body.ok ? shopifyDoor.translate(body.value, { topic: delivery.topic, store }) : body
    if (!statements.ok || !('leftOut' in statements)) continue
    const facts = { store, deliveryId: `delivery-${stated.length}`, origin: 'webhook', receivedAt: Date.now() } as const
    const events = toEvents(statements.value, facts)
    if (!events.ok) continue
    for (const event of events.value) if (isWanted(event) && stated.length < count) stated.push(event)
    if (stated.length === count) break
  }
  if (stated.length < count) throw new Error(`the simulated shop made ${stated.length} of ${count} ${record}`)
  return stated
}
