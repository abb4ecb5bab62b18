/** How an attempt to send ended. No status: nobody answered. */
export type Attempt = { readonly status?: number; readonly retryAfter?: string | null }

/** What will never be taken is forgotten as what was taken is; the rest is worth another try. */
export const isSettled = ({ status = 0 }: Attempt): boolean =>
  status > 0 && status < 500 && ![408, 425, 429].includes(status)

const shortest = 1_000
const longest = 300_000
/** A collector may ask for more patience than we have by ourselves, not for ever. */
const longestAsked = 3_600_000

/**
 * ms until the next attempt after the `tries`-th failed one (from 1): exponential, half of it by chance (`random` is
 * 0 to 1) so that pages do not come back together, and never sooner than the collector asked, in seconds.
 */
export function waitAfter(tries: number, { retryAfter }: Attempt, random: number): number {
  const own = Math.min(longest, shortest * 2 ** tries) * (0.5 + random / 2)
  const asked = Math.min(Number(retryAfter) * 1_000 || 0, longestAsked)
  return asked > 0 ? asked * (1 + random / 2) : own
}
