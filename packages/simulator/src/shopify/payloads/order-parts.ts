import { shopifyAmount } from '../../money.ts'
import type { Fulfilment, Order, OrderEdit, Refund } from '../../shop/model.ts'
import { lineFulfilment } from '../../shop/order-life.ts'
import { amountAsNumber, globalId, type Json, moneySet, type TimeWriter } from '../write-json.ts'

/** A refund inside its order, and the body of refunds/create. */
export const refundPayload = (order: Order, refund: Refund, times: TimeWriter): Json => ({
  id: refund.id,
  admin_graphql_api_id: globalId('Refund', refund.id),
  created_at: times.time(refund.createdAt),
  note: refund.note,
  order_id: order.id,
  processed_at: times.time(refund.createdAt),
  restock: refund.lines.some((line) => line.restockType !== 'no_restock'),
  total_duties_set: moneySet(order, 0n),
  user_id: null,
  order_adjustments: refund.adjustments.map((adjustment) => ({
    id: adjustment.id,
    amount: shopifyAmount(adjustment.amount, order.currency),
    amount_set: moneySet(order, adjustment.amount),
    kind: adjustment.kind,
    order_id: order.id,
    reason: adjustment.reason,
    refund_id: refund.id,
    tax_amount: shopifyAmount(adjustment.tax, order.currency),
    tax_amount_set: moneySet(order, adjustment.tax),
  })),
  transactions: refund.transactions.map((transaction) => ({
    id: transaction.id,
    admin_graphql_api_id: globalId('OrderTransaction', transaction.id),
    amount: shopifyAmount(transaction.amount, order.currency),
    authorization: null,
    created_at: times.time(transaction.at),
    currency: order.currency,
    device_id: null,
    error_code: transaction.status === 'success' ? null : 'processing_error',
    gateway: transaction.gateway,
    kind: transaction.kind,
    location_id: null,
    message: null,
    order_id: order.id,
    parent_id: null,
    processed_at: times.time(transaction.at),
    receipt: {},
    source_name: 'web',
    status: transaction.status,
    test: order.test,
    user_id: null,
  })),
  refund_line_items: refund.lines.map((line) => ({
    id: line.id,
    line_item_id: line.lineId,
    location_id: null,
    quantity: line.quantity,
    restock_type: line.restockType,
    // numbers here, texts elsewhere: so Shopify has it
    subtotal: amountAsNumber(line.subtotal, order.currency),
    subtotal_set: moneySet(order, line.subtotal),
    total_tax: amountAsNumber(line.tax, order.currency),
    total_tax_set: moneySet(order, line.tax),
  })),
  duties: [],
  refund_shipping_lines: [],
  return: null,
})

export const fulfilmentPayload = (order: Order, fulfilment: Fulfilment, times: TimeWriter): Json => ({
  id: fulfilment.id,
  admin_graphql_api_id: globalId('Fulfillment', fulfilment.id),
  created_at: times.time(fulfilment.createdAt),
  location_id: 655_441_491,
  name: `#${1000 + order.sequence}.1`,
  order_id: order.id,
  origin_address: {},
  receipt: {},
  service: 'manual',
  shipment_status: fulfilment.shipmentStatus,
  status: fulfilment.status,
  tracking_company: fulfilment.trackingCompany,
  tracking_number: fulfilment.trackingNumbers[0] ?? null,
  tracking_numbers: fulfilment.trackingNumbers,
  tracking_url: fulfilment.trackingUrls[0] ?? null,
  tracking_urls: fulfilment.trackingUrls,
  updated_at: times.time(fulfilment.updatedAt),
  line_items: fulfilment.lines.map(({ lineId, quantity }) => {
    const line = order.lines.find((each) => each.id === lineId)
    return {
      id: lineId,
      quantity,
      variant_id: line?.product?.variantId ?? null,
      product_id: line?.product?.productId ?? null,
      title: line?.title ?? null,
      sku: line?.product?.sku ?? null,
      price: line === undefined ? null : shopifyAmount(line.price, order.currency),
      fulfillment_status: line === undefined ? null : lineFulfilment(line),
    }
  }),
})

/** Body of orders/edited: what was changed, and no order. */
export const orderEditPayload = (order: Order, edit: OrderEdit, times: TimeWriter): Json => {
  const changes = (of: OrderEdit['additions']) => of.map(({ lineId, delta }) => ({ id: lineId, delta }))
  return {
    order_edit: {
      id: edit.id,
      app_id: null,
      created_at: times.time(edit.committedAt),
      notify_customer: false,
      order_id: order.id,
      staff_note: '',
      user_id: null,
      line_items: { additions: changes(edit.additions), removals: changes(edit.removals) },
      discounts: { line_item: { additions: [], removals: [] } },
      shipping_lines: { additions: [], removals: [] },
      committed_at: times.time(edit.committedAt),
    },
  }
}
