/** The orders of one roll-up. */
export type HourlyCount = {
  /** Orders made in the hour that are not deleted and not tests; cancelled ones included. */
  orders: number
  cancelled: number
  /** Sum of the orders' totals, cancelled ones included, exact decimal text in the roll-up's currency. */
  grossTotal: string
  /** Orders of which no total is known; they add nothing to `grossTotal`. */
  withoutTotal: number
}

export const nothingCounted: HourlyCount = { orders: 0, cancelled: 0, grossTotal: '0', withoutTotal: 0 }

/** Decimal text without trailing zeros after the point: a sum keeps the digits of its longest part. */
export const plainDecimal = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text)
