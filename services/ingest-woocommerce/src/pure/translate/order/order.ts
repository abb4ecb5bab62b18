import {
  type Facts,
  isOfJourney,
  quotient,
  type Reader,
  read,
  readDecimal,
  readFlag,
  readJourney,
  readText,
  type Statement,
  type StatementOf,
  sum,
  type Translation,
  unsigned,
} from '@varai/ingest/pure'
import type { Draft, EventName, Refund, TaxLine } from '@varai/schemas'
import { otherId, ownId } from '../../ids.ts'
import { readMetaData } from '../../meta-data.ts'
import { isEmptied, isEmptyAddress, personalText, readAddress } from '../../person.ts'
import { modifiedAt, timeOf } from '../../store-time.ts'
import { deletion } from '../deletion.ts'
import { readLine } from './line.ts'

type OrderStatement = StatementOf<'OrderStated'>

/**
 * WooCommerce order → the whole of what it states, as the event `eventName`. An order that was paid states its payment
 * besides: one event for an order, however many deliveries say so. Payloads are built when they are delivered, so any of
 * them may already say that the order lies in the trash: that is its deletion, and the rest counts no more.
 */
export function translateOrder(eventName: EventName, body: unknown): Translation<Statement[]> {
  const order = read(body)
  const id = ownId(order)
  const at = modifiedAt(order)
  const status = order.text('status').toLowerCase()
  if (status === 'trash') {
    return order.result([deletion({ resource: 'order', id, at, reason: 'trashed', confirmed: true })])
  }
  const meta = readMetaData(order)
  const journey = meta && readJourney(meta)
  const customerId = otherId(order, 'customer_id')
  const statement: OrderStatement = {
    record: 'OrderStated',
    eventName,
    entityId: id,
    platformAt: at,
    userId: customerId,
    sessionId: journey?.aiSessionId,
    cleared: [
      ...clearedOf(order),
      ...(customerId === undefined && order.has('customer_id') ? ['customerId'] : []),
      ...(journey !== undefined && journey.aiSessionId === undefined ? ['aiSessionId'] : []),
    ],
    facts: {
      ...readHead(order),
      ...readAmounts(order),
      ...readLists(order),
      status,
      customerId,
      aiSessionId: journey?.aiSessionId,
      recommendationIds: journey?.recommendationIds,
      metadata: meta && [
        ...[...meta.ours].filter(([name]) => !isOfJourney(name)).map(([name, value]) => ({ name, value })),
        ...meta.shown,
      ],
    },
  }
  return order.result(withPayment(statement))
}

/** The day it was paid stays with an order that was refunded or cancelled since, so the payment is still told. */
function withPayment(statement: OrderStatement): OrderStatement[] {
  const { paidAt, status, currency, total, netTotal, customerId, aiSessionId, recommendationIds } = statement.facts
  if (paidAt == null) return [statement]
  const payment: OrderStatement = {
    ...statement,
    eventName: 'payment_completed',
    identity: 'payment',
    // What counting a payment takes; the order itself says the rest in the same delivery.
    cleared: [],
    facts: { status, paidAt, currency, total, netTotal, customerId, aiSessionId, recommendationIds },
  }
  return [statement, payment]
}

function clearedOf(order: Reader): string[] {
  const billing = order.looseChild('billing')
  const cleared: [name: string, isEmpty: boolean][] = [
    ['paidAt', isEmptied(order, 'date_paid_gmt')],
    ['completedAt', isEmptied(order, 'date_completed_gmt')],
    ['note', isEmptied(order, 'customer_note')],
    ['email', isEmptied(billing, 'email')],
    ['phone', isEmptied(billing, 'phone')],
    ['billingAddress', isEmptyAddress(order, 'billing')],
    ['shippingAddress', isEmptyAddress(order, 'shipping')],
  ]
  return cleared.filter(([, isEmpty]) => isEmpty).map(([name]) => name)
}

function readHead(order: Reader): Facts<'OrderStated'> {
  const billing = order.looseChild('billing')
  return {
    number: order.readable('number', readText),
    createdAt: timeOf(order, 'date_created_gmt'),
    paidAt: timeOf(order, 'date_paid_gmt'),
    completedAt: timeOf(order, 'date_completed_gmt'),
    email: personalText(billing, 'email'),
    phone: personalText(billing, 'phone'),
    billingAddress: readAddress(billing),
    shippingAddress: readAddress(order.looseChild('shipping')),
    note: personalText(order, 'customer_note'),
    sourceName: order.readable('created_via', readText),
  }
}

/** WooCommerce knows one currency an order. Totals that cannot be read are failures: everything is counted from them. */
function readAmounts(order: Reader): Facts<'OrderStated'> {
  const total = order.decimal('total')
  const refunds = order.looseList('refunds')?.map((refund) => refund.optionalDecimal('total') ?? '0')
  const lines = order.looseList('line_items')?.map((line) => line.readable('total', readDecimal))
  return {
    currency: order.text('currency').toUpperCase(),
    total,
    // Refunds are stated as negative.
    netTotal: refunds && sum(total, ...refunds.map((amount) => `-${unsigned(amount)}`)),
    subtotal: lines && sum(...lines.filter((amount) => amount !== undefined)),
    totalTax: order.readable('total_tax', readDecimal),
    totalDiscounts: order.readable('discount_total', readDecimal),
    totalShipping: order.readable('shipping_total', readDecimal),
    taxesIncluded: order.readable('prices_include_tax', readFlag),
  }
}

/** Refunds in an order are all it has; fulfilments belong to plugins. */
function readLists(order: Reader): Facts<'OrderStated'> {
  const refunds = order.looseList('refunds')?.map(readRefund)
  return {
    items: order.looseList('line_items')?.map(readLine),
    refunds,
    discountCodes: order.looseList('coupon_lines')?.map((coupon) => ({
      code: coupon.freeText('code') ?? '',
      kind: coupon.readable('discount_type', readText),
      amount: coupon.readable('discount', readDecimal),
    })),
    taxLines: order.looseList('tax_lines')?.map(readTax),
    shippingLines: order.looseList('shipping_lines')?.map((line) => ({
      id: otherId(line, 'id'),
      title: line.readable('method_title', readText),
      code: line.readable('method_id', readText),
      price: line.readable('total', readDecimal),
    })),
    complete: { refunds: refunds !== undefined },
  }
}

/** Names of the reason: `reason`, and in what old versions sent `refund`. */
function readRefund(refund: Reader): Draft<Refund> {
  const total = refund.optionalDecimal('total')
  return {
    id: refund.id('id'),
    note: personalText(refund, 'reason') ?? personalText(refund, 'refund'),
    total: total && unsigned(total),
  }
}

function readTax(tax: Reader): Draft<TaxLine> {
  const parts = ['tax_total', 'shipping_tax_total'].map((key) => tax.readable(key, readDecimal))
  const percent = tax.readable('rate_percent', readDecimal)
  return {
    title: tax.readable('label', readText) ?? tax.readable('rate_code', readText),
    rate: percent && quotient(percent, 100),
    amount: sum(...parts.filter((part) => part !== undefined)),
  }
}
