import type { Minor } from '../money.ts'

/** What a simulated Magento shop holds. Times are ms since 1970, whole seconds; amounts are in its base currency. */
export type MagentoAddress = {
  id: number
  firstName: string
  lastName: string
  street: string
  city: string
  zip: string
  countryCode: string
  phone: string
}

export type MagentoCustomer = {
  id: number
  createdAt: number
  modifiedAt: number
  email: string
  firstName: string
  lastName: string
  subscribed: boolean
  addresses: MagentoAddress[]
}

export type MagentoProduct = {
  id: number
  createdAt: number
  modifiedAt: number
  sku: string
  name: string
  urlKey: string
  enabled: boolean
  price: Minor
  specialPrice: Minor | null
  brand: string
  frameShape: string
  frameColor: string | null
  lensWidth: number
  faces: string[]
  /** What a configurable product can be bought as: products of their own, which do not name it. Empty for a simple one. */
  children: MagentoProduct[]
  /** Units; its changes leave `modifiedAt` as it is. Null for a configurable product. */
  stock: number | null
}

export type MagentoLine = {
  id: number
  /** Of the second line that stands for the chosen child of a configurable product. */
  childId: number
  product: MagentoProduct
  /** What is sent: the chosen child, or the product itself. */
  chosen: MagentoProduct
  quantity: number
  refunded: number
  /** Of one unit. */
  price: Minor
  /** On the whole line. */
  discount: Minor
  tax: Minor
  lensType: string | null
}

export type MagentoOrder = {
  id: number
  incrementId: string
  createdAt: number
  modifiedAt: number
  state: 'new' | 'processing' | 'complete' | 'closed' | 'canceled'
  customer: MagentoCustomer | null
  email: string
  billing: MagentoAddress
  shipping: MagentoAddress
  note: string | null
  lines: MagentoLine[]
  shippingPrice: Minor
  couponCode: string | null
  paid: boolean
  /** All credit memos together. */
  refunded: Minor
  /** ISO 4217 of what the buyer paid in. */
  orderCurrency: string
  sessionId: string | null
  recommendationIds: string[]
}

const sum = (amounts: readonly Minor[]): Minor => amounts.reduce((total, amount) => total + amount, 0n)

export const rowTotal = ({ price, quantity }: MagentoLine): Minor => price * BigInt(quantity)

/** The sums of an order, in its base currency. */
export function sumsOf({ lines, shippingPrice, paid, refunded, state }: MagentoOrder) {
  const subtotal = sum(lines.map(rowTotal))
  const [discount, tax] = [sum(lines.map((line) => line.discount)), sum(lines.map((line) => line.tax))]
  const total = subtotal - discount + tax + shippingPrice
  const due = paid || state === 'canceled' ? 0n : total
  return { subtotal, discount, tax, total, due, refunded, canceled: state === 'canceled' ? total : 0n }
}
