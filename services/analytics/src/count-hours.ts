import type { FactStore } from './fact-store.ts'
import { nothingCounted } from './pure/hourly-count.ts'
import type { RollupStore } from './rollup-store.ts'

export type CountHours = (buckets: Iterable<string>) => Promise<void>

/**
 * Makes roll-ups again from the facts. However many processes do so at once, a roll-up ends up showing every fact that
 * was saved before somebody asked for it: the revision is read before the facts, and a count is written only over the
 * revision it was read under, so a count of older facts never follows one of newer facts.
 */
export function createCountHours(deps: {
  facts: Pick<FactStore, 'sum'>
  rollups: Pick<RollupStore, 'revisions' | 'writeMany'>
}): CountHours {
  /** Resolves when the roll-ups show every fact that was saved before the call. */
  return async function countHours(buckets) {
    let open = [...buckets]
    while (open.length > 0) {
      const revisions = await deps.rollups.revisions(open)
      const counts = await deps.facts.sum(open)
      open = await deps.rollups.writeMany(
        open.map((bucket) => ({
          bucket,
          rev: revisions.get(bucket) ?? 0,
          count: counts.get(bucket) ?? nothingCounted,
        })),
      )
    }
  }
}
