import { Decimal128 } from 'mongodb'
import { convert, type Minor } from '../money.ts'
import type { ExpectedRecord, Truth } from '../truth/truth.ts'
import { usersOf } from '../truth/users.ts'
import { money, time, type Value } from '../truth/values.ts'
import type { MagentoState } from './life.ts'
import {
  type MagentoAddress,
  type MagentoCustomer,
  type MagentoLine,
  type MagentoOrder,
  type MagentoProduct,
  sumsOf,
} from './model.ts'

type Of = { readonly merchantId: string; readonly storeId: string; readonly currency: string }

/** What the database must hold of the shop in the end, read from the shop alone. */
export function magentoTruth(of: Of, { orders, products, customers, gone, histories }: MagentoState): Truth {
  const record = (id: number, changedAt: number, deleted: boolean, fields: Record<string, Value>, optional = false) => {
    const names = { platformId: String(id), merchantId: of.merchantId, storeId: of.storeId, platform: 'magento' }
    const expected: ExpectedRecord = {
      ...{ id: `${of.merchantId}|magento|${of.storeId}|${id}`, deleted, changedAt: new Date(changedAt) },
      fields: { ...names, ...fields },
      ...(optional && { optional }),
    }
    return [expected.id, expected] as const
  }
  return {
    stores: [{ merchantId: of.merchantId, storeId: of.storeId }],
    records: {
      orders: new Map(orders.map((each) => record(each.id, each.modifiedAt, false, order(of, each)))),
      products: new Map(products.map((each) => record(each.id, each.modifiedAt, gone.has(each), product(of, each)))),
      customers: new Map(customers.map((each) => record(each.id, each.modifiedAt, gone.has(each), customer(each)))),
      inventory: new Map(
        products.map((each) =>
          record(each.id, each.modifiedAt, false, gone.has(each) ? {} : level(each), gone.has(each)),
        ),
      ),
    },
    users: usersOf(histories),
    histories,
  }
}

/** Also of a product that is only sold as something else; what was told last before one went, nobody can know. */
const level = (of: MagentoProduct): Record<string, Value> => ({
  locations: [{ id: 'everywhere', available: of.stock ?? 0 }],
})

const address = (of: MagentoAddress, more: Record<string, Value> = {}): Value => ({
  firstName: of.firstName,
  lastName: of.lastName,
  address1: of.street,
  city: of.city,
  zip: of.zip,
  countryCode: of.countryCode,
  phone: of.phone,
  ...more,
})

const customer = (of: MagentoCustomer): Record<string, Value> => ({
  email: of.email,
  firstName: of.firstName,
  lastName: of.lastName,
  createdAt: time(of.createdAt),
  acceptsMarketing: of.subscribed,
  phone: of.addresses[0]?.phone ?? null,
  addresses: of.addresses.map((each, at) => address(each, { id: String(each.id), isDefault: at === 0 })),
})

function product({ currency }: Of, of: MagentoProduct): Record<string, Value> {
  const isConfigurable = of.children.length > 0
  return {
    title: of.name,
    description: `<p>${of.name}</p>`,
    handle: of.urlKey,
    status: of.enabled ? 'active' : 'disabled',
    currency,
    createdAt: time(of.createdAt),
    options: isConfigurable ? [{ name: 'Colour', values: [] }] : [],
    variants: isConfigurable ? of.children.map(({ id }) => ({ id: String(id) })) : [itself(of, currency)],
    images: [{ id: String(of.id + 90_000), src: `/f/r/${of.urlKey}.jpg`, alt: of.name, position: 1, variantIds: [] }],
    frameShape: of.frameShape,
    frameColor: of.frameColor,
    lensWidthMm: Decimal128.fromString(String(of.lensWidth)),
    recommendedFaceShapes: of.faces,
  }
}

/** What is sold is its own only variant. */
const itself = (of: MagentoProduct, currency: string): Value => ({
  id: String(of.id),
  sku: of.sku,
  price: money(of.specialPrice ?? of.price, currency),
  compareAtPrice: of.specialPrice === null ? null : money(of.price, currency),
  inventoryItemId: String(of.id),
  updatedAt: time(of.modifiedAt),
})

function order({ currency }: Of, of: MagentoOrder): Record<string, Value> {
  const sums = sumsOf(of)
  const shown = (amount: Minor) => money(convert(amount, currency, of.orderCurrency), of.orderCurrency)
  return {
    number: of.incrementId,
    status: of.state === 'new' ? 'pending' : of.state,
    currency,
    presentmentCurrency: of.orderCurrency,
    total: money(sums.total, currency),
    presentmentTotal: shown(sums.total),
    netTotal: money(sums.total - sums.refunded, currency),
    subtotal: money(sums.subtotal - sums.discount, currency),
    totalTax: money(sums.tax, currency),
    totalDiscounts: money(sums.discount, currency),
    totalShipping: money(of.shippingPrice, currency),
    customerId: of.customer === null ? null : String(of.customer.id),
    email: of.email,
    phone: of.billing.phone,
    billingAddress: address(of.billing),
    shippingAddress: address(of.shipping),
    note: of.note,
    createdAt: time(of.createdAt),
    items: of.lines.map((line) => item(of, line, currency)),
    discountCodes: of.couponCode === null ? [] : [{ code: of.couponCode, amount: money(sums.discount, currency) }],
    shippingLines: [
      { code: 'flatrate_flatrate', title: 'Flat Rate - Fixed', price: money(of.shippingPrice, currency) },
    ],
    aiSessionId: of.sessionId,
    recommendationIds: of.recommendationIds,
    metadata: [],
  }
}

const item = (of: MagentoOrder, line: MagentoLine, currency: string): Value => ({
  id: String(line.id),
  productId: String(line.product.id),
  variantId: String(line.chosen.id),
  sku: line.chosen.sku,
  title: line.product.name,
  variantTitle: line.product.children.length > 0 ? line.chosen.name : null,
  quantity: line.quantity,
  currentQuantity: of.state === 'canceled' ? 0 : line.quantity - line.refunded,
  price: money(line.price, currency),
  presentmentPrice: money(convert(line.price, currency, of.orderCurrency), of.orderCurrency),
  totalDiscount: money(line.discount, currency),
  totalTax: money(line.tax, currency),
  lensType: line.lensType,
  properties: line.lensType === null ? [] : [{ name: 'lens_type', value: line.lensType }],
})
