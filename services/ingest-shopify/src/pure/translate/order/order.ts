import { type Facts, type Reader, read, type Statement, type StatementOf, type Translation } from '@varai/ingest/pure'
import type { Draft, EventName, ShippingLine, TaxLine } from '@varai/schemas'
import { readAddress } from '../../address.ts'
import { readTags } from '../../comma-list.ts'
import { buyerMoney, currencyOf, shopMoney } from '../../money.ts'
import { seesPersonalData } from '../../protected-data.ts'
import { optionalShopifyId, shopifyId } from '../../shopify-id.ts'
import { toldAt } from '../../told-at.ts'
import { readCartAttributes } from './cart-attributes.ts'
import { readFulfilment } from './fulfilment.ts'
import { readLine } from './line.ts'
import { readRefund } from './refund.ts'

/** Fields that Shopify always sends, and sends as null when there is nothing in them. */
const emptiable = {
  closedAt: 'closed_at',
  cancelledAt: 'cancelled_at',
  cancelReason: 'cancel_reason',
  fulfillmentStatus: 'fulfillment_status',
  note: 'note',
  locale: 'customer_locale',
}
const emptiablePersonal = {
  email: 'email',
  phone: 'phone',
  billingAddress: 'billing_address',
  shippingAddress: 'shipping_address',
}

type OrderStatement = StatementOf<'OrderStated'>

/**
 * Shopify order → the whole of what it states, as the event `eventName`. An order that says paid states its payment
 * besides: one event for an order, however many deliveries say so. Refunds and fulfilments in an order are all it has.
 * When it was paid is not stated: an order does not say.
 */
export function translateOrder(eventName: EventName, body: unknown): Translation<Statement[]> {
  const order = read(body)
  const cart = readCartAttributes(order)
  const customerId = customerIn(order)
  const statement: OrderStatement = {
    record: 'OrderStated',
    eventName,
    entityId: shopifyId(order, 'Order'),
    platformAt: toldAt(order, 'updated_at'),
    userId: customerId,
    sessionId: cart?.aiSessionId,
    cleared: [
      ...order.emptied(emptiable),
      ...(seesPersonalData(order, Object.values(emptiablePersonal)) ? order.emptied(emptiablePersonal) : []),
      ...(cart !== undefined && cart.aiSessionId === undefined ? ['aiSessionId'] : []),
    ],
    facts: {
      ...readHead(order),
      ...readAmounts(order),
      ...readLists(order),
      customerId,
      aiSessionId: cart?.aiSessionId,
      recommendationIds: cart?.recommendationIds,
      metadata: cart?.metadata,
    },
  }
  return order.result(withPayment(statement))
}

/** Of a guest there is none. What an erasure or a relay left of one without its id names nobody. */
function customerIn(order: Reader): string | undefined {
  const customer = order.child('customer')
  const id = customer && optionalShopifyId(customer, 'Customer')
  if (customer !== undefined && id === undefined) order.leaveOut('customer')
  return id
}

/** `orders/paid` is the payment itself, also where the order has moved on since and says refunded. */
function withPayment(statement: OrderStatement): OrderStatement[] {
  if (statement.eventName === 'payment_completed') return [{ ...statement, identity: 'payment' }]
  if (statement.facts.status !== 'paid') return [statement]
  const { status, currency, total, netTotal, presentmentCurrency, presentmentTotal, test } = statement.facts
  const { customerId, aiSessionId, recommendationIds } = statement.facts
  const amounts = { currency, total, netTotal, presentmentCurrency, presentmentTotal }
  const payment: OrderStatement = {
    ...statement,
    eventName: 'payment_completed',
    identity: 'payment',
    // What counting a payment takes; the order itself says the rest in the same delivery.
    cleared: [],
    facts: { status, ...amounts, test, customerId, aiSessionId, recommendationIds },
  }
  return [statement, payment]
}

function readHead(order: Reader): Facts<'OrderStated'> {
  return {
    name: order.optionalText('name'),
    // `number` counts from 1, `order_number` is what people see.
    number: order.optionalText('order_number') ?? order.optionalText('number'),
    createdAt: order.optionalTime('created_at'),
    processedAt: order.optionalTime('processed_at'),
    closedAt: order.optionalTime('closed_at'),
    cancelledAt: order.optionalTime('cancelled_at'),
    cancelReason: order.optionalText('cancel_reason'),
    status: order.optionalText('financial_status')?.toLowerCase(),
    fulfillmentStatus: order.optionalText('fulfillment_status'),
    email: order.optionalText('email'),
    phone: order.optionalText('phone'),
    billingAddress: optionalAddress(order, 'billing_address'),
    shippingAddress: optionalAddress(order, 'shipping_address'),
    note: order.optionalText('note'),
    tags: readTags(order),
    sourceName: order.optionalText('source_name'),
    test: order.optionalFlag('test'),
    locale: order.optionalText('customer_locale'),
  }
}

function optionalAddress(order: Reader, key: string): ReturnType<typeof readAddress> {
  const address = order.child(key)
  return address && readAddress(address)
}

function readAmounts(order: Reader): Facts<'OrderStated'> {
  return {
    currency: currencyOf(order, 'currency'),
    presentmentCurrency: currencyOf(order, 'presentment_currency'),
    total: shopMoney(order, 'total_price'),
    presentmentTotal: buyerMoney(order, 'total_price'),
    netTotal: shopMoney(order, 'current_total_price'),
    subtotal: shopMoney(order, 'subtotal_price'),
    totalTax: shopMoney(order, 'total_tax'),
    totalDiscounts: shopMoney(order, 'total_discounts'),
    totalShipping: shopMoney(order, 'total_shipping_price'),
    taxesIncluded: order.optionalFlag('taxes_included'),
  }
}

function readLists(order: Reader): Facts<'OrderStated'> {
  const currency = currencyOf(order, 'currency')
  const listOf = <T>(key: string, readOne: (item: Reader) => T): T[] | undefined =>
    order.has(key) ? order.list(key).map(readOne) : undefined
  const refunds = listOf('refunds', (refund) => readRefund(refund, currency))
  const fulfilments = listOf('fulfillments', readFulfilment)
  return {
    items: listOf('line_items', readLine),
    refunds,
    fulfilments,
    discountCodes: listOf('discount_codes', (discount) => ({
      code: discount.freeText('code') ?? '',
      kind: discount.optionalText('type'),
      amount: discount.optionalDecimal('amount'),
    })),
    taxLines: listOf('tax_lines', readTax),
    shippingLines: readShipping(order),
    complete: { refunds: refunds !== undefined, fulfilments: fulfilments !== undefined },
  }
}

/** Rates such as 0.0725 are computed in floats and may come with more digits than a rate has. */
const readTax = (tax: Reader): Draft<TaxLine> => ({
  title: tax.optionalText('title'),
  rate: tax.decimalIfExact('rate'),
  amount: shopMoney(tax, 'price'),
})

/** An edit of the order leaves a way of sending that it took away in the list, marked as removed. */
function readShipping(order: Reader): Draft<ShippingLine>[] | undefined {
  if (!order.has('shipping_lines')) return undefined
  return order
    .list('shipping_lines')
    .filter((line) => line.optionalFlag('is_removed') !== true)
    .map((line) => ({
      id: line.optionalId('id'),
      title: line.optionalText('title'),
      code: line.optionalText('code'),
      price: shopMoney(line, 'price'),
      discountedPrice: shopMoney(line, 'discounted_price'),
    }))
}

/** Goods sent, by themselves, or news of them: one element of the order's fulfilments. */
export function translateFulfilment(body: unknown): Translation<Statement[]> {
  const fulfilment = read(body)
  const statement: OrderStatement = {
    record: 'OrderStated',
    eventName: 'order_updated',
    entityId: fulfilment.id('order_id'),
    platformAt: toldAt(fulfilment, 'updated_at'),
    facts: { fulfilments: [readFulfilment(fulfilment)] },
  }
  return fulfilment.result([statement])
}

/** A refund by itself, without its order: one element of the order's refunds. Its time is when it was made. */
export function translateRefund(body: unknown, currency: string): Translation<Statement[]> {
  const refund = read(body)
  const statement: OrderStatement = {
    record: 'OrderStated',
    eventName: 'order_refunded',
    entityId: refund.id('order_id'),
    platformAt: toldAt(refund, 'created_at') ?? refund.optionalTime('processed_at'),
    facts: { refunds: [readRefund(refund, currency)] },
  }
  return refund.result([statement])
}
