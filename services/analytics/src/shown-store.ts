import { writeGuarded } from '@varai/runtime/guarded-writes'
import type { Collection, Db } from 'mongodb'
import type { Attribution } from './pure/attribution/attribute.ts'
import type { LedTo } from './pure/count/count-session.ts'
import type { Added } from './pure/count/row.ts'
import type { Counted, Shown, StoredShown } from './step.ts'

/** Where what is shown lies, one for each fact. */
export type Shelf = {
  /** Takes away those that steps before `below` wrote. */
  remove(ids: readonly string[], below: number): Promise<void>
  /** Adds those that are not there; false when some are. */
  insert(seq: number, counted: readonly Counted[]): Promise<boolean>
  /** Those that `from` or a later step wrote. */
  written(ids: readonly string[], from: number): Promise<ReadonlySet<string>>
}

/** What a step shows, in place of what steps before it did. Any number of processes may do so, at any time. */
export async function replaceShown(shelf: Shelf, seq: number, counted: readonly Counted[]): Promise<void> {
  for (let open = counted; open.length > 0; ) {
    const ids = open.map(({ id }) => id)
    await shelf.remove(ids, seq)
    if (await shelf.insert(seq, open)) return
    // What else was there may be of an earlier step: processes that woke up bring it back, and take it away again.
    const written = await shelf.written(ids, seq)
    open = open.filter(({ id }) => !written.has(id))
  }
}

/**
 * What the rows show of each fact. Beside the facts, because it is replaced whole for very many at once: what is deleted
 * and inserted together costs a database far less than as many updates.
 */
export function createShownStore(db: Db, collection: string) {
  const shown: Collection<StoredShown> = db.collection<StoredShown>(collection)
  const shelf: Shelf = {
    async remove(ids, below) {
      await shown.deleteMany({ _id: { $in: [...ids] }, seq: { $lt: below } })
    },
    insert: (seq, counted) =>
      writeGuarded(
        shown,
        counted.map((one) => ({ insertOne: { document: stored(seq, one) } })),
      ),
    async written(ids, from) {
      const found = await shown
        .find({ _id: { $in: [...ids] }, seq: { $gte: from } }, { projection: { _id: 1 } })
        .toArray()
      return new Set(found.map(({ _id }) => _id))
    },
  }

  return {
    async load(ids: readonly string[]): Promise<Map<string, Shown>> {
      const found = await shown
        .find({ _id: { $in: [...ids] } }, { projection: { rows: 1, attribution: 1, because: 1 } })
        .toArray()
      return new Map(found.map(({ _id, rows, ...of }) => [_id, { ...of, rows: addedIn(rows) }]))
    },

    /** The step's figures for each fact, unless a later step has been there. */
    save: (seq: number, counted: readonly Counted[]): Promise<void> => replaceShown(shelf, seq, counted),

    /** Of orders: what each of some sessions led to. */
    async ledBy(sessionIds: readonly string[]): Promise<Map<string, LedTo[]>> {
      const found = await shown
        .find({ 'attribution.session': { $in: [...sessionIds] } } as object, { projection: { attribution: 1 } })
        .toArray()
      const led = found.flatMap(({ attribution }) => attribution ?? [])
      return new Map(
        [...Map.groupBy(led, ({ session }) => session ?? '')].map(([session, all]) => [session, all.map(ledToOf)]),
      )
    },

    /** Of orders: those that some sessions led to. */
    async idsLedBy(sessionIds: readonly string[]): Promise<string[]> {
      const found = await shown
        .find({ 'attribution.session': { $in: [...sessionIds] } } as object, { projection: { _id: 1 } })
        .toArray()
      return found.map(({ _id }) => _id)
    },

    /** Everything that rows of a time show, fact by fact. */
    async *within(from: Date, to: Date): AsyncGenerator<Added> {
      const found = shown.find({ at: { $gte: from, $lt: to } }, { projection: { rows: 1 } }).batchSize(1_000)
      for await (const { rows } of found) yield* addedIn(rows)
    },
  }
}

const addedIn = (rows: string): Added[] => JSON.parse(rows)

const stored = (seq: number, { id, rows, attribution, because, at }: Counted): StoredShown => ({
  ...{ _id: id, seq, rows: JSON.stringify(rows), attribution },
  ...(because !== undefined && { because }),
  ...(at !== null && { at: new Date(at) }),
})

const ledToOf = ({ recommendations, products }: Attribution): LedTo => ({
  algorithms: recommendations.flatMap(({ algorithm }) => algorithm ?? []),
  products,
})
