import { type AmountName, amountNames } from '../pure/report/amount.ts'
import { quarterOf } from '../pure/report/day.ts'
import type { Bucket } from '../pure/report/day-report.ts'
import type { OrderFact } from '../pure/report/order-fact.ts'

export const noon = Date.UTC(2026, 2, 14, 12)

/** What an order of the tests adds to reports, unless told otherwise. */
export const orderFact = (given: Partial<OrderFact> = {}): OrderFact => ({
  ...{ id: 'optik|shopify|north|1', merchantId: 'optik', platform: 'shopify', storeId: 'north', version: 1 },
  ...{ counted: true, placedAt: noon, currency: 'EUR', cancelled: false, refunded: false },
  amounts: { gross: '10', refunds: '0', net: '10', taxes: null, discounts: null, shipping: null },
  ...given,
})

/** A bucket with one order in it. */
export function bucketOf({ amounts, cancelled, refunded, placedAt, ...fact }: OrderFact): Bucket {
  const amountOf = (name: AmountName) => ({ sum: amounts[name] ?? '0', stated: amounts[name] === null ? 0 : 1 })
  const { merchantId, platform, storeId, currency } = fact
  const [gross, refunds, net, taxes, discounts, shipping] = amountNames.map(amountOf)
  if (!gross || !refunds || !net || !taxes || !discounts || !shipping) throw new Error('an amount has no name')
  return {
    ...{ merchantId, platform, storeId, currency, quarter: quarterOf(placedAt ?? 0) ?? 0, orders: 1 },
    ...{ cancelled: Number(cancelled), refunded: Number(refunded) },
    amounts: { gross, refunds, net, taxes, discounts, shipping },
  }
}
