import type { CountedFacts } from '../counted-facts.ts'
import type { FactStore } from '../fact-store.ts'
import type { Link } from '../pure/facts/links.ts'
import { replaceShown } from '../shown-store.ts'
import type { Shown } from '../step.ts'

export type Stop = () => Promise<void>
type Stored<F> = { fact: F; version: number; waits: boolean; at: number | undefined }

/** A fact store's promises, kept in memory. `stop` runs before each answer: a test decides who goes on when. */
export function createFacts<F extends { id: string }>(
  linksOf: (fact: F) => readonly Link[],
  timeOf: (fact: F) => number | undefined,
) {
  const facts = new Map<string, Stored<F>>()
  const shown = new Map<string, { seq: number; of: Shown }>()
  const shownOf = (id: string): Shown => shown.get(id)?.of ?? { rows: [], attribution: null }
  const linkedIn = (links: readonly Link[]) =>
    [...facts.values()].filter(({ fact }) => linksOf(fact).some((link) => links.includes(link)))
  const mark = (all: readonly Stored<F>[]) => {
    for (const one of all) Object.assign(one, { waits: true, version: one.version + 1 })
  }
  const open = (stop: Stop): CountedFacts<F> & Pick<FactStore<F>, 'settle'> => ({
    async load(ids) {
      await stop()
      const held = ids.flatMap((id) => facts.get(id) ?? [])
      return new Map(held.map(({ fact, version }) => [fact.id, { fact, version }]))
    },
    async save(changed) {
      await stop()
      const lost = changed.filter(({ fact, version }) => (facts.get(fact.id)?.version ?? 0) !== version)
      for (const { fact, version, counts } of changed.filter((one) => !lost.includes(one))) {
        const waits = facts.get(fact.id)?.waits || counts
        facts.set(fact.id, { fact, version: version + 1, waits, at: timeOf(fact) })
      }
      return new Set(lost.map(({ fact }) => fact.id))
    },
    async waiting(limit) {
      await stop()
      const waiting = [...facts.values()].filter(({ waits }) => waits).slice(0, limit)
      const held = waiting.map(({ fact, version }) => ({ fact, version }))
      await stop()
      return held.map((one) => ({ ...one, shown: shownOf(one.fact.id) }))
    },
    async countWaiting() {
      return [...facts.values()].filter(({ waits }) => waits).length
    },
    async linked(links) {
      await stop()
      return linkedIn(links).map(({ fact }) => fact)
    },
    async linkedWithin({ links, from, to }) {
      await stop()
      const of = linkedIn(links).filter(({ at }) => at !== undefined && at >= from && at <= to)
      return of.map(({ fact }) => fact)
    },
    async ledBy(sessionIds) {
      await stop()
      const led = [...shown.values()].flatMap(({ of: { attribution } }) => attribution ?? [])
      const of = led.filter(({ session }) => session !== null && sessionIds.includes(session))
      return new Map(
        [...Map.groupBy(of, ({ session }) => session ?? '')].map(([session, all]) => [
          session,
          all.map(({ recommendations, products }) => ({
            algorithms: recommendations.flatMap(({ algorithm }) => algorithm ?? []),
            products,
          })),
        ]),
      )
    },
    async leadersOf(links) {
      await stop()
      const ids = linkedIn(links).map(({ fact: { id } }) => id)
      await stop()
      return ids.flatMap((id) => shownOf(id).attribution?.session ?? [])
    },
    async markLinked(links) {
      await stop()
      mark(linkedIn(links))
    },
    async markLinkedWithin(spans) {
      await stop()
      for (const { links, from, to } of spans)
        mark(linkedIn(links).filter(({ at }) => at !== undefined && at >= from && at <= to))
    },
    async markLedBy(sessionIds) {
      await stop()
      const led = [...shown].filter(([, { of }]) => sessionIds.includes(of.attribution?.session ?? ''))
      await stop()
      mark(led.flatMap(([id]) => facts.get(id) ?? []))
    },
    async ofStore(_store, behind, limit) {
      await stop()
      const ids = [...facts.keys()].filter((id) => id > behind).sort()
      return ids.slice(0, limit).flatMap((id) => facts.get(id)?.fact ?? [])
    },
    async isWaiting(ids) {
      await stop()
      return ids.some((id) => facts.get(id)?.waits)
    },
    async idsOf(links) {
      await stop()
      return linkedIn(links).map(({ fact: { id } }) => id)
    },
    async mark(ids) {
      await stop()
      mark(ids.flatMap((id) => facts.get(id) ?? []))
    },
    async *shownIn() {},
    async saveShown(seq, counted) {
      // one after the other, as a bulk is: a kill may come between any two
      await replaceShown(
        {
          async remove(ids, below) {
            for (const id of ids) {
              await stop()
              if ((shown.get(id)?.seq ?? below) < below) shown.delete(id)
            }
          },
          async insert(at, all) {
            let inserted = 0
            for (const { id, ...of } of all) {
              await stop()
              if (shown.has(id)) continue
              shown.set(id, { seq: at, of })
              inserted += 1
            }
            return inserted === all.length
          },
          async written(ids, from) {
            await stop()
            return new Set(ids.filter((id) => (shown.get(id)?.seq ?? 0) >= from))
          },
        },
        seq,
        counted,
      )
      await this.settle(counted)
    },
    async settle(all) {
      await stop()
      for (const { id, version } of all) {
        const held = facts.get(id)
        if (held?.version === version) held.waits = false
      }
    },
  })
  return { facts, open }
}
