import { createRandom } from '../random.ts'
import type { Assembled } from '../shop/assemble.ts'
import type { Customer, Entity, EntityKind } from '../shop/model.ts'
import type { Settings, Topic } from '../shop/options.ts'
import type { World } from '../shop/world.ts'
import { customerDeletedPayload, customerPayload } from './payloads/customer.ts'
import { levelPayload } from './payloads/level.ts'
import { orderPayload } from './payloads/order.ts'
import { orderEditPayload, refundPayload } from './payloads/order-parts.ts'
import { customerRedactPayload, dataRequestPayload, shopRedactPayload } from './payloads/privacy.ts'
import { deletedPayload, productPayload } from './payloads/product.ts'
import { shopPayload } from './payloads/shop.ts'
import { signedRequest } from './sign.ts'
import { createTimeWriter, type Json, type TimeWriter, writeJson } from './write-json.ts'

/** One webhook as Shopify would POST it. Repeating it as it is is what Shopify's retries do. */
export type Delivery = {
  topic: Topic
  headers: Readonly<Record<string, string>>
  /** The signed bytes. */
  body: Buffer
  /** Which entity it speaks of, for reports; not part of the request. */
  entity: { kind: EntityKind | 'store'; id: string }
}

/** Turns what a shop has put together into requests. */
export function createDeliveryWriter(settings: Settings): (assembled: Assembled) => Delivery {
  const times = createTimeWriter(settings.utcOffsetMinutes)
  return ({ topic, entity, triggered, webhookId, eventId }) => ({
    topic,
    entity: { kind: entity.kind, id: String(entity.id) },
    ...signedRequest(writeJson(payload(topic, entity, settings, times)), {
      topic,
      shopDomain: settings.storeId,
      secret: settings.secret,
      apiVersion: settings.apiVersion,
      triggeredAt: triggered,
      webhookId,
      eventId,
    }),
  })
}

/** The app is uninstalled, at the end of the shop's life. */
export function uninstalledDelivery(settings: Settings): Delivery {
  const shop = shopPayload(settings, createTimeWriter(settings.utcOffsetMinutes))
  return afterLife(settings, { topic: 'app/uninstalled', at: settings.now, body: shop })
}

const day = 86_400_000

/**
 * What Shopify passes on of people's requests after the life of the shop: some customers want to see their data, those
 * that were deleted are to be forgotten, and so is the shop once it has removed the app.
 */
export function privacyDeliveries(settings: Settings, world: World): Delivery[] {
  const ordersOf = (customer: Customer) => world.orders.filter((order) => order.customer === customer)
  const asking = world.customers.slice(0, 3)
  const gone = world.gone.flatMap(({ entity }) => (entity.kind === 'customer' ? [entity] : []))
  return [
    ...asking.map((customer, index) => {
      const body = dataRequestPayload(customer, ordersOf(customer), 9_999n + BigInt(index), settings)
      return afterLife(settings, { topic: 'customers/data_request', at: settings.now + index, body, customer })
    }),
    ...gone.map((customer, index) => {
      const body = customerRedactPayload(customer, ordersOf(customer), settings)
      return afterLife(settings, { topic: 'customers/redact', at: settings.now + 10 * day + index, body, customer })
    }),
    afterLife(settings, { topic: 'shop/redact', at: settings.now + 2 * day, body: shopRedactPayload(settings) }),
  ]
}

/** A delivery that is none of the life's; the same one at every call. */
function afterLife(settings: Settings, of: { topic: Topic; at: number; body: Json; customer?: Customer }): Delivery {
  const id = of.customer === undefined ? settings.storeId : String(of.customer.id)
  const random = createRandom(`${settings.seed}|${settings.storeId}|${of.topic}|${id}`)
  return {
    topic: of.topic,
    entity: { kind: of.customer === undefined ? 'store' : 'customer', id },
    ...signedRequest(writeJson(of.body), {
      topic: of.topic,
      shopDomain: settings.storeId,
      secret: settings.secret,
      apiVersion: settings.apiVersion,
      triggeredAt: new Date(of.at).toISOString(),
      webhookId: random.uuid(),
      eventId: random.uuid(),
    }),
  }
}

function payload(topic: Topic, entity: Entity, settings: Settings, times: TimeWriter): Json {
  const { apiVersion: version, currency } = settings
  switch (entity.kind) {
    case 'customer':
      return topic === 'customers/delete' ? customerDeletedPayload(entity) : customerPayload(entity, version, times)
    case 'product':
      return topic === 'products/delete' ? deletedPayload(entity.id) : productPayload(entity, { currency, times })
    case 'order': {
      const refund = entity.refunds.at(-1)
      if (topic === 'refunds/create' && refund !== undefined) return refundPayload(entity, refund, times)
      const edit = entity.edits.at(-1)
      if (topic === 'orders/edited' && edit !== undefined) return orderEditPayload(entity, edit, times)
      return topic === 'orders/delete' ? deletedPayload(entity.id) : orderPayload(entity, version, times)
    }
    case 'level':
      return levelPayload(entity, times)
    default:
      return entity satisfies never
  }
}
