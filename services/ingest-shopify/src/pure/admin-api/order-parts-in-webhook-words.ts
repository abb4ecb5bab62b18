import type { Reader } from '@varai/ingest/pure'
import { globalId } from '../shopify-id.ts'
import { idOf, lower, moneySet, nodesOf, shopAmount, text, type Words } from './words.ts'

export const refundsIn = (refunds: readonly Reader[]): Words[] => refunds.map(refund)
export const fulfilmentsIn = (fulfilments: readonly Reader[]): Words[] => fulfilments.map(fulfilment)

/** Units of each line, by its global id, that were sent and not called back. */
export function sentUnits(fulfilments: readonly Reader[]): ReadonlyMap<string, number> {
  const sent = new Map<string, number>()
  for (const each of fulfilments.filter((of) => of.optionalText('status') === 'SUCCESS')) {
    for (const line of nodesOf(each, 'fulfillmentLineItems')) {
      const id = line.child('lineItem')?.optionalText('id') ?? ''
      sent.set(id, (sent.get(id) ?? 0) + (line.optionalInteger('quantity') ?? 0))
    }
  }
  return sent
}

const refund = (of: Reader): Words => ({
  admin_graphql_api_id: text(of, 'id'),
  created_at: text(of, 'createdAt'),
  note: text(of, 'note'),
  refund_line_items: nodesOf(of, 'refundLineItems').map((line) => ({
    line_item: { admin_graphql_api_id: text(line.child('lineItem') ?? line, 'id') },
    quantity: text(line, 'quantity'),
    subtotal_set: moneySet(line, 'subtotalSet'),
    total_tax_set: moneySet(line, 'totalTaxSet'),
    restock_type: lower(line, 'restockType'),
  })),
  transactions: nodesOf(of, 'transactions').map((transaction) => ({
    id: idOf(transaction, 'OrderTransaction'),
    kind: lower(transaction, 'kind'),
    status: lower(transaction, 'status'),
    gateway: text(transaction, 'gateway'),
    amount: shopAmount(transaction, 'amountSet'),
    currency: text(transaction.child('amountSet')?.child('shopMoney') ?? transaction, 'currencyCode'),
  })),
  order_adjustments: adjustments(of),
})

/** Webhooks tell of refunded shipping as one of the adjustments, and of all as what they take away. */
function adjustments(of: Reader): Words[] {
  const differences = nodesOf(of, 'orderAdjustments').map((each) => ({
    id: idOf(each, 'OrderAdjustment'),
    kind: 'refund_discrepancy',
    reason: sentence(each.optionalText('reason')),
    amount: shopAmount(each, 'amountSet'),
    tax_amount: shopAmount(each, 'taxAmountSet'),
  }))
  const shipping = nodesOf(of, 'refundShippingLines').map((each) => ({
    id: idOf(each, 'RefundShippingLine'),
    kind: 'shipping_refund',
    reason: 'Shipping refund',
    amount: negated(shopAmount(each, 'subtotalAmountSet')),
    tax_amount: negated(shopAmount(each, 'taxAmountSet')),
  }))
  return [...shipping, ...differences]
}

/** REFUND_DISCREPANCY → Refund discrepancy. */
const sentence = (word: string | undefined): string | null =>
  word === undefined ? null : word.charAt(0) + word.slice(1).toLowerCase().replaceAll('_', ' ')

const negated = (amount: string | null): string | null =>
  amount === null ? null : amount.startsWith('-') ? amount.slice(1) : `-${amount}`

function fulfilment(of: Reader): Words {
  const tracking = of.list('trackingInfo')
  const all = (field: string): string[] =>
    tracking.map((each) => each.optionalText(field)).filter((each) => each !== undefined)
  return {
    admin_graphql_api_id: text(of, 'id'),
    status: lower(of, 'status'),
    created_at: text(of, 'sentAt'),
    updated_at: text(of, 'updatedAt'),
    // What the carrier said last.
    shipment_status:
      nodesOf(of, 'events')
        .map((event) => lower(event, 'status'))
        .at(0) ?? null,
    tracking_company: all('company').at(0) ?? null,
    tracking_numbers: all('number'),
    tracking_urls: all('url'),
    line_items: nodesOf(of, 'fulfillmentLineItems').map((line) => ({
      id: globalId(line.child('lineItem')?.optionalText('id'), 'LineItem') ?? null,
      quantity: text(line, 'quantity'),
    })),
  }
}
