/** What a store's API says of itself with every answer; nothing of it is ever assumed. */
export type ThrottleStatus = {
  /** Points. */
  readonly maximumAvailable: number
  readonly currentlyAvailable: number
  /** Points per second. */
  readonly restoreRate: number
}

/** The points of a store as they stood at a time, in ms. */
export type Budget = ThrottleStatus & { readonly at: number }

/** Points that there will be at `now` when nobody spends any. */
const availableAt = (budget: Budget, now: number): number => {
  const restored = (Math.max(0, now - budget.at) / 1000) * budget.restoreRate
  return Math.min(budget.maximumAvailable, budget.currentlyAvailable + restored)
}

/**
 * ms until `cost` points are there; 0 when they are. What costs more than there can ever be waits for a full bucket:
 * Shopify then says itself what it thinks of it.
 */
export function waitFor(budget: Budget, cost: number, now: number): number {
  const missing = Math.min(cost, budget.maximumAvailable) - availableAt(budget, now)
  if (missing <= 0) return 0
  return budget.restoreRate > 0 ? Math.ceil((missing / budget.restoreRate) * 1000) : Number.POSITIVE_INFINITY
}
