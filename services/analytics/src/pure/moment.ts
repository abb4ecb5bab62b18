/** When a statement was made, as its record orders statements. Times in ms since the epoch. */
export type Moment = { platformAt: number; triggeredAt: number | null; eventId: string }

/** Negative when `a` is older. A missing triggeredAt is the lowest; 0 only for one and the same event. */
export function compareMoments(a: Moment, b: Moment): number {
  if (a.platformAt !== b.platformAt) return a.platformAt - b.platformAt
  const triggeredA = a.triggeredAt ?? Number.NEGATIVE_INFINITY
  const triggeredB = b.triggeredAt ?? Number.NEGATIVE_INFINITY
  if (triggeredA !== triggeredB) return triggeredA < triggeredB ? -1 : 1
  if (a.eventId === b.eventId) return 0
  return a.eventId < b.eventId ? -1 : 1
}
