import type { Reader } from '@varai/ingest/pure'
import { addDecimals, canonicalDecimal, type Draft, type OrderLine } from '@varai/schemas'
import { buyerMoney, shopMoney } from '../../money.ts'
import { optionalShopifyId } from '../../shopify-id.ts'
import { readLensProperties } from './lens-properties.ts'

/** One line of an order. Product and variant are absent for custom items and for products deleted since. */
export function readLine(line: Reader): Draft<OrderLine> {
  return {
    id: optionalShopifyId(line, 'LineItem'),
    productId: line.optionalId('product_id'),
    variantId: line.optionalId('variant_id'),
    sku: line.optionalText('sku'),
    title: line.optionalText('title'),
    variantTitle: line.optionalText('variant_title'),
    vendor: line.optionalText('vendor'),
    quantity: line.optionalInteger('quantity'),
    currentQuantity: line.optionalInteger('current_quantity'),
    price: shopMoney(line, 'price'),
    presentmentPrice: buyerMoney(line, 'price'),
    totalDiscount: readDiscount(line),
    totalTax: sumOf(line, 'tax_lines', 'price'),
    fulfillmentStatus: line.optionalText('fulfillment_status'),
    giftCard: line.optionalFlag('gift_card'),
    requiresShipping: line.optionalFlag('requires_shipping'),
    ...readLensProperties(line),
  }
}

/** `total_discount` knows only discounts that scripts and drafts set on the line; the allocations are what was taken off. */
function readDiscount(line: Reader): string | undefined {
  const allocated = line.has('discount_allocations') ? line.list('discount_allocations') : []
  return allocated.length > 0 ? sum(allocated, 'amount') : shopMoney(line, 'total_discount')
}

const sumOf = (line: Reader, list: string, key: string): string | undefined =>
  line.has(list) ? sum(line.list(list), key) : undefined

/** Undefined where the sum needs more digits than the contract has. */
const sum = (parts: readonly Reader[], key: string): string | undefined =>
  canonicalDecimal(
    addDecimals('0', ...parts.map((part) => shopMoney(part, key)).filter((amount) => amount !== undefined)),
  )
