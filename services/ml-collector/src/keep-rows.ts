import type { Change, KeptRow, RowStore } from '@varai/ml-data'
import type { Names } from '@varai/ml-data/pure'
import type { CollectorMetrics } from './collector-metrics.ts'
import type { FactStore } from './fact-store.ts'
import { createFactsAround, type FactsAround } from './facts-around.ts'
import type { Fact } from './pure/facts/fact.ts'
import { changesOf } from './pure/rows/changes-of.ts'
import { rowsOf } from './pure/rows/rows-of.ts'
import { createWorld } from './pure/rows/world.ts'

/** Makes rows anew; `saved` are facts as they were just saved, so that these need not be read again. */
export type KeepRows = (ids: readonly string[], saved?: readonly Fact[]) => Promise<void>

/** So many entities are worked on at once. */
const atOnce = 1_000
/** So often in a row somebody else may have changed what rows are made of before it is no race any more. */
const attempts = 40

/**
 * Makes the rows of everything that some facts have a part in what they must be now. Who saved a fact calls it; whoever
 * of several saved last sees what all of them saved, and looks once more whether that is still so when its rows are
 * written. May be killed and repeated.
 */
export function createKeepRows(deps: {
  readonly facts: FactStore
  readonly rows: Pick<RowStore, 'of' | 'add' | 'change'>
  readonly names: Names
  readonly now: () => Date
  readonly metrics?: Pick<CollectorMetrics, 'made' | 'changed'>
}): KeepRows {
  const { facts, rows, names, now, metrics } = deps

  return async function keepRows(ids, saved = []) {
    let around = createFactsAround(facts)
    around.keep(saved)
    let open = await around.touchedBy(ids)
    for (let attempt = 1; open.length > 0; attempt += 1) {
      if (attempt > attempts) throw new Error(`facts changed ${attempts} times while rows were made of them`)
      const written: string[] = []
      for (let at = 0; at < open.length; at += atOnce)
        written.push(...(await keep(around, open.slice(at, at + atOnce))))
      // What a slower process would write over what a faster one wrote is looked at again; what nobody wrote need not be.
      around = createFactsAround(facts)
      open = written
    }
  }

  /** Resolves with the entities of which a row was written. */
  async function keep(around: FactsAround, entities: readonly string[]): Promise<string[]> {
    const world = createWorld(await around.madeOf(entities))
    const wanted = entities.flatMap((id) => {
      const entity = world.get(id)
      return entity === undefined ? [] : [rowsOf(entity, world, names)]
    })
    const plan = changesOf(wanted, await rows.of(entities))
    await rows.add(plan.fresh.map((row): KeptRow => ({ ...row, ...untouched(now()) })))
    metrics?.made(plan.fresh)
    const changes = plan.changes.map(
      ({ held, row, cause }): Change => ({ held, next: row && { ...row, ...untouched(now()) }, cause }),
    )
    await rows.change(changes)
    metrics?.changed(changes)
    return [...new Set([...plan.fresh.map(({ entity }) => entity), ...plan.changes.map(({ held }) => held.entity)])]
  }
}

const untouched = (changedAt: Date) => ({
  ...{ changedAt, state: 'waiting' as const, cohort: null, exports: [], pseudonyms: [] },
})
