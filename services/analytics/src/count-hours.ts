import type { FactStore } from './fact-store.ts'
import { nothingCounted } from './pure/hourly-count.ts'
import type { RollupStore } from './rollup-store.ts'

export type CountHours = ReturnType<typeof createCountHours>

/**
 * Makes roll-ups again from the facts. However many processes do so at once, the last write of a roll-up shows every
 * fact that was saved before its writer asked: the revision is read before the facts, and a count is only written over
 * the revision it was read under, so a count of older facts can never follow one of newer facts.
 */
export function createCountHours(deps: {
  facts: Pick<FactStore, 'sum'>
  rollups: Pick<RollupStore, 'revisions' | 'writeMany'>
}) {
  let next: { buckets: Set<string>; done: Promise<void> } | undefined
  let running: Promise<unknown> = Promise.resolve()

  /**
   * Resolves when the roll-ups show every fact that was saved before the call. Partitions are counted at once and
   * mostly touch the same hour, so calls that come while a count runs share the following one.
   */
  return function countHours(buckets: Iterable<string>): Promise<void> {
    const wanted = [...buckets]
    if (wanted.length === 0) return Promise.resolve()
    next ??= begin(new Set())
    for (const bucket of wanted) next.buckets.add(bucket)
    return next.done
  }

  function begin(buckets: Set<string>) {
    const before = running
    const done = before
      .catch(() => undefined) // told to those who asked for it
      .then(() => {
        next = undefined
        return count([...buckets])
      })
    running = done
    return { buckets, done }
  }

  async function count(buckets: readonly string[]): Promise<void> {
    let open = buckets
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
