import type { Reader } from '@varai/ingest/pure'
import {
  type Adjustment,
  addDecimals,
  canonicalDecimal,
  type Draft,
  type Refund,
  type Transaction,
} from '@varai/schemas'
import { currencyOf, shopMoney, shopMoneyFromSet } from '../../money.ts'
import { shopifyId } from '../../shopify-id.ts'

/** One refund of an order. `currency` is that of the order's amounts, where known. It may have no lines, or no money. */
export function readRefund(refund: Reader, currency: string | undefined): Draft<Refund> {
  const transactions = refund.list('transactions').map(readTransaction)
  return {
    id: shopifyId(refund, 'Refund'),
    createdAt: refund.optionalTime('created_at'),
    note: refund.optionalText('note'),
    total: refund.has('transactions') ? totalOf(transactions, currency) : undefined,
    lines: refund.list('refund_line_items').map((line) => ({
      lineId: refundedLine(line),
      quantity: line.optionalInteger('quantity'),
      subtotal: shopMoneyFromSet(line, 'subtotal'),
      totalTax: shopMoneyFromSet(line, 'total_tax'),
      restockType: line.optionalText('restock_type'),
    })),
    transactions,
    adjustments: refund.list('order_adjustments').map(readAdjustment),
  }
}

/** The order line, from the line repeated inside where there is one: that states its id as text too. */
function refundedLine(line: Reader): string | undefined {
  const repeated = line.child('line_item')
  return repeated === undefined ? line.optionalId('line_item_id') : shopifyId(repeated, 'LineItem')
}

const readTransaction = (transaction: Reader): Draft<Transaction> => ({
  id: transaction.optionalId('id'),
  kind: transaction.optionalText('kind'),
  status: transaction.optionalText('status'),
  gateway: transaction.optionalText('gateway'),
  amount: transaction.optionalDecimal('amount'),
  currency: currencyOf(transaction, 'currency'),
})

const readAdjustment = (adjustment: Reader): Draft<Adjustment> => ({
  id: adjustment.optionalId('id'),
  kind: adjustment.optionalText('kind'),
  reason: adjustment.optionalText('reason'),
  amount: shopMoney(adjustment, 'amount'),
  totalTax: shopMoney(adjustment, 'tax_amount'),
})

/**
 * The money that went back. Undefined where part of it moved in a currency that is not the order's, because amounts of
 * two currencies have no sum. Voided authorisations are listed among the transactions but move nothing.
 */
function totalOf(transactions: readonly Draft<Transaction>[], currency: string | undefined): string | undefined {
  const moved = transactions.filter(({ kind, status }) => status === 'success' && kind !== 'void')
  const foreign = moved.some((transaction) => transaction.currency != null && transaction.currency !== currency)
  if (foreign) return undefined
  const amounts = moved.map(({ amount }) => amount).filter((amount) => amount != null)
  return canonicalDecimal(addDecimals('0', ...amounts))
}
