import { writeGuarded } from '@varai/runtime/guarded-writes'
import type { AnyBulkWriteOperation, Collection, Db } from 'mongodb'
import type { Span } from './pure/attribution/candidates.ts'
import type { FactRef } from './pure/facts/fact.ts'
import type { Link } from './pure/facts/links.ts'

/** A fact and the version it was loaded in; 0 = not stored yet. */
export type Held<F> = { fact: F; version: number }

/** A fact that changed from what it was `before`; `counts`: the figures may, too. */
export type Changed<F> = Held<F> & { before: F | undefined; counts: boolean }

/** What facts are found by: what they have in common with others, and when they are of (ms). */
export type Finding<F> = { linksOf: (fact: F) => readonly Link[]; timeOf: (fact: F) => number | undefined }

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
}

export type FactStore<F extends { id: string }> = ReturnType<typeof createFactStore<F>>

/** One document per entity: what it adds to the counts. */
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
      const writes = changed.map(({ fact, before, version, counts }): AnyBulkWriteOperation<StoredFact<F>> => {
        const at = timeOf(fact)
        const links = linksOf(fact)
        // links lie in an index, which costs more than all the rest
        const isLinkedTheSame = before !== undefined && isSameList(linksOf(before), links)
        const own = {
          ...{ fact, version: version + 1 },
          ...(!isLinkedTheSame && { links: [...links] }),
          ...(at !== undefined && { at: new Date(at) }),
          ...(counts && { waits: true as const }),
        }
        if (version === 0) return { insertOne: { document: { _id: fact.id, ...own } as never } }
        const update = { $set: own, ...(at === undefined && { $unset: { at: 1 } }) }
        return { updateOne: { filter: { _id: fact.id, version } as never, update: update as never } }
      })
      if (await writeGuarded(facts, writes)) return new Set()
      // Which ones lost is not told: whatever is not ours now is decided again, which changes nothing where it was saved.
      return new Set(changed.map(({ fact }) => fact.id))
    },

    /** Some of the facts that wait to be counted. */
    async waiting(limit: number): Promise<Held<F>[]> {
      const found = await facts
        .find({ waits: true } as object, { projection: { fact: 1, version: 1 } })
        .limit(limit)
        .toArray()
      return found.map(({ fact, version }) => ({ fact: fact as F, version }))
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

    /** Facts that have one of these links and are of their time: the newest `limit`, newest first. */
    async linkedWithin({ links, from, to }: Span, limit: number): Promise<F[]> {
      const found = await facts
        .find({ links: { $in: [...links] }, at: { $gte: new Date(from), $lte: new Date(to) } } as object, {
          projection: { fact: 1 },
        })
        .sort({ at: -1, _id: 1 })
        .limit(limit)
        .toArray()
      return found.map(({ fact }) => fact as F)
    },

    /** Facts of a store by their ids, behind one of them. */
    async ofStore(store: Omit<FactRef, 'id' | 'entityId'>, behind: string, limit: number): Promise<F[]> {
      const prefix = `${store.merchantId}|${store.platform}|${store.storeId}`
      const range = { $gt: behind === '' ? `${prefix}|` : behind, $lt: `${prefix}}` }
      const found = await facts
        .find({ _id: range } as object, { projection: { fact: 1 } })
        .sort({ _id: 1 })
        .limit(limit)
        .toArray()
      return found.map(({ fact }) => fact as F)
    },

    /** Whether one of these is to be counted yet. */
    async isWaiting(ids: readonly string[]): Promise<boolean> {
      const found = await inChunks(ids, (some) =>
        facts
          .find({ _id: { $in: some }, waits: true } as object, { projection: { _id: 1 } })
          .limit(1)
          .toArray(),
      )
      return found.length > 0
    },

    /** The ids of those that have one of these links. */
    async idsOf(links: readonly Link[]): Promise<string[]> {
      const found = await inChunks(links, (some) =>
        facts.find({ links: { $in: some } } as object, { projection: { _id: 1 } }).toArray(),
      )
      return [...new Set(found.map(({ _id }) => _id))]
    },

    /** Has facts counted again: by what they are linked with, or by their ids. */
    async markLinked(links: readonly Link[]): Promise<void> {
      await inChunks(links, async (some) => [await facts.updateMany({ links: { $in: some } } as never, again)])
    },
    async markLinkedWithin(spans: readonly Span[]): Promise<void> {
      const writes = spans
        .filter(({ links }) => links.length > 0)
        .map(({ links, from, to }) => ({
          updateMany: {
            filter: { links: { $in: [...links] }, at: { $gte: new Date(from), $lte: new Date(to) } },
            update: again,
          },
        }))
      if (writes.length > 0) await facts.bulkWrite(writes as never, { ordered: false })
    },
    async mark(ids: readonly string[]): Promise<void> {
      await inChunks(ids, async (some) => [await facts.updateMany({ _id: { $in: some } } as never, again)])
    },

    /** Facts that wait no more, unless they changed meanwhile. There are few versions: a statement for each is enough. */
    async settle(counted: readonly { id: string; version: number }[]): Promise<void> {
      const writes = [...Map.groupBy(counted, ({ version }) => version)].map(([version, some]) => ({
        updateMany: { filter: { _id: { $in: some.map(({ id }) => id) }, version }, update: { $unset: { waits: 1 } } },
      }))
      if (writes.length > 0) await facts.bulkWrite(writes as never, { ordered: false })
    },
  }
}

/** As many as one question names, far below what a message to the database may hold. */
const chunk = 5_000

export async function inChunks<T>(all: readonly string[], ask: (some: string[]) => Promise<T[]>): Promise<T[]> {
  const answers: T[] = []
  for (let from = 0; from < all.length; from += chunk) answers.push(...(await ask(all.slice(from, from + chunk))))
  return answers
}

const isSameList = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((text, at) => text === other[at])

const again = { $set: { waits: true }, $inc: { version: 1 } } as never
