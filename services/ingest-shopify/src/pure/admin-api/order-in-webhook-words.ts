import type { Reader } from '@varai/ingest/pure'
import { addDecimals } from '@varai/schemas'
import { fulfilmentsIn, refundsIn, sentUnits } from './order-parts-in-webhook-words.ts'
import { attributes, flag, idOf, lower, moneySet, nodesOf, shopAmount, taxLines, text, type Words } from './words.ts'

/** What an order's refunds and fulfilments are; undefined where Shopify cut the list off. */
export type OrderParts = {
  readonly refunds: readonly Reader[] | undefined
  readonly fulfilments: readonly Reader[] | undefined
}

/**
 * An order as the Admin API answers it, its lists complete → in the words of a webhook, so that one translator reads
 * both and they cannot come to differ. All that was asked for is stated: what is null is empty. Personal fields that the
 * app may not see are left out.
 */
export function orderInWebhookWords(order: Reader, parts: OrderParts): Words {
  const sent = sentUnits(parts.fulfilments ?? [])
  return {
    admin_graphql_api_id: text(order, 'id'),
    name: text(order, 'name'),
    order_number: text(order, 'number'),
    created_at: text(order, 'createdAt'),
    processed_at: text(order, 'processedAt'),
    updated_at: text(order, 'updatedAt'),
    closed_at: text(order, 'closedAt'),
    cancelled_at: text(order, 'cancelledAt'),
    cancel_reason: lower(order, 'cancelReason'),
    financial_status: lower(order, 'displayFinancialStatus'),
    fulfillment_status: fulfilmentStatus(order, sent.size > 0),
    currency: text(order, 'currencyCode'),
    presentment_currency: text(order, 'presentmentCurrencyCode'),
    taxes_included: flag(order, 'taxesIncluded'),
    test: flag(order, 'test'),
    source_name: text(order, 'sourceName'),
    customer_locale: text(order, 'customerLocale'),
    note: text(order, 'note'),
    tags: order.texts('tags').join(', '),
    note_attributes: attributes(order),
    customer: order.child('customer') === undefined ? null : { admin_graphql_api_id: customerId(order) },
    ...(order.states('email') && { email: text(order, 'email') }),
    ...(order.states('phone') && { phone: text(order, 'phone') }),
    ...(order.states('billingAddress') && { billing_address: address(order.child('billingAddress')) }),
    ...(order.states('shippingAddress') && { shipping_address: address(order.child('shippingAddress')) }),
    total_price: shopAmount(order, 'totalPriceSet'),
    total_price_set: moneySet(order, 'totalPriceSet'),
    current_total_price: shopAmount(order, 'currentTotalPriceSet'),
    subtotal_price: shopAmount(order, 'subtotalPriceSet'),
    total_tax: shopAmount(order, 'totalTaxSet'),
    total_discounts: shopAmount(order, 'totalDiscountsSet'),
    total_shipping_price_set: moneySet(order, 'totalShippingPriceSet'),
    tax_lines: taxLines(order),
    discount_codes: discountCodes(order),
    shipping_lines: nodesOf(order, 'shippingLines').map((line) => ({
      id: idOf(line, 'ShippingLine'),
      title: text(line, 'title'),
      code: text(line, 'code'),
      price: shopAmount(line, 'originalPriceSet'),
      discounted_price: shopAmount(line, 'discountedPriceSet'),
    })),
    line_items: nodesOf(order, 'lineItems').map((line) => lineInWebhookWords(line, sent)),
    ...(parts.refunds && { refunds: refundsIn(parts.refunds) }),
    ...(parts.fulfilments && { fulfillments: fulfilmentsIn(parts.fulfilments) }),
  }
}

const customerId = (order: Reader): Words => text(order.child('customer') ?? order, 'id')

const fulfilmentWords: Readonly<Record<string, string | null>> = {
  FULFILLED: 'fulfilled',
  PARTIALLY_FULFILLED: 'partial',
  RESTOCKED: 'restocked',
  UNFULFILLED: null,
}

/** Where the admin shows how work goes on ("in progress", "on hold"), a webhook says whether anything was sent. */
function fulfilmentStatus(order: Reader, anySent: boolean): Words {
  const word = fulfilmentWords[order.optionalText('displayFulfillmentStatus') ?? '']
  return word === undefined ? (anySent ? 'partial' : null) : word
}

function address(of: Reader | undefined): Words {
  if (of === undefined) return null
  return {
    first_name: text(of, 'firstName'),
    last_name: text(of, 'lastName'),
    company: text(of, 'company'),
    address1: text(of, 'address1'),
    address2: text(of, 'address2'),
    city: text(of, 'city'),
    zip: text(of, 'zip'),
    province: text(of, 'province'),
    province_code: text(of, 'provinceCode'),
    country: text(of, 'country'),
    country_code: text(of, 'countryCodeV2'),
    phone: text(of, 'phone'),
  }
}

function lineInWebhookWords(line: Reader, sent: ReadonlyMap<string, number>): Words {
  return {
    admin_graphql_api_id: text(line, 'id'),
    product_id: idOf(line.child('product'), 'Product'),
    variant_id: idOf(line.child('variant'), 'ProductVariant'),
    sku: text(line, 'sku'),
    title: text(line, 'title'),
    variant_title: text(line, 'variantTitle'),
    vendor: text(line, 'vendor'),
    quantity: text(line, 'quantity'),
    current_quantity: text(line, 'currentQuantity'),
    price: shopAmount(line, 'originalUnitPriceSet'),
    price_set: moneySet(line, 'originalUnitPriceSet'),
    total_discount: shopAmount(line, 'totalDiscountSet'),
    discount_allocations: line.list('discountAllocations').map((each) => ({
      amount: shopAmount(each, 'allocatedAmountSet'),
    })),
    tax_lines: taxLines(line),
    fulfillment_status: lineStatus(line, sent),
    gift_card: flag(line, 'isGiftCard'),
    requires_shipping: flag(line, 'requiresShipping'),
    properties: attributes(line),
  }
}

/** Units left to send and units sent say it together: a line may have nothing left because all of it was refunded. */
function lineStatus(line: Reader, sent: ReadonlyMap<string, number>): Words {
  if ((sent.get(line.optionalText('id') ?? '') ?? 0) === 0) return null
  return line.optionalInteger('unfulfilledQuantity') === 0 ? 'fulfilled' : 'partial'
}

/** Codes as the buyer typed them, each with what it took off lines and shipping. */
function discountCodes(order: Reader): Words {
  const allocations = [...nodesOf(order, 'lineItems'), ...nodesOf(order, 'shippingLines')].flatMap((line) =>
    line.list('discountAllocations').map((each) => ({
      code: each.child('discountApplication')?.optionalText('code'),
      amount: shopAmount(each, 'allocatedAmountSet') ?? '0',
    })),
  )
  return nodesOf(order, 'discountApplications')
    .filter((application) => application.has('code'))
    .map((application) => {
      const code = application.text('code')
      const taken = allocations.filter((each) => each.code === code).map(({ amount }) => amount)
      return { code, type: discountType(application), amount: addDecimals('0', ...taken) }
    })
}

function discountType(application: Reader): Words {
  if (application.optionalText('targetType') === 'SHIPPING_LINE') return 'shipping'
  const isShare = application.child('value')?.optionalText('__typename') === 'PricingPercentageValue'
  return isShare ? 'percentage' : 'fixed_amount'
}
