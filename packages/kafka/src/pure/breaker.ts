export type BreakerSettings = {
  /** So many rejections in a row open it. */
  readonly rejections: number
  /** How long it then stays open, in ms. */
  readonly coolDownMs: number
}

/** The breaker of one partition. */
export type Breaker = {
  readonly rejectedInARow: number
  /** Epoch ms; absent while closed. Once past, the next batch is a trial. */
  readonly openUntil?: number
}

export const closed: Breaker = { rejectedInARow: 0 }

export const isOpen = (breaker: Breaker, now: number): boolean =>
  breaker.openUntil !== undefined && now < breaker.openUntil

/**
 * What the outcomes of one batch (true = rejected) do to the breaker of their partition. A deploy that understands
 * nothing must stop and be seen; it must not drain the topic into the dead letters. So a batch with which the limit is
 * reached opens the breaker, and as a whole it is neither dead-lettered nor committed: it comes back after the
 * cool-down, as a trial. A trial closes the breaker when it holds at least one record that was not rejected, and no
 * run as long as the limit.
 */
export function judge(
  breaker: Breaker,
  rejected: readonly boolean[],
  { rejections, coolDownMs }: BreakerSettings,
  now: number,
): { readonly breaker: Breaker; readonly opened: boolean } {
  if (rejected.length === 0) return { breaker, opened: false }
  const trial = breaker.openUntil !== undefined
  let run = trial ? 0 : breaker.rejectedInARow
  let longest = 0
  for (const isRejected of rejected) {
    run = isRejected ? run + 1 : 0
    longest = Math.max(longest, run)
  }
  const failedTrial = trial && rejected.every(Boolean)
  if (longest < rejections && !failedTrial) return { breaker: { rejectedInARow: run }, opened: false }
  // The count stays what it was: the same records come again and would otherwise be counted twice.
  return { breaker: { rejectedInARow: breaker.rejectedInARow, openUntil: now + coolDownMs }, opened: true }
}
