import type { Change, KeptRow, RowStore } from '@varai/ml-data'
import type { createFactsAround } from './facts-around.ts'
import type { Names } from './pure/facts/names.ts'
import { changesOf } from './pure/rows/changes-of.ts'
import { rowsOf } from './pure/rows/rows-of.ts'
import { createWorld } from './pure/rows/world.ts'

export type KeepRows = (ids: readonly string[]) => Promise<void>

/** So many entities are worked on at once. */
const atOnce = 500
/** So often in a row somebody else may have changed what rows are made of before it is no race any more. */
const attempts = 40

/**
 * Makes the rows of everything that some facts have a part in what they must be now. Who saved a fact calls it; whoever
 * of several saved last sees what all of them saved, and looks once more whether that is still so when its rows are
 * written. May be killed and repeated.
 */
export function createKeepRows(deps: {
  readonly around: ReturnType<typeof createFactsAround>
  readonly rows: Pick<RowStore, 'of' | 'add' | 'change'>
  readonly names: Names
  readonly now: () => Date
}): KeepRows {
  const { around, rows, names, now } = deps

  return async function keepRows(ids) {
    const touched = await around.touchedBy(ids)
    for (let at = 0; at < touched.length; at += atOnce) await keep(touched.slice(at, at + atOnce))
  }

  async function keep(entities: readonly string[]): Promise<void> {
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const before = await around.madeOf(entities)
      const world = createWorld(before)
      const wanted = entities.flatMap((id) => {
        const entity = world.get(id)
        return entity === undefined ? [] : [rowsOf(entity, world, names)]
      })
      const held = await rows.of(entities)
      const plan = changesOf(wanted, held)
      await rows.add(plan.fresh.map((row): KeptRow => ({ ...row, ...untouched(now()) })))
      await rows.change(
        plan.changes.map(
          ({ held, row, cause }): Change => ({ held, next: row && { ...row, ...untouched(now()) }, cause }),
        ),
      )
      // Nobody reads rows while these are made: what a slower process would write is looked at here.
      if (isSame(before, await around.madeOf(entities))) return
    }
    throw new Error(`facts changed ${attempts} times while rows were made of them`)
  }
}

const untouched = (changedAt: Date) => ({
  ...{ changedAt, state: 'waiting' as const, cohort: null, exports: [], pseudonyms: [] },
})

type Versioned = { readonly id: string; readonly version: number }

function isSame(before: readonly Versioned[], after: readonly Versioned[]): boolean {
  const versions = new Map(before.map(({ id, version }) => [id, version]))
  return before.length === after.length && after.every(({ id, version }) => versions.get(id) === version)
}
