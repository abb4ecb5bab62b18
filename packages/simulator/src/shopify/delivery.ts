import { createRandom } from '../random.ts'
import type { Assembled } from '../shop/assemble.ts'
import type { Entity, EntityKind } from '../shop/model.ts'
import type { Settings, Topic } from '../shop/options.ts'
import { customerDeletedPayload, customerPayload } from './payloads/customer.ts'
import { levelPayload } from './payloads/level.ts'
import { orderPayload } from './payloads/order.ts'
import { refundPayload } from './payloads/order-parts.ts'
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
  const random = createRandom(`${settings.seed}|${settings.storeId}|uninstalled`)
  return {
    topic: 'app/uninstalled',
    entity: { kind: 'store', id: settings.storeId },
    ...signedRequest(writeJson(shopPayload(settings, createTimeWriter(settings.utcOffsetMinutes))), {
      topic: 'app/uninstalled',
      shopDomain: settings.storeId,
      secret: settings.secret,
      apiVersion: settings.apiVersion,
      triggeredAt: new Date(settings.now).toISOString(),
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
      return topic === 'orders/delete' ? deletedPayload(entity.id) : orderPayload(entity, version, times)
    }
    case 'level':
      return levelPayload(entity, times)
    default:
      return entity satisfies never
  }
}
