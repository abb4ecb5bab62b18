import type { Minor } from '../money.ts'

/** What a simulated shop holds. Times are ms since 1970 by the shop's clock; money is in the shop's currency. */
export type EntityKind = 'customer' | 'product' | 'order' | 'level'
export type Entity = Customer | Product | Order | Level
/** Kinds that a shop removes by themselves. */
export type RemovableKind = Exclude<EntityKind, 'level'>

export type Address = {
  /** Null for the addresses of an order, which are copies. */
  id: bigint | null
  firstName: string | null
  lastName: string | null
  company: string | null
  address1: string | null
  address2: string | null
  city: string | null
  zip: string | null
  province: string | null
  provinceCode: string | null
  country: string
  countryCode: string
  phone: string | null
}

export type Consent = {
  state: 'subscribed' | 'not_subscribed' | 'unsubscribed' | 'pending'
  level: string | null
  at: number | null
}

export type Customer = {
  kind: 'customer'
  id: bigint
  createdAt: number
  updatedAt: number
  email: string | null
  phone: string | null
  firstName: string | null
  lastName: string | null
  state: 'enabled' | 'disabled' | 'invited' | 'declined'
  verifiedEmail: boolean
  taxExempt: boolean
  note: string | null
  tags: string[]
  /** Null: never asked. */
  emailConsent: Consent | null
  smsConsent: Consent | null
  addresses: Address[]
  defaultAddressId: bigint | null
  currency: string
  ordersCount: number
  totalSpent: Minor
  lastOrder: { id: bigint; name: string } | null
}

export type Variant = {
  id: bigint
  /** One value per option of the product. */
  options: string[]
  sku: string | null
  barcode: string | null
  price: Minor
  compareAtPrice: Minor | null
  inventoryItemId: bigint
  inventoryQuantity: number
  taxable: boolean
  createdAt: number
  updatedAt: number
}

/** How many units of one item its location can sell; the shop has one location. */
export type Level = {
  kind: 'level'
  /** The inventory item's. */
  id: bigint
  locationId: bigint
  /** Null where nobody counts. */
  available: number | null
  updatedAt: number
}

export type Image = { id: bigint; src: string; alt: string | null; variantIds: bigint[]; createdAt: number }
export type Metafield = { id: bigint; key: string; value: string; type: string; createdAt: number; updatedAt: number }

export type Product = {
  kind: 'product'
  id: bigint
  createdAt: number
  updatedAt: number
  publishedAt: number | null
  title: string
  bodyHtml: string | null
  handle: string
  vendor: string
  /** Empty where the shop says none. */
  productType: string
  status: 'active' | 'draft' | 'archived'
  tags: string[]
  optionNames: string[]
  optionIds: bigint[]
  /** In order; never empty. */
  variants: Variant[]
  /** In order. */
  images: Image[]
  /** Namespace `varai`; by key. */
  metafields: Map<string, Metafield>
}

export type Property = { name: string; value: string }

export type Line = {
  id: bigint
  /** Null for an item that is not in the catalogue. */
  product: { productId: bigint; variantId: bigint; sku: string | null } | null
  title: string
  variantTitle: string | null
  vendor: string | null
  quantity: number
  /** Units left after edits and refunds. */
  currentQuantity: number
  fulfilledQuantity: number
  price: Minor
  discount: Minor
  tax: Minor
  giftCard: boolean
  requiresShipping: boolean
  taxable: boolean
  properties: Property[]
}

export type Transaction = { id: bigint; kind: string; status: string; gateway: string; amount: Minor; at: number }

export type Refund = {
  id: bigint
  createdAt: number
  note: string | null
  lines: { id: bigint; lineId: bigint; quantity: number; subtotal: Minor; tax: Minor; restockType: string }[]
  transactions: Transaction[]
  adjustments: { id: bigint; kind: string; reason: string; amount: Minor; tax: Minor }[]
}

export type Fulfilment = {
  id: bigint
  status: 'success' | 'cancelled' | 'pending'
  createdAt: number
  updatedAt: number
  shipmentStatus: string | null
  trackingCompany: string | null
  trackingNumbers: string[]
  trackingUrls: string[]
  lines: { lineId: bigint; quantity: number }[]
}

/** Units added to lines, new ones among them, and taken away from them. */
export type OrderEdit = {
  id: bigint
  committedAt: number
  additions: { lineId: bigint; delta: number }[]
  removals: { lineId: bigint; delta: number }[]
}

export type ShippingLine = { id: bigint; title: string; code: string | null; price: Minor; discountedPrice: Minor }

export type Order = {
  kind: 'order'
  id: bigint
  /** 1 for the first order of the shop; people see 1000 more. */
  sequence: number
  token: string
  createdAt: number
  processedAt: number
  updatedAt: number
  closedAt: number | null
  cancelledAt: number | null
  cancelReason: string | null
  financialStatus: 'pending' | 'authorized' | 'paid' | 'partially_refunded' | 'refunded' | 'voided'
  currency: string
  presentmentCurrency: string
  taxesIncluded: boolean
  /** Tax in ten thousandths. */
  taxRate: number
  taxTitle: string
  customer: Customer | null
  email: string | null
  phone: string | null
  billingAddress: Address | null
  shippingAddress: Address | null
  note: string | null
  tags: string[]
  noteAttributes: Property[]
  sourceName: 'web' | 'pos' | 'shopify_draft_order'
  test: boolean
  locale: string | null
  gateway: string
  lines: Line[]
  shippingLines: ShippingLine[]
  discount: { code: string; kind: 'percentage' | 'fixed_amount'; amount: Minor } | null
  refunds: Refund[]
  fulfilments: Fulfilment[]
  /** In order. */
  edits: OrderEdit[]
}

/** What the shop removed, and when it told so. */
export type Tombstone = { kind: RemovableKind; entity: Entity; deletedAt: number }

export const orderName = (order: Order): string => `#${orderNumber(order)}`
export const orderNumber = (order: Order): number => 1000 + order.sequence
export const variantTitle = (variant: Variant): string => variant.options.join(' / ')
