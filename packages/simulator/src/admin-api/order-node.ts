import { type Line, type Order, orderName, orderNumber } from '../shop/model.ts'
import { fulfilmentOf } from '../shop/order-life.ts'
import { totalsOf } from '../shop/totals.ts'
import { globalId } from '../shopify/write-json.ts'
import { connection, firstOf, type PageArguments } from './connection.ts'
import { fulfilmentNode, refundNode } from './order-parts-node.ts'
import type { PersonalData } from './personal-data.ts'
import { attributes, mailingAddress, moneyBag, optionalTime, reference, time } from './values.ts'

const fulfilmentWords = { fulfilled: 'FULFILLED', partial: 'PARTIALLY_FULFILLED' } as const

/** An order as the Admin API shows it. */
export function orderNode(order: Order, personal: PersonalData) {
  const totals = totalsOf(order)
  const bag = (amount: bigint) => moneyBag(order, amount)
  const taxes = totals.tax === 0n ? [] : [taxLine(order, totals.tax)]
  const fulfilment = fulfilmentOf(order)
  return {
    __typename: 'Order',
    id: globalId('Order', order.id),
    name: orderName(order),
    number: orderNumber(order),
    createdAt: time(order.createdAt),
    processedAt: time(order.processedAt),
    updatedAt: time(order.updatedAt),
    closedAt: optionalTime(order.closedAt),
    cancelledAt: optionalTime(order.cancelledAt),
    cancelReason: order.cancelReason?.toUpperCase() ?? null,
    displayFinancialStatus: order.financialStatus.toUpperCase(),
    displayFulfillmentStatus: fulfilment === null ? 'UNFULFILLED' : fulfilmentWords[fulfilment],
    currencyCode: order.currency,
    presentmentCurrencyCode: order.presentmentCurrency,
    taxesIncluded: order.taxesIncluded,
    test: order.test,
    sourceName: order.sourceName,
    customerLocale: order.locale,
    note: order.note,
    tags: order.tags,
    email: () => personal('email', order.email),
    phone: () => personal('phone', order.phone),
    customAttributes: attributes(order.noteAttributes),
    customer: order.customer && reference('Customer', order.customer.id),
    billingAddress: () => personal('billingAddress', order.billingAddress && mailingAddress(order.billingAddress)),
    shippingAddress: () => personal('shippingAddress', order.shippingAddress && mailingAddress(order.shippingAddress)),
    totalPriceSet: bag(totals.total),
    currentTotalPriceSet: bag(totals.currentTotal),
    subtotalPriceSet: bag(totals.subtotal),
    totalTaxSet: bag(totals.tax),
    totalDiscountsSet: bag(totals.discounts),
    totalShippingPriceSet: bag(totals.shipping),
    taxLines: taxes,
    discountApplications: (page: PageArguments) => connection(discountApplications(order), page),
    shippingLines: (page: PageArguments) => connection(shippingLines(order), page),
    lineItems: (page: PageArguments) =>
      connection(
        order.lines.map((line) => lineNode(order, line)),
        page,
      ),
    refunds: (page: PageArguments) => firstOf(order.refunds, page).map((refund) => refundNode(order, refund)),
    fulfillments: (page: PageArguments) => firstOf(order.fulfilments, page).map((each) => fulfilmentNode(order, each)),
  }
}

const taxLine = (order: Order, tax: bigint) => ({
  title: order.taxTitle,
  rate: order.taxRate / 10_000,
  priceSet: moneyBag(order, tax),
})

const discountApplications = (order: Order) =>
  order.discount === null
    ? []
    : [
        {
          __typename: 'DiscountCodeApplication',
          code: order.discount.code,
          targetType: 'LINE_ITEM',
          value:
            order.discount.kind === 'percentage'
              ? { __typename: 'PricingPercentageValue', percentage: 10 }
              : { __typename: 'MoneyV2', ...moneyBag(order, order.discount.amount).shopMoney },
        },
      ]

const shippingLines = (order: Order) =>
  order.shippingLines.map((line) => ({
    id: globalId('ShippingLine', line.id),
    title: line.title,
    code: line.code,
    originalPriceSet: moneyBag(order, line.price),
    discountedPriceSet: moneyBag(order, line.discountedPrice),
    discountAllocations: [],
  }))

/** A line of an order; in refunds and fulfilments only its id is asked for. */
const lineNode = (order: Order, line: Line) => ({
  ...reference('LineItem', line.id),
  product: line.product && reference('Product', line.product.productId),
  variant: line.product && reference('ProductVariant', line.product.variantId),
  sku: line.product?.sku ?? null,
  title: line.title,
  variantTitle: line.variantTitle,
  vendor: line.vendor,
  quantity: line.quantity,
  currentQuantity: line.currentQuantity,
  unfulfilledQuantity: Math.max(0, line.currentQuantity - line.fulfilledQuantity),
  originalUnitPriceSet: moneyBag(order, line.price),
  totalDiscountSet: moneyBag(order, line.discount),
  discountAllocations:
    line.discount > 0n
      ? discountApplications(order).map((discountApplication) => ({
          allocatedAmountSet: moneyBag(order, line.discount),
          discountApplication,
        }))
      : [],
  taxLines: line.tax === 0n ? [] : [taxLine(order, line.tax)],
  isGiftCard: line.giftCard,
  requiresShipping: line.requiresShipping,
  customAttributes: attributes(line.properties),
})
