import { writeGuarded } from '@varai/runtime/guarded-writes'
import type { AnyBulkWriteOperation, Collection, Db } from 'mongodb'
import type { Attribution } from './pure/attribution/attribute.ts'
import type { LedTo } from './pure/count/count-session.ts'
import type { Added } from './pure/count/row.ts'
import type { Link } from './pure/facts/links.ts'
import type { Counted, Shown } from './step.ts'

/** A fact and the version it was loaded in; 0 = not stored yet. */
export type Held<F> = { fact: F; version: number }

/** A fact that changed; `counts`: the figures may, too. */
export type Changed<F> = Held<F> & { counts: boolean }

/** What facts are found by: what they have in common with others, and when they are of (ms). */
export type Finding<F> = { linksOf: (fact: F) => readonly Link[]; timeOf: (fact: F) => number | undefined }

/** A fact that is to be counted. */
export type Waiting<F> = Held<F> & { shown: Shown }

type StoredFact<F> = {
  _id: string
  fact: F
  /** What it has in common with other facts. */
  links: Link[]
  /** When it is of; absent while that is not known. */
  at?: Date
  /** Raised by whoever changes the fact, or wants it counted again. */
  version: number
  /** It may be shown as it is no more. Absent when it is shown as it is. */
  waits?: true
  shown?: readonly Added[]
  attribution?: Attribution | null
  /** The attribution in sentences. */
  because?: readonly string[]
  /** The hour's first ms that it is shown in; absent where it is shown nowhere. */
  shownAt?: Date
  /** The step that counted it last. */
  seq: number
}

export type FactStore<F extends { id: string }> = ReturnType<typeof createFactStore<F>>

/** One document per entity: what it adds to the counts, and what the rows show of it. Holds no personal data but ids. */
export function createFactStore<F extends { id: string }>(db: Db, collection: string, { linksOf, timeOf }: Finding<F>) {
  const facts: Collection<StoredFact<F>> = db.collection<StoredFact<F>>(collection)

  return {
    async load(ids: readonly string[]): Promise<Map<string, Held<F>>> {
      const found = await inChunks(ids, (some) =>
        facts.find({ _id: { $in: some } } as object, { projection: { fact: 1, version: 1 } }).toArray(),
      )
      return new Map(found.map(({ _id, fact, version }) => [_id, { fact: fact as F, version }]))
    },

    /** Saves each fact that nobody saved since it was loaded, and has it counted; returns the ids of the others. */
    async save(changed: readonly Changed<F>[]): Promise<Set<string>> {
      if (changed.length === 0) return new Set()
      const writes = changed.map(({ fact, version, counts }): AnyBulkWriteOperation<StoredFact<F>> => {
        const at = timeOf(fact)
        const own = {
          ...{ fact, links: [...linksOf(fact)], version: version + 1 },
          ...(at !== undefined && { at: new Date(at) }),
          ...(counts && { waits: true as const }),
        }
        if (version === 0) return { insertOne: { document: { _id: fact.id, ...own, seq: 0 } as never } }
        return { updateOne: { filter: { _id: fact.id, version } as never, update: { $set: own as never } } }
      })
      if (await writeGuarded(facts, writes)) return new Set()
      // Which ones lost is not told: whatever is not ours now is decided again, which changes nothing where it was saved.
      return new Set(changed.map(({ fact }) => fact.id))
    },

    /** Some of the facts that wait to be counted. */
    async waiting(limit: number): Promise<Waiting<F>[]> {
      const found = await facts
        .find({ waits: true } as object, { projection: { fact: 1, version: 1, shown: 1, attribution: 1 } })
        .limit(limit)
        .toArray()
      return found.map(({ fact, version, shown = [], attribution = null }) => ({
        ...{ fact: fact as F, version },
        shown: { rows: shown, attribution },
      }))
    },

    /** How many facts wait; counts no further than `limit`. */
    countWaiting: (limit: number): Promise<number> => facts.countDocuments({ waits: true } as object, { limit }),

    /** Facts that have one of these links. */
    async linked(links: readonly Link[]): Promise<F[]> {
      const found = await inChunks(links, (some) =>
        facts.find({ links: { $in: some } } as object, { projection: { fact: 1 } }).toArray(),
      )
      return [...new Map(found.map(({ _id, fact }) => [_id, fact as F])).values()]
    },

    /** Facts that have one of these links and are of a time (ms, ends included): the newest `limit`, newest first. */
    async linkedWithin(links: readonly Link[], from: number, to: number, limit: number): Promise<F[]> {
      const found = await facts
        .find({ links: { $in: [...links] }, at: { $gte: new Date(from), $lte: new Date(to) } } as object, {
          projection: { fact: 1 },
        })
        .sort({ at: -1, _id: 1 })
        .limit(limit)
        .toArray()
      return found.map(({ fact }) => fact as F)
    },

    /** Of orders: what each of some sessions led to, as it is shown. */
    async ledBy(sessionIds: readonly string[]): Promise<Map<string, LedTo[]>> {
      const found = await inChunks(sessionIds, (some) =>
        facts.find({ 'attribution.session': { $in: some } } as object, { projection: { attribution: 1 } }).toArray(),
      )
      const led = found.flatMap(({ attribution }) => attribution ?? [])
      return new Map(
        [...Map.groupBy(led, ({ session }) => session ?? '')].map(([session, all]) => [session, all.map(ledToOf)]),
      )
    },

    /** Of orders: the sessions that led to those with one of these links, as it is shown. */
    async leadersOf(links: readonly Link[]): Promise<string[]> {
      const found = await inChunks(links, (some) =>
        facts.find({ links: { $in: some } } as object, { projection: { 'attribution.session': 1 } }).toArray(),
      )
      return [...new Set(found.flatMap(({ attribution }) => attribution?.session ?? []))]
    },

    /** Has facts counted again: by what they are linked with, or by their ids. */
    async markLinked(links: readonly Link[]): Promise<void> {
      await inChunks(links, async (some) => [await facts.updateMany({ links: { $in: some } } as never, again)])
    },
    async markLinkedWithin(links: readonly Link[], from: number, to: number): Promise<void> {
      const at = { $gte: new Date(from), $lte: new Date(to) }
      await inChunks(links, async (some) => [await facts.updateMany({ links: { $in: some }, at } as never, again)])
    },
    async mark(ids: readonly string[]): Promise<void> {
      await inChunks(ids, async (some) => [await facts.updateMany({ _id: { $in: some } } as never, again)])
    },

    /** Everything that rows of a time show, fact by fact. */
    async *shownIn(from: Date, to: Date): AsyncGenerator<Added> {
      const found = facts
        .find({ shownAt: { $gte: from, $lt: to } } as object, { projection: { shown: 1 } })
        .batchSize(1_000)
      for await (const { shown } of found) yield* shown ?? []
    },

    /** The step's figures for each fact, unless a later step has been there; facts that changed meanwhile wait on. */
    async saveShown(seq: number, counted: readonly Counted[]): Promise<void> {
      if (counted.length === 0) return
      const shownBy = ({ rows, attribution, because, at }: Counted) => ({
        $set: {
          shown: rows,
          attribution,
          ...(because && { because }),
          seq,
          ...(at !== null && { shownAt: new Date(at) }),
        },
      })
      const settled = counted.map((one) => ({
        updateOne: {
          filter: { _id: one.id, version: one.version, seq: { $lt: seq } },
          update: { ...shownBy(one), $unset: { waits: 1, ...(one.at === null && { shownAt: 1 }) } },
        },
      }))
      const { matchedCount } = await facts.bulkWrite(settled as never, { ordered: false })
      if (matchedCount === counted.length) return
      const others = counted.map((one) => ({
        updateOne: {
          filter: { _id: one.id, seq: { $lt: seq } },
          update: { ...shownBy(one), ...(one.at === null && { $unset: { shownAt: 1 } }) },
        },
      }))
      await facts.bulkWrite(others as never, { ordered: false })
    },

    /** Facts that wait no more, unless they changed meanwhile; of facts that no row shows by themselves. */
    async settle(held: readonly Held<F>[]): Promise<void> {
      if (held.length === 0) return
      const writes = held.map(({ fact: { id: _id }, version }) => ({
        updateOne: { filter: { _id, version }, update: { $unset: { waits: 1 } } },
      }))
      await facts.bulkWrite(writes as never, { ordered: false })
    },
  }
}

/** As many as one question names, far below what a message to the database may hold. */
const chunk = 5_000

async function inChunks<T>(all: readonly string[], ask: (some: string[]) => Promise<T[]>): Promise<T[]> {
  const answers: T[] = []
  for (let from = 0; from < all.length; from += chunk) answers.push(...(await ask(all.slice(from, from + chunk))))
  return answers
}

const ledToOf = ({ recommendations, products }: Attribution): LedTo => ({
  algorithms: recommendations.flatMap(({ algorithm }) => algorithm ?? []),
  products,
})

const again = { $set: { waits: true }, $inc: { version: 1 } } as never
