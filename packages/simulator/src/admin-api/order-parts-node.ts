import type { Fulfilment, Order, Refund } from '../shop/model.ts'
import { connection, firstOf, type PageArguments } from './connection.ts'
import { moneyBag, reference, time } from './values.ts'

/** A refund; what of it went back for shipping is told apart from other differences. */
export const refundNode = (order: Order, refund: Refund) => {
  const isShipping = ({ kind }: Refund['adjustments'][number]) => kind === 'shipping_refund'
  return {
    ...reference('Refund', refund.id),
    createdAt: time(refund.createdAt),
    note: refund.note,
    refundLineItems: (page: PageArguments) =>
      connection(
        refund.lines.map((line) => ({
          lineItem: reference('LineItem', line.lineId),
          quantity: line.quantity,
          subtotalSet: moneyBag(order, line.subtotal),
          totalTaxSet: moneyBag(order, line.tax),
          restockType: line.restockType.toUpperCase(),
        })),
        page,
      ),
    transactions: (page: PageArguments) =>
      connection(
        refund.transactions.map((transaction) => ({
          ...reference('OrderTransaction', transaction.id),
          kind: transaction.kind.toUpperCase(),
          status: transaction.status.toUpperCase(),
          gateway: transaction.gateway,
          amountSet: moneyBag(order, transaction.amount),
        })),
        page,
      ),
    orderAdjustments: (page: PageArguments) =>
      connection(
        refund.adjustments
          .filter((each) => !isShipping(each))
          .map((adjustment) => ({
            ...reference('OrderAdjustment', adjustment.id),
            amountSet: moneyBag(order, adjustment.amount),
            taxAmountSet: moneyBag(order, adjustment.tax),
            reason: adjustment.reason.toUpperCase().replaceAll(' ', '_'),
          })),
        page,
      ),
    refundShippingLines: (page: PageArguments) =>
      connection(
        refund.adjustments.filter(isShipping).map((adjustment) => ({
          ...reference('RefundShippingLine', adjustment.id),
          // An adjustment takes away, a shipping line says what was given.
          subtotalAmountSet: moneyBag(order, -adjustment.amount),
          taxAmountSet: moneyBag(order, -adjustment.tax),
        })),
        page,
      ),
  }
}

export const fulfilmentNode = (order: Order, fulfilment: Fulfilment) => ({
  ...reference('Fulfillment', fulfilment.id),
  order: reference('Order', order.id),
  status: fulfilment.status.toUpperCase(),
  createdAt: time(fulfilment.createdAt),
  updatedAt: time(fulfilment.updatedAt),
  trackingInfo: (page: PageArguments) => firstOf(trackingOf(fulfilment), page),
  events: (page: PageArguments) =>
    connection(fulfilment.shipmentStatus === null ? [] : [{ status: fulfilment.shipmentStatus.toUpperCase() }], page),
  fulfillmentLineItems: (page: PageArguments) =>
    connection(
      fulfilment.lines.map(({ lineId, quantity }) => ({ lineItem: reference('LineItem', lineId), quantity })),
      page,
    ),
})

type Tracking = { company: string | null; number: string | null; url: string | null }

/** One entry per number; the carrier alone where there is none. */
function trackingOf({ trackingCompany: company, trackingNumbers, trackingUrls }: Fulfilment): Tracking[] {
  if (trackingNumbers.length === 0) return company === null ? [] : [{ company, number: null, url: null }]
  return trackingNumbers.map((number, at) => ({ company, number, url: trackingUrls[at] ?? null }))
}
