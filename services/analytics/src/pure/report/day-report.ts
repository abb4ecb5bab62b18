import { type AmountName, amountNames, amountText, millionths } from './amount.ts'
import { createDayOf } from './day.ts'

/** What some orders of one store, in one currency, placed in one quarter of an hour, add up to. */
export type Bucket = {
  readonly merchantId: string
  readonly platform: string
  readonly storeId: string
  readonly currency: string | null
  readonly quarter: number
  readonly orders: number
  readonly cancelled: number
  readonly refunded: number
  /** `sum`: decimal text, of the `stated` orders that state the amount. */
  readonly amounts: Readonly<Record<AmountName, { readonly sum: string; readonly stated: number }>>
}

/**
 * A store's day in one currency. `orders` were placed then, cancelled ones included; `gross`, `taxes`, `discounts` and
 * `shipping` are theirs as ordered, cancelled ones included; `refunds` is what was given back of them until now; `net`
 * is what is left of them: after edits and refunds, nothing of cancelled ones. An amount is null where no order states it.
 */
export type ReportRow = {
  readonly day: string
  readonly merchant: string
  readonly platform: string
  readonly store: string
  readonly currency: string | null
  readonly orders: number
  readonly cancelled: number
  readonly refunded: number
  /** Orders of which no total is known: they add nothing to `gross`. */
  readonly withoutTotal: number
} & Readonly<Record<AmountName, string | null>>

type Counts = { orders: number; cancelled: number; refunded: number }
type Cell = Counts & { amounts: Record<AmountName, { sum: bigint; stated: number }> }

/** Adds buckets up to the days `from` to `to`, both included, of a time zone; currencies are never mixed. */
export function createDayReport({ from, to, timeZone }: { from: string; to: string; timeZone: string }) {
  const dayOf = createDayOf(timeZone)
  const cells = new Map<string, Cell>()

  return {
    add(bucket: Bucket): void {
      const day = dayOf(bucket.quarter)
      if (day < from || day > to) return
      const { merchantId, platform, storeId, currency } = bucket
      const key = JSON.stringify([day, merchantId, platform, storeId, currency])
      const cell = cells.get(key) ?? empty()
      cells.set(key, cell)
      cell.orders += bucket.orders
      cell.cancelled += bucket.cancelled
      cell.refunded += bucket.refunded
      for (const name of amountNames) {
        cell.amounts[name].sum += millionths(bucket.amounts[name].sum)
        cell.amounts[name].stated += bucket.amounts[name].stated
      }
    },

    /** By day, merchant, platform, store and currency; days without orders have none. */
    rows(): ReportRow[] {
      return [...cells].sort(([one], [other]) => (one < other ? -1 : 1)).map(([key, cell]) => rowOf(key, cell))
    },
  }
}

const empty = (): Cell => {
  const nothing = () => ({ sum: 0n, stated: 0 })
  const amounts = { gross: nothing(), refunds: nothing(), net: nothing() }
  return {
    ...{ orders: 0, cancelled: 0, refunded: 0 },
    amounts: { ...amounts, taxes: nothing(), discounts: nothing(), shipping: nothing() },
  }
}

function rowOf(key: string, { orders, cancelled, refunded, amounts }: Cell): ReportRow {
  const [day, merchant, platform, store, currency]: [string, string, string, string, string | null] = JSON.parse(key)
  const shown = (name: AmountName) => (amounts[name].stated === 0 ? null : amountText(amounts[name].sum, currency))
  return {
    ...{ day, merchant, platform, store, currency, orders, cancelled, refunded },
    withoutTotal: orders - amounts.gross.stated,
    ...{ gross: shown('gross'), refunds: shown('refunds'), net: shown('net') },
    ...{ taxes: shown('taxes'), discounts: shown('discounts'), shipping: shown('shipping') },
  }
}
