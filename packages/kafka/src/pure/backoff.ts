export type Backoff = {
  /** Longest wait after the first failure, in ms. */
  readonly firstMs: number
  /** Longest wait after any failure, in ms. */
  readonly capMs: number
}

/**
 * How long to wait after so many failures in a row, in ms: doubling up to the cap, and between half and all of that,
 * so that what failed together does not come back together. `random` is in [0, 1).
 */
export function backoffMs(failures: number, { firstMs, capMs }: Backoff, random: number): number {
  const longest = Math.min(capMs, firstMs * 2 ** Math.min(Math.max(failures - 1, 0), 30))
  return Math.round(longest / 2 + (longest / 2) * random)
}
