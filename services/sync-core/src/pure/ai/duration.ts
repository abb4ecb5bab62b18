import type { PlainObject } from '../plain.ts'

/** How long a session took, in seconds: from its times where both are known, else as it was stated; null unless known. */
export function durationOf({ startedAt, completedAt, durationSeconds }: PlainObject): number | null {
  if (typeof startedAt === 'number' && typeof completedAt === 'number' && completedAt >= startedAt) {
    return (completedAt - startedAt) / 1_000
  }
  return typeof durationSeconds === 'number' && durationSeconds >= 0 ? durationSeconds : null
}
