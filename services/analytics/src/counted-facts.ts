import type { Db } from 'mongodb'
import { createFactStore, type FactStore, type Finding, type Held, inChunks } from './fact-store.ts'
import type { LedTo } from './pure/count/count-session.ts'
import type { Added } from './pure/count/row.ts'
import type { Link } from './pure/facts/links.ts'
import { createShownStore } from './shown-store.ts'
import type { Counted, Shown } from './step.ts'

/** A fact that is to be counted. */
export type Waiting<F> = Held<F> & { shown: Shown }

/** Facts that rows show, and what they show of each. */
export type CountedFacts<F extends { id: string }> = Omit<FactStore<F>, 'waiting' | 'settle'> & {
  /** Some of the facts that wait to be counted. */
  waiting(limit: number): Promise<Waiting<F>[]>
  /** Of orders: what each of some sessions led to. */
  ledBy(sessionIds: readonly string[]): Promise<Map<string, LedTo[]>>
  /** Of orders: the sessions that led to those with one of these links. */
  leadersOf(links: readonly Link[]): Promise<string[]>
  /** Of orders: has those counted again that these sessions led to. */
  markLedBy(sessionIds: readonly string[]): Promise<void>
  /** Everything that rows of a time show, fact by fact. */
  shownIn(from: Date, to: Date): AsyncGenerator<Added>
  /** The step's figures for each fact, unless a later step has been there; facts that changed meanwhile wait on. */
  saveShown(seq: number, counted: readonly Counted[]): Promise<void>
}

export function createCountedFacts<F extends { id: string }>(
  db: Db,
  places: { facts: string; shown: string },
  finding: Finding<F>,
): CountedFacts<F> {
  const { waiting, settle, ...facts } = createFactStore(db, places.facts, finding)
  const shown = createShownStore(db, places.shown)

  return {
    ...facts,
    async waiting(limit) {
      const held = await waiting(limit)
      const before = await shown.load(held.map(({ fact: { id } }) => id))
      return held.map((one) => ({ ...one, shown: before.get(one.fact.id) ?? { rows: [], attribution: null } }))
    },
    async ledBy(sessionIds) {
      return new Map(await inChunks(sessionIds, async (some) => [...(await shown.ledBy(some))]))
    },
    async leadersOf(links) {
      const led = await inChunks(await facts.idsOf(links), async (some) => [...(await shown.load(some)).values()])
      return [...new Set(led.flatMap(({ attribution }) => attribution?.session ?? []))]
    },
    async markLedBy(sessionIds) {
      await facts.mark(await inChunks(sessionIds, shown.idsLedBy))
    },
    shownIn: (from, to) => shown.within(from, to),
    async saveShown(seq, counted) {
      await shown.save(seq, counted)
      await settle(counted)
    },
  }
}
