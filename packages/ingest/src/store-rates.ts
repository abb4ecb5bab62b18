/** What stores may bring to this process in a time; each for itself, so that one that floods takes nothing from others. */
export type StoreRates = {
  /** Whether the store may bring anything now. */
  mayCome(storeId: string): boolean
  /** It brought so many; a request may bring more than it may, and the store then waits for longer. */
  brought(storeId: string, deliveries: number): void
}

/** How many seconds' worth a store may bring at once: a sale begins, an outage ends, an import is told. */
const burstSeconds = 10

/** `perSecond` on the average; undefined where nobody is to be held back. Counts only what was verified. */
export function createStoreRates(perSecond: number | undefined, now: () => number): StoreRates {
  if (perSecond === undefined) return { mayCome: () => true, brought: () => undefined }
  const rate = perSecond
  const most = rate * burstSeconds
  const left = new Map<string, { count: number; at: number }>()

  function leftOf(storeId: string): number {
    const held = left.get(storeId)
    if (held === undefined) return most
    // A clock that was set back gives nothing.
    return Math.min(most, held.count + (Math.max(0, now() - held.at) / 1_000) * rate)
  }

  return {
    mayCome: (storeId) => leftOf(storeId) >= 1,
    brought: (storeId, deliveries) => void left.set(storeId, { count: leftOf(storeId) - deliveries, at: now() }),
  }
}
