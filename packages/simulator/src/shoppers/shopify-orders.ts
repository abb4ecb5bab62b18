import type { Sendable } from '../deliver.ts'
import { signedRequest } from '../shopify/sign.ts'
import type { Shopper } from './life.ts'

/** What a Shopify shop sends of the orders that shoppers made there: the cart's attributes name what led to them. */
export function* shopifyOrders(
  shop: { readonly storeId: string; readonly secret: string },
  shoppers: readonly Shopper[],
): Generator<Sendable, void, undefined> {
  for (const { sessionId, steps } of shoppers) {
    for (const { id, at, deed } of steps) {
      if (deed.what !== 'bought' || deed.on !== 'shopify') continue
      const { orderId, total, recommendationIds } = deed
      const attributes = [
        { name: 'ai_session_id', value: sessionId },
        ...recommendationIds.map((value, index) => ({ name: `recommendation_id_${index + 1}`, value })),
      ]
      const time = new Date(at).toISOString()
      const order = {
        ...{ name: `#${orderId.slice(-4)}`, created_at: time, updated_at: time, currency: 'EUR', total_price: total },
        ...{ financial_status: 'pending', note_attributes: attributes, line_items: [] },
      }
      // The id is beyond what a number can hold.
      const body = JSON.stringify(order).replace('{', `{"id":${orderId},`)
      const parts = { topic: 'orders/create', shopDomain: shop.storeId, secret: shop.secret, webhookId: id }
      yield signedRequest(body, { ...parts, triggeredAt: time })
    }
  }
}
