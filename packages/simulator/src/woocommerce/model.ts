import type { Minor } from '../money.ts'

/** What a simulated WooCommerce shop holds. Times are ms since 1970; ids are small, as WordPress counts them. */
export type WooAddress = {
  firstName: string
  lastName: string
  street: string
  city: string
  zip: string
  countryCode: string
  phone: string
}

export type WooCustomer = {
  id: number
  createdAt: number
  /** Null while it was never changed. */
  changedAt: number | null
  email: string
  firstName: string
  lastName: string
  billing: WooAddress | null
}

export type WooVariation = {
  id: number
  modifiedAt: number
  sku: string
  price: Minor
  regularPrice: Minor
  stock: number | null
  options: string[]
}

export type WooProduct = {
  id: number
  createdAt: number
  modifiedAt: number
  name: string
  slug: string
  status: 'publish' | 'draft' | 'trash'
  tags: string[]
  category: string
  frameShape: string
  lensWidth: number
  optionName: string | null
  /** What the option may be; stays when a variation goes. */
  optionValues: string[]
  /** One, which is the product itself, where there is no option. */
  variations: WooVariation[]
}

export type WooLine = {
  id: number
  product: WooProduct
  variation: WooVariation
  quantity: number
  /** Of one unit. */
  price: Minor
  /** On the whole line. */
  discount: Minor
  tax: Minor
  lensType: string | null
}

export type WooOrder = {
  id: number
  createdAt: number
  modifiedAt: number
  paidAt: number | null
  completedAt: number | null
  status: 'pending' | 'processing' | 'completed' | 'cancelled' | 'refunded' | 'trash'
  customer: WooCustomer | null
  email: string
  billing: WooAddress
  note: string
  lines: WooLine[]
  shipping: { id: number; price: Minor }
  refunds: { id: number; reason: string; amount: Minor }[]
  sessionId: string | null
  recommendationIds: string[]
}

const sum = (amounts: readonly Minor[]): Minor => amounts.reduce((total, amount) => total + amount, 0n)
const before = (line: WooLine): Minor => line.price * BigInt(line.quantity)
export const lineTotal = (line: WooLine): Minor => before(line) - line.discount
export const lineSubtotal = before

/** The sums of an order, in the currency's smallest unit. */
export function sumsOf({ lines, shipping, refunds }: WooOrder) {
  const [subtotal, tax] = [sum(lines.map(lineTotal)), sum(lines.map((line) => line.tax))]
  const total = subtotal + tax + shipping.price
  const refunded = sum(refunds.map(({ amount }) => amount))
  return { subtotal, tax, total, refunded, net: total - refunded, discount: sum(lines.map((line) => line.discount)) }
}
