import {
  difference,
  type Facts,
  isOfJourney,
  negated,
  quotient,
  type Reader,
  read,
  readFlag,
  readJourney,
  readText,
  type Statement,
  type StatementOf,
  sum,
  type Translation,
  unsigned,
} from '@varai/ingest/pure'
import type { Draft, TaxLine } from '@varai/schemas'
import { type Amounts, amountOf, amountsIn } from '../amount.ts'
import { readAttributes } from '../attributes.ts'
import { otherId, ownId } from '../ids.ts'
import { personalText, readAddress } from '../person.ts'
import { modifiedAt, timeOf } from '../store-time.ts'
import { readLines } from './order-lines.ts'
import type { Telling } from './telling.ts'

type OrderStatement = StatementOf<'OrderStated'>

/**
 * Magento order, as REST, our module or an event shows it → what the store states. An order on which nothing is due any
 * more states its payment besides: one event for an order, however often that is told. All failures at once.
 */
export const translateOrder = (body: unknown, telling: Telling): Translation<Statement[]> =>
  tellOrder(read(body), telling)

/** As `translateOrder`, for an order that is part of a document. */
export function tellOrder(order: Reader, telling: Telling): Translation<Statement[]> {
  const { eventName, store, partial = false } = telling
  const amounts = amountsIn(order, store.currency)
  const attributes = readAttributes(order)
  const journey = readJourney(attributes)
  const knowsJourney = attributes.listed || attributes.ours.size > 0
  const customerId = otherId(order, 'customer_id')
  const isGuest = customerId === undefined && order.readable('customer_is_guest', readFlag) === true
  const cleared: [name: string, isEmpty: boolean][] = [
    ['customerId', isGuest],
    ['aiSessionId', attributes.listed && journey.aiSessionId === undefined],
  ]
  const statement: OrderStatement = {
    record: 'OrderStated',
    eventName,
    entityId: ownId(order),
    platformAt: modifiedAt(order),
    userId: customerId,
    sessionId: journey.aiSessionId,
    cleared: cleared.filter(([, isEmpty]) => isEmpty).map(([name]) => name),
    facts: {
      ...readHead(order),
      ...readAmounts(order, amounts, partial),
      items: readLines(order, amounts),
      customerId,
      discountCodes: readCodes(order, amounts, partial),
      taxLines: order.looseChild('extension_attributes')?.looseList('applied_taxes')?.map(readTax),
      shippingLines: readShipping(order, amounts),
      aiSessionId: journey.aiSessionId,
      recommendationIds: knowsJourney ? journey.recommendationIds : undefined,
      metadata: knowsJourney
        ? [...attributes.ours].filter(([name]) => !isOfJourney(name)).map(([name, value]) => ({ name, value }))
        : undefined,
    },
  }
  return order.result(isPaid(order) ? [statement, paymentOf(statement)] : [statement])
}

/** What counting a payment takes; the order itself says the rest beside it. */
function paymentOf(statement: OrderStatement): OrderStatement {
  const { status, currency, total, netTotal, presentmentCurrency, presentmentTotal } = statement.facts
  const { customerId, aiSessionId, recommendationIds } = statement.facts
  return {
    ...statement,
    eventName: 'payment_completed',
    identity: 'payment',
    cleared: [],
    facts: {
      ...{ status, currency, total, netTotal, presentmentCurrency, presentmentTotal },
      ...{ customerId, aiSessionId, recommendationIds },
    },
  }
}

/**
 * Nothing is due any more. Magento says no time of payment, so none is stated. An order that was refunded since stays
 * paid; one of nothing that was called off never was.
 */
function isPaid(order: Reader): boolean {
  for (const base of ['base_', '']) {
    const total = amountOf(order, `${base}grand_total`)
    const paid = amountOf(order, `${base}total_paid`)
    const stated = amountOf(order, `${base}total_due`)
    const due = stated ?? (total !== undefined && paid !== undefined ? difference(total, paid) : undefined)
    if (due === undefined) continue
    const costsNothing = total === '0' && (paid ?? '0') === '0'
    return (due === '0' || due.startsWith('-')) && !(costsNothing && isCalledOff(order))
  }
  return false
}

const isCalledOff = (order: Reader): boolean =>
  ['state', 'status'].some((key) => order.readable(key, readText)?.toLowerCase() === 'canceled')

function readHead(order: Reader): Facts<'OrderStated'> {
  const addresses = order.looseList('addresses') ?? []
  const ofType = (type: string) => addresses.find((address) => address.readable('address_type', readText) === type)
  const billing = order.looseChild('billing_address') ?? ofType('billing')
  const shipping =
    shippingOf(order)?.looseChild('address') ?? order.looseChild('shipping_address') ?? ofType('shipping')
  return {
    number: order.readable('increment_id', readText),
    createdAt: timeOf(order, 'created_at'),
    status: (order.readable('status', readText) ?? order.readable('state', readText))?.toLowerCase(),
    email: personalText(order, 'customer_email'),
    phone: personalText(billing, 'telephone'),
    billingAddress: readAddress(billing),
    shippingAddress: readAddress(shipping),
    note: personalText(order, 'customer_note'),
  }
}

/** REST documents know where an order goes only as one of its shipments to be. */
const shippingOf = (order: Reader): Reader | undefined =>
  order.looseChild('extension_attributes')?.looseList('shipping_assignments')?.[0]?.looseChild('shipping')

function readAmounts(order: Reader, amounts: Amounts, partial: boolean): Facts<'OrderStated'> {
  const shop = (key: string) => amounts.shop(order, key)
  const total = shop('grand_total')
  // Nothing was refunded where a whole document does not say what.
  const refunded = shop('total_refunded') ?? (partial ? undefined : '0')
  const subtotal = shop('subtotal')
  const discount = shop('discount_amount')
  const ofShipping = shop('shipping_discount_amount') ?? '0'
  const presentmentTotal = amounts.buyer(order, 'grand_total')
  const statesCurrency = total !== undefined || order.has('base_currency_code')
  return {
    currency: statesCurrency ? amounts.shopCurrency : undefined,
    presentmentCurrency: amounts.buyerCurrency,
    total,
    presentmentTotal,
    netTotal: total !== undefined && refunded !== undefined ? difference(total, refunded) : undefined,
    // A discount is stated as negative, with that of the shipping in it.
    subtotal:
      subtotal !== undefined && discount !== undefined
        ? sum(subtotal, negated(unsigned(discount)), unsigned(ofShipping))
        : undefined,
    totalTax: shop('tax_amount'),
    totalDiscounts: discount && unsigned(discount),
    totalShipping: shop('shipping_amount'),
  }
}

function readCodes(order: Reader, amounts: Amounts, partial: boolean): Facts<'OrderStated'>['discountCodes'] {
  const code = order.readable('coupon_code', readText)
  if (code === undefined) return partial && !order.states('coupon_code') ? undefined : []
  const amount = amounts.shop(order, 'discount_amount')
  return [{ code, amount: amount && unsigned(amount) }]
}

function readTax(tax: Reader): Draft<TaxLine> {
  const percent = amountOf(tax, 'percent')
  return {
    title: tax.readable('title', readText) ?? tax.readable('code', readText),
    rate: percent && quotient(percent, 100),
    amount: amountOf(tax, 'base_amount'),
  }
}

function readShipping(order: Reader, amounts: Amounts): Facts<'OrderStated'>['shippingLines'] {
  const code = shippingOf(order)?.readable('method', readText) ?? order.readable('shipping_method', readText)
  const title = order.readable('shipping_description', readText)
  if (code === undefined && title === undefined) return undefined
  return [{ code, title, price: amounts.shop(order, 'shipping_amount') }]
}
