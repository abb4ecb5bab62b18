import { Decimal128 } from 'mongodb'
import type { CustomerHistory } from '../truth/customer-history.ts'
import type { ExpectedRecord, Truth } from '../truth/truth.ts'
import { usersOf } from '../truth/users.ts'
import { money, optionalTime, time, type Value } from '../truth/values.ts'
import { sumsOf, type WooAddress, type WooCustomer, type WooLine, type WooOrder, type WooProduct } from './model.ts'

type Of = { readonly merchantId: string; readonly storeId: string; readonly currency: string }
export type WooState = {
  readonly orders: readonly WooOrder[]
  readonly products: readonly WooProduct[]
  readonly customers: readonly WooCustomer[]
  readonly histories: readonly CustomerHistory[]
  /** Ids of variations whose deletion named them alone: nobody can tell that they were no products. */
  readonly buried: readonly number[]
}

/** What the database must hold of the shop in the end, read from the shop alone. */
export function wooTruth(of: Of, { orders, products, customers, histories, buried }: WooState): Truth {
  const record = (entity: { id: number }, deleted: boolean, changedAt: number, fields: Record<string, Value>) => {
    const id = `${of.merchantId}|woocommerce|${of.storeId}|${entity.id}`
    const names = { platformId: String(entity.id), merchantId: of.merchantId, storeId: of.storeId }
    // Who looks for what lies in the trash is told only that it is deleted: it may have been completed before.
    if (deleted) {
      delete fields['status']
      delete fields['completedAt']
    }
    const expected: ExpectedRecord = {
      ...{ id, deleted, changedAt: new Date(changedAt), fields: { ...names, platform: 'woocommerce', ...fields } },
    }
    return [id, expected] as const
  }
  const closed = new Set(
    histories.filter(({ deletedAt }) => deletedAt !== undefined).map(({ platformId }) => platformId),
  )
  const isErased = ({ id }: WooCustomer) => closed.has(String(id))
  return {
    stores: [{ merchantId: of.merchantId, storeId: of.storeId }],
    records: {
      orders: new Map(orders.map((each) => record(each, each.status === 'trash', each.modifiedAt, order(of, each)))),
      products: new Map([
        ...products.map((each) => record(each, each.status === 'trash', each.modifiedAt, product(of, each))),
        ...buried.map((id) => record({ id }, true, 0, {})),
      ]),
      customers: new Map(
        customers.map((each) => record(each, isErased(each), each.changedAt ?? each.createdAt, customer(each))),
      ),
      inventory: new Map(),
    },
    users: usersOf(histories),
    histories,
  }
}

const address = (of: WooAddress, more: Record<string, Value> = {}): Value => ({
  firstName: of.firstName,
  lastName: of.lastName,
  address1: of.street,
  city: of.city,
  zip: of.zip,
  countryCode: of.countryCode,
  phone: of.phone,
  ...more,
})

const customer = (of: WooCustomer): Record<string, Value> => ({
  email: of.email,
  firstName: of.firstName,
  lastName: of.lastName,
  phone: of.billing?.phone ?? null,
  createdAt: time(of.createdAt),
  addresses: of.billing === null ? [] : [address(of.billing, { id: 'billing' })],
})

function product({ currency, storeId }: Of, of: WooProduct): Record<string, Value> {
  const isVariable = of.optionName !== null
  return {
    title: of.name,
    description: `<p>${of.name}</p>\n`,
    handle: of.slug,
    url: `${storeId}/product/${of.slug}/`,
    productType: of.category,
    status: of.status === 'publish' ? 'active' : of.status,
    tags: of.tags,
    currency,
    createdAt: time(of.createdAt),
    options: isVariable ? [{ name: of.optionName, values: of.optionValues }] : [],
    frameShape: of.frameShape,
    lensWidthMm: Decimal128.fromString(String(of.lensWidth)),
    variants: of.variations.map((variation) => ({
      id: String(variation.id),
      title: isVariable ? `${of.name} - ${variation.options.join(', ')}` : of.name,
      sku: variation.sku,
      price: money(variation.price, currency),
      compareAtPrice: variation.price < variation.regularPrice ? money(variation.regularPrice, currency) : null,
      options: variation.options,
      inventoryItemId: String(variation.id),
      inventoryQuantity: variation.stock,
      taxable: true,
      updatedAt: time(variation.modifiedAt),
    })),
  }
}

function order({ currency }: Of, of: WooOrder): Record<string, Value> {
  const sums = sumsOf(of)
  return {
    number: String(of.id),
    status: of.status,
    currency,
    total: money(sums.total, currency),
    netTotal: money(sums.net, currency),
    subtotal: money(sums.subtotal, currency),
    totalTax: money(sums.tax, currency),
    totalDiscounts: money(sums.discount, currency),
    totalShipping: money(of.shipping.price, currency),
    taxesIncluded: false,
    customerId: of.customer === null ? null : String(of.customer.id),
    email: of.email,
    phone: of.billing.phone,
    billingAddress: address(of.billing),
    shippingAddress: null,
    note: of.note === '' ? null : of.note,
    sourceName: 'checkout',
    createdAt: time(of.createdAt),
    paidAt: optionalTime(of.paidAt),
    completedAt: optionalTime(of.completedAt),
    items: of.lines.map((line) => item(line, currency)),
    refunds: of.refunds.map(({ id, reason, amount }) => ({
      id: String(id),
      note: reason,
      total: money(amount, currency),
    })),
    shippingLines: [
      { id: String(of.shipping.id), title: 'Flat rate', code: 'flat_rate', price: money(of.shipping.price, currency) },
    ],
    aiSessionId: of.sessionId,
    recommendationIds: of.recommendationIds,
    metadata: [],
  }
}

const item = (line: WooLine, currency: string): Value => ({
  id: String(line.id),
  productId: String(line.product.id),
  variantId: String(line.variation.id),
  sku: line.variation.sku,
  title: line.product.name,
  quantity: line.quantity,
  price: money(line.price, currency),
  totalDiscount: money(line.discount, currency),
  totalTax: money(line.tax, currency),
  lensType: line.lensType,
  properties: line.lensType === null ? [] : [{ name: 'lens_type', value: line.lensType }],
})
