import { expect, test } from 'vitest'
import { entityOf } from './entity-of.ts'

test.each([
  ['order.updated', '{"id":727}', 'order 727'],
  ['order.deleted', '{"id":"727"}', 'order 727'],
  ['action.woocommerce_order_status_completed', '{"action":"x","arg":727}', 'order 727'],
  ['product.updated', '{"id":5,"parent_id":0}', 'product 5'],
  ['product.updated', '{"id":6,"parent_id":5}', 'product 5'],
  ['order.updated', '{"id":7,"parent_id":5}', 'order 7'],
  ['order.updated', '{"id":', 'order.updated'],
  ['order.updated', '[]', 'order.updated'],
  ['order.deleted', '{}', 'order.deleted'],
])('%s %s is about %s', (topic, body, entity) => {
  expect(entityOf({ topic, rawBody: Buffer.from(body) })).toBe(entity)
})
