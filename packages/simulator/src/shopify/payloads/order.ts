import { type Minor, shopifyAmount } from '../../money.ts'
import { type Line, type Order, orderName, orderNumber } from '../../shop/model.ts'
import type { ApiVersion } from '../../shop/options.ts'
import { fulfilmentOf, lineFulfilment } from '../../shop/order-life.ts'
import { totalsOf } from '../../shop/totals.ts'
import { globalId, type Json, moneySet, type TimeWriter } from '../write-json.ts'
import { orderAddress } from './address.ts'
import { orderCustomer } from './customer.ts'
import { fulfilmentPayload, refundPayload } from './order-parts.ts'

/** Body of every topic that carries the whole order. */
export function orderPayload(order: Order, version: ApiVersion, times: TimeWriter): Json {
  const totals = totalsOf(order)
  const money = (amount: Minor) => shopifyAmount(amount, order.currency)
  const set = (amount: Minor) => moneySet(order, amount)
  return {
    id: order.id,
    admin_graphql_api_id: globalId('Order', order.id),
    app_id: order.sourceName === 'web' ? 580_111 : null,
    browser_ip: order.sourceName === 'web' ? '203.0.113.7' : null,
    buyer_accepts_marketing: order.customer?.emailConsent?.state === 'subscribed',
    cancel_reason: order.cancelReason,
    cancelled_at: times.optionalTime(order.cancelledAt),
    cart_token: null,
    // gone since 2026-04
    ...(version < '2026-04' && { checkout_id: null }),
    checkout_token: order.token,
    client_details: null,
    closed_at: times.optionalTime(order.closedAt),
    confirmation_number: order.token.slice(0, 9).toUpperCase(),
    confirmed: true,
    contact_email: order.email,
    created_at: times.time(order.createdAt),
    currency: order.currency,
    current_subtotal_price: money(totals.currentSubtotal),
    current_subtotal_price_set: set(totals.currentSubtotal),
    current_total_additional_fees_set: null,
    current_total_discounts: money(totals.currentDiscounts),
    current_total_discounts_set: set(totals.currentDiscounts),
    current_total_duties_set: null,
    current_total_price: money(totals.currentTotal),
    current_total_price_set: set(totals.currentTotal),
    current_total_tax: money(totals.currentTax),
    current_total_tax_set: set(totals.currentTax),
    customer_locale: order.locale,
    device_id: null,
    discount_codes:
      order.discount === null
        ? []
        : [{ code: order.discount.code, amount: money(order.discount.amount), type: order.discount.kind }],
    // Shopify writes an empty text where an order has no address
    email: order.email ?? '',
    estimated_taxes: false,
    financial_status: order.financialStatus,
    fulfillment_status: fulfilmentOf(order),
    landing_site: null,
    landing_site_ref: null,
    location_id: order.sourceName === 'pos' ? 655_441_491 : null,
    merchant_of_record_app_id: null,
    name: orderName(order),
    note: order.note,
    note_attributes: order.noteAttributes,
    number: order.sequence,
    order_number: orderNumber(order),
    order_status_url: `https://shop.example.com/548380009/orders/${order.token}/authenticate?key=abc&x=1`,
    original_total_additional_fees_set: null,
    original_total_duties_set: null,
    payment_gateway_names: [order.gateway],
    phone: order.phone,
    po_number: null,
    presentment_currency: order.presentmentCurrency,
    processed_at: times.time(order.processedAt),
    reference: null,
    referring_site: null,
    source_identifier: null,
    source_name: order.sourceName,
    source_url: null,
    subtotal_price: money(totals.subtotal),
    subtotal_price_set: set(totals.subtotal),
    tags: order.tags.join(', '),
    tax_exempt: false,
    tax_lines: orderTaxes(order, totals.tax),
    taxes_included: order.taxesIncluded,
    test: order.test,
    token: order.token,
    total_discounts: money(totals.discounts),
    total_discounts_set: set(totals.discounts),
    total_line_items_price: money(totals.lineItems),
    total_line_items_price_set: set(totals.lineItems),
    total_outstanding: money(isOwed(order) ? totals.currentTotal : 0n),
    total_price: money(totals.total),
    total_price_set: set(totals.total),
    total_shipping_price_set: set(totals.shipping),
    total_tax: money(totals.tax),
    total_tax_set: set(totals.tax),
    total_tip_received: money(0n),
    total_weight: 0,
    updated_at: times.time(order.updatedAt),
    user_id: null,
    billing_address: orderAddress(order.billingAddress),
    customer: orderCustomer(order.customer, version, times),
    discount_applications:
      order.discount === null ? [] : [{ type: 'discount_code', code: order.discount.code, value: '10.0' }],
    fulfillments: order.fulfilments.map((fulfilment) => fulfilmentPayload(order, fulfilment, times)),
    line_items: order.lines.map((line) => linePayload(order, line)),
    payment_terms: null,
    refunds: order.refunds.map((refund) => refundPayload(order, refund, times)),
    shipping_address: orderAddress(order.shippingAddress),
    shipping_lines: order.shippingLines.map((line) => ({
      id: line.id,
      carrier_identifier: null,
      code: line.code,
      discounted_price: money(line.discountedPrice),
      discounted_price_set: set(line.discountedPrice),
      is_removed: false,
      phone: null,
      price: money(line.price),
      price_set: set(line.price),
      requested_fulfillment_service_id: null,
      source: 'shopify',
      title: line.title,
      tax_lines: [],
      discount_allocations: [],
    })),
  }
}

const isOwed = (order: Order): boolean => ['pending', 'authorized'].includes(order.financialStatus)

function orderTaxes(order: Order, tax: Minor): Json[] {
  return tax === 0n ? [] : [taxLine(order, tax)]
}

const taxLine = (order: Order, tax: Minor): Json => ({
  price: shopifyAmount(tax, order.currency),
  rate: order.taxRate / 10_000,
  title: order.taxTitle,
  price_set: moneySet(order, tax),
  channel_liable: false,
})

/** A line of an order. */
function linePayload(order: Order, line: Line): Json {
  const money = (amount: Minor) => shopifyAmount(amount, order.currency)
  const discounted = line.discount > 0n
  return {
    id: line.id,
    admin_graphql_api_id: globalId('LineItem', line.id),
    attributed_staffs: [],
    current_quantity: line.currentQuantity,
    fulfillable_quantity: Math.max(0, line.currentQuantity - line.fulfilledQuantity),
    fulfillment_service: 'manual',
    fulfillment_status: lineFulfilment(line),
    gift_card: line.giftCard,
    grams: line.requiresShipping ? 28 : 0,
    name: line.variantTitle === null ? line.title : `${line.title} - ${line.variantTitle}`,
    price: money(line.price),
    price_set: moneySet(order, line.price),
    product_exists: line.product !== null,
    product_id: line.product?.productId ?? null,
    properties: line.properties,
    quantity: line.quantity,
    requires_shipping: line.requiresShipping,
    sku: line.product?.sku ?? null,
    taxable: line.taxable,
    title: line.title,
    total_discount: money(line.discount),
    total_discount_set: moneySet(order, line.discount),
    variant_id: line.product?.variantId ?? null,
    variant_inventory_management: line.product === null ? null : 'shopify',
    variant_title: line.variantTitle,
    vendor: line.vendor,
    tax_lines: line.tax === 0n ? [] : [taxLine(order, line.tax)],
    duties: [],
    discount_allocations: discounted
      ? [{ amount: money(line.discount), amount_set: moneySet(order, line.discount), discount_application_index: 0 }]
      : [],
  }
}
