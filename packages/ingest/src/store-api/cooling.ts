/** Bounds of what a store is left alone for after it did not answer, ms; they double in between. */
export type CoolingBounds = { readonly first: number; readonly longest: number }

/** Which stores are left alone for now, whoever wants to ask them. */
export type Cooling = {
  /** ms until the store may be asked again; 0 or less: now. */
  wait(key: string): number
  answered(key: string): void
  /** It did not answer; `afterMs`: when it wants to be asked again. */
  failed(key: string, afterMs?: number): void
}

/** A store that says "in a week" is asked in an hour all the same. */
const longestWanted = 3_600_000

export function createCooling(options: { readonly now: () => number; readonly bounds?: CoolingBounds }): Cooling {
  const { now, bounds = { first: 1_000, longest: 60_000 } } = options
  const cool = new Map<string, { failures: number; until: number }>()
  return {
    wait: (key) => (cool.get(key)?.until ?? 0) - now(),
    answered: (key) => void cool.delete(key),
    failed(key, afterMs = 0) {
      const failures = cool.get(key)?.failures ?? 0
      const pause = Math.min(bounds.first * 2 ** Math.min(failures, 20), bounds.longest)
      cool.set(key, { failures: failures + 1, until: now() + Math.min(Math.max(pause, afterMs), longestWanted) })
    },
  }
}
