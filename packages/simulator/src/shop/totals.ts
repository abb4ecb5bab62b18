import type { Minor } from '../money.ts'
import type { Line, Order } from './model.ts'

const sum = (amounts: readonly Minor[]): Minor => amounts.reduce((total, amount) => total + amount, 0n)
const units = (quantity: number): bigint => BigInt(quantity)

/** What is left of a line's amount when some of its units are gone; all of it when none are. */
const remaining = (amount: Minor, line: Line): Minor =>
  line.quantity === 0 ? 0n : (amount * units(line.currentQuantity)) / units(line.quantity)

export type Totals = {
  lineItems: Minor
  discounts: Minor
  subtotal: Minor
  shipping: Minor
  tax: Minor
  total: Minor
  currentSubtotal: Minor
  currentDiscounts: Minor
  currentTax: Minor
  currentTotal: Minor
  refunded: Minor
}

/** The sums of an order, as first sold and as it stands after edits and refunds. */
export function totalsOf(order: Order): Totals {
  const lineItems = sum(order.lines.map((line) => line.price * units(line.quantity)))
  const lineDiscounts = sum(order.lines.map((line) => line.discount))
  const shippingDiscounts = sum(order.shippingLines.map((line) => line.price - line.discountedPrice))
  const discounts = lineDiscounts + shippingDiscounts
  const shipping = sum(order.shippingLines.map((line) => line.price))
  const tax = sum(order.lines.map((line) => line.tax))
  const subtotal = lineItems - lineDiscounts
  const added = (taxes: Minor) => (order.taxesIncluded ? 0n : taxes)

  const currentLineItems = sum(order.lines.map((line) => line.price * units(line.currentQuantity)))
  const currentDiscounts = sum(order.lines.map((line) => remaining(line.discount, line))) + shippingDiscounts
  const currentTax = sum(order.lines.map((line) => remaining(line.tax, line)))
  const currentSubtotal = currentLineItems - currentDiscounts + shippingDiscounts
  const adjusted = sum(order.refunds.flatMap((refund) => refund.adjustments.map((each) => each.amount + each.tax)))

  return {
    lineItems,
    discounts,
    subtotal,
    shipping,
    tax,
    total: subtotal + shipping - shippingDiscounts + added(tax),
    currentSubtotal,
    currentDiscounts,
    currentTax,
    currentTotal: currentSubtotal + shipping - shippingDiscounts + added(currentTax) + adjusted,
    refunded: sum(order.refunds.map(refundTotal)),
  }
}

/** Money that went back with one refund: its successful transactions. */
export const refundTotal = (refund: Order['refunds'][number]): Minor =>
  sum(refund.transactions.filter((each) => each.status === 'success').map((each) => each.amount))

/** Tax and net value of some units of a line, rounded down to the currency's unit. */
export function worthOf(line: Line, quantity: number): { subtotal: Minor; tax: Minor } {
  const share = (amount: Minor) => (amount * units(quantity)) / units(line.quantity)
  return { subtotal: line.price * units(quantity) - share(line.discount), tax: share(line.tax) }
}
