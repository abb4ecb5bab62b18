export type Waiting = {
  /** 0 is the highest lane. */
  readonly rank: number
  /** How many turns went to higher lanes since this one began to wait. */
  readonly passedOver: number
}

/**
 * Whose turn is next, as an index into `waiting` (which is in order of arrival); undefined when nobody waits. The
 * highest lane, unless one that waits has been passed over `patience` times: then the one passed over most.
 */
export function nextTurn(waiting: readonly Waiting[], patience: number): number | undefined {
  let best: number | undefined
  for (const [index, candidate] of waiting.entries()) {
    const held = best === undefined ? undefined : waiting[best]
    if (held === undefined || comesBefore(candidate, held, patience)) best = index
  }
  return best
}

function comesBefore(one: Waiting, other: Waiting, patience: number): boolean {
  const overdue = (of: Waiting) => (of.passedOver >= patience ? of.passedOver : 0)
  if (overdue(one) !== overdue(other)) return overdue(one) > overdue(other)
  return one.rank < other.rank
}
