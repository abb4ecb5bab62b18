import { Decimal128 } from 'mongodb'
import { convert, type Minor } from '../money.ts'
import { type Fulfilment, type Line, type Order, orderName, orderNumber, type Refund } from '../shop/model.ts'
import { fulfilmentOf, lineFulfilment } from '../shop/order-life.ts'
import { refundTotal, totalsOf } from '../shop/totals.ts'
import { address, id, money, optionalId, optionalTime, time, type Value } from './values.ts'

/** What the record of an order must say, in the contract's names. Fields that Shopify does not state are not in it. */
export function orderTruth(order: Order): Record<string, Value> {
  const totals = totalsOf(order)
  const amount = (of: Minor) => money(of, order.currency)
  const session = order.noteAttributes.find(({ name }) => name === 'ai_session_id')
  const isRecommendation = (name: string) => name.startsWith('recommendation_id_')
  return {
    name: orderName(order),
    number: String(orderNumber(order)),
    createdAt: time(order.createdAt),
    processedAt: time(order.processedAt),
    closedAt: optionalTime(order.closedAt),
    cancelledAt: optionalTime(order.cancelledAt),
    cancelReason: order.cancelReason,
    status: order.financialStatus,
    fulfillmentStatus: fulfilmentOf(order),
    currency: order.currency,
    presentmentCurrency: order.presentmentCurrency,
    total: amount(totals.total),
    presentmentTotal: presented(order, totals.total),
    netTotal: amount(totals.currentTotal),
    subtotal: amount(totals.subtotal),
    totalTax: amount(totals.tax),
    totalDiscounts: amount(totals.discounts),
    totalShipping: amount(totals.shipping),
    taxesIncluded: order.taxesIncluded,
    customerId: optionalId(order.customer?.id),
    email: order.email,
    phone: order.phone,
    billingAddress: order.billingAddress && address(order.billingAddress, null),
    shippingAddress: order.shippingAddress && address(order.shippingAddress, null),
    note: order.note,
    tags: order.tags,
    sourceName: order.sourceName,
    test: order.test,
    locale: order.locale,
    items: order.lines.map((line) => item(order, line)),
    refunds: order.refunds.map((refund) => refundTruth(order, refund)),
    fulfilments: order.fulfilments.map(fulfilmentTruth),
    discountCodes: order.discount === null ? [] : [discountTruth(order, order.discount)],
    taxLines: totals.tax === 0n ? [] : [{ title: order.taxTitle, rate: rate(order), amount: amount(totals.tax) }],
    shippingLines: order.shippingLines.map((line) => ({
      id: id(line.id),
      title: line.title,
      code: line.code,
      price: amount(line.price),
      discountedPrice: amount(line.discountedPrice),
    })),
    aiSessionId: session?.value ?? null,
    recommendationIds: order.noteAttributes.filter(({ name }) => isRecommendation(name)).map(({ value }) => value),
    metadata: order.noteAttributes.filter(({ name }) => name !== 'ai_session_id' && !isRecommendation(name)),
  }
}

const presented = (order: Order, of: Minor): Decimal128 =>
  money(convert(of, order.currency, order.presentmentCurrency), order.presentmentCurrency)

const rate = (order: Order): Decimal128 => Decimal128.fromString(String(order.taxRate / 10_000))

function item(order: Order, line: Line): Value {
  const stated = (name: string) => line.properties.find((property) => property.name === name)?.value ?? null
  return {
    id: id(line.id),
    productId: optionalId(line.product?.productId),
    variantId: optionalId(line.product?.variantId),
    sku: line.product?.sku ?? null,
    title: line.title,
    variantTitle: line.variantTitle,
    vendor: line.vendor,
    quantity: line.quantity,
    currentQuantity: line.currentQuantity,
    price: money(line.price, order.currency),
    presentmentPrice: presented(order, line.price),
    totalDiscount: money(line.discount, order.currency),
    totalTax: money(line.tax, order.currency),
    fulfillmentStatus: lineFulfilment(line),
    giftCard: line.giftCard,
    requiresShipping: line.requiresShipping,
    // the prescription is health data and lies in its own field only
    properties: line.properties.filter(({ name }) => name !== 'prescription'),
    lensType: stated('lens_type'),
    lensCoating: stated('lens_coating'),
    prescription: stated('prescription'),
  }
}

const refundTruth = (order: Order, refund: Refund): Value => ({
  id: id(refund.id),
  createdAt: time(refund.createdAt),
  note: refund.note,
  total: money(refundTotal(refund), order.currency),
  lines: refund.lines.map((line) => ({
    lineId: id(line.lineId),
    quantity: line.quantity,
    subtotal: money(line.subtotal, order.currency),
    totalTax: money(line.tax, order.currency),
    restockType: line.restockType,
  })),
  transactions: refund.transactions.map((transaction) => ({
    id: id(transaction.id),
    kind: transaction.kind,
    status: transaction.status,
    gateway: transaction.gateway,
    amount: money(transaction.amount, order.currency),
    currency: order.currency,
  })),
  adjustments: refund.adjustments.map((adjustment) => ({
    id: id(adjustment.id),
    kind: adjustment.kind,
    reason: adjustment.reason,
    amount: money(adjustment.amount, order.currency),
    totalTax: money(adjustment.tax, order.currency),
  })),
})

const fulfilmentTruth = (fulfilment: Fulfilment): Value => ({
  id: id(fulfilment.id),
  status: fulfilment.status,
  createdAt: time(fulfilment.createdAt),
  updatedAt: time(fulfilment.updatedAt),
  shipmentStatus: fulfilment.shipmentStatus,
  trackingCompany: fulfilment.trackingCompany,
  trackingNumbers: fulfilment.trackingNumbers,
  trackingUrls: fulfilment.trackingUrls,
  lines: fulfilment.lines.map(({ lineId, quantity }) => ({ lineId: id(lineId), quantity })),
})

const discountTruth = (order: Order, discount: NonNullable<Order['discount']>): Value => ({
  code: discount.code,
  kind: discount.kind,
  amount: money(discount.amount, order.currency),
})
