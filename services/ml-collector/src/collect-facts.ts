import { type DecodedRecord, done, type Outcome, rejected, skipped } from '@varai/kafka'
import type { Names } from '@varai/ml-data/pure'
import type { FactStore } from './fact-store.ts'
import type { KeepRows } from './keep-rows.ts'
import { type Fact, foldFact, type Saying } from './pure/facts/fact.ts'
import { hear } from './pure/facts/sayings.ts'

type Deps = {
  readonly facts: Pick<FactStore, 'load' | 'save'>
  readonly names: Names
  readonly keepRows: KeepRows
  readonly pause: (attempt: number) => Promise<void>
}

/** So many lost guards in a row are no race any more. */
const attempts = 40

/** The handler of the lanes: what is said into facts, facts into rows. */
export function createCollectFacts({ facts, names, keepRows, pause }: Deps) {
  /**
   * Resolves when the facts of the whole batch are saved and the rows they have a part in are what they must be; throws
   * when a database is away (nothing is committed, and the same batch may come again). Rows are looked at also where a
   * fact did not change: whoever saved it may have died before.
   */
  return async function collectFacts(batch: readonly DecodedRecord[]): Promise<Outcome[]> {
    const heard = batch.map((record) => hear(record, names))
    const sayings = heard.flatMap((each) => (each.kind === 'sayings' ? each.sayings : []))
    const saved = await save(sayings)
    await keepRows([...new Set(sayings.map(({ id }) => id))], saved)
    return heard.map(outcomeOf)
  }

  /** The facts that were spoken of, as they are saved. */
  async function save(sayings: readonly Saying[]): Promise<Fact[]> {
    const byId = Map.groupBy(sayings, ({ id }) => id)
    if (byId.size === 0) return []
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      if (attempt > 1) await pause(attempt)
      const held = new Map((await facts.load([...byId.keys()])).map((fact) => [fact.id, fact]))
      const told = [...byId].map(([id, group]) => ({ before: held.get(id), fact: foldFact(held.get(id), group) }))
      const changed = told.filter(({ before, fact }) => fact !== before).map(({ fact }) => fact)
      // Of a save that lost a guard the second look decides again: what was saved then folds to no change.
      if (await facts.save(changed)) return told.map(({ fact }) => fact)
    }
    throw new Error(`facts: guards were lost ${attempts} times in a row`)
  }
}

function outcomeOf(heard: ReturnType<typeof hear>): Outcome {
  switch (heard.kind) {
    case 'sayings':
      return done
    case 'skipped':
      return skipped(heard.reason)
    case 'rejected':
      return rejected(heard.reason)
    default:
      return heard satisfies never
  }
}
