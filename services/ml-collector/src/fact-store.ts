import { writeGuarded } from '@varai/runtime/guarded-writes'
import type { AnyBulkWriteOperation, Collection, Db } from 'mongodb'
import { choosesBasic, willExpire } from './pure/facts/expire.ts'
import type { Fact } from './pure/facts/fact.ts'
import { momentsFrom } from './pure/moment.ts'

const factCollection = 'ml_facts'

type StoredFact = Omit<Fact, 'id' | 'values'> & {
  _id: string
  /** As a list: values have names of their own. */
  values: { name: string; value: unknown; moment: string }[]
  /** Set while it says of itself that it is kept for a time only, and is still whole. */
  expires?: true
  /** Set where somebody chose `basic`. */
  choseBasic?: true
}

export type FactStore = {
  load(ids: readonly string[]): Promise<Fact[]>
  /** Facts that depend on any of these, or bear any of these names. */
  dependingOn(ids: readonly string[], kinds?: readonly Fact['kind'][]): Promise<Fact[]>
  named(names: readonly string[]): Promise<Fact[]>
  /** Facts of a store, page by page, those behind an id. */
  ofStore(store: string, behind: string, limit: number): Promise<Fact[]>
  /** Ids of sessions from before a time (ms) that say of themselves that they are kept for a time only. */
  expiring(behind: string, before: number, limit: number): Promise<string[]>
  /** Ids of whatever somebody chose `basic` in, by which sessions that say more of themselves may be over. */
  choosingBasic(behind: string, before: number, limit: number): Promise<string[]>
  /** Saves each unless somebody saved it since it was loaded. False: load and decide again. */
  save(facts: readonly Fact[]): Promise<boolean>
}

/** So many ids go into one question. */
const atOnce = 1_000

/** The collection `ml_facts`: what was said, by keyed hashes; nothing in it identifies anybody. */
export function createFactStore(db: Db): FactStore {
  const facts: Collection<StoredFact> = db.collection<StoredFact>(factCollection)

  async function find(ids: readonly string[], filterOf: (some: string[]) => object): Promise<Fact[]> {
    const found: Fact[] = []
    for (let at = 0; at < ids.length; at += atOnce) {
      const some = await facts.find(filterOf(ids.slice(at, at + atOnce))).toArray()
      found.push(...some.map(fromStored))
    }
    return found
  }

  async function idsBehind(behind: string, limit: number, filter: object): Promise<string[]> {
    const page = await facts
      .find({ ...filter, _id: { $gt: behind } }, { projection: { _id: 1 } })
      .sort({ _id: 1 })
      .limit(limit)
      .toArray()
    return page.map(({ _id }) => _id)
  }

  return {
    load: (ids) => find(ids, (some) => ({ _id: { $in: some } })),
    dependingOn: (ids, kinds) =>
      find(ids, (some) => ({ depends: { $in: some }, ...(kinds !== undefined && { kind: { $in: kinds } }) })),
    named: (names) => find(names, (some) => ({ names: { $in: some } })),
    async ofStore(store, behind, limit) {
      const page = await facts
        .find({ store, _id: { $gt: behind } })
        .sort({ _id: 1 })
        .limit(limit)
        .toArray()
      return page.map(fromStored)
    },
    expiring: (behind, before, limit) =>
      idsBehind(behind, limit, { expires: true, first: { $lt: momentsFrom(before) } }),
    choosingBasic: (behind, _, limit) => idsBehind(behind, limit, { choseBasic: true }),
    async save(changed) {
      if (changed.length === 0) return true
      const writes = changed.map((fact): AnyBulkWriteOperation<StoredFact> => {
        const document = toStored({ ...fact, version: fact.version + 1 })
        if (fact.version === 0) return { insertOne: { document } }
        return { replaceOne: { filter: { _id: fact.id, version: fact.version }, replacement: document } }
      })
      return writeGuarded(facts, writes)
    },
  }
}

export async function indexFacts(db: Db): Promise<string[]> {
  const names = await db.collection(factCollection).createIndexes([
    { name: 'depends', key: { depends: 1 } },
    { name: 'names', key: { names: 1 } },
    { name: 'store', key: { store: 1, _id: 1 } },
    { name: 'expires', key: { expires: 1, _id: 1 } },
    { name: 'chose-basic', key: { choseBasic: 1, _id: 1 } },
  ])
  return names.map((name) => `${factCollection}.${name}`)
}

const toStored = (fact: Fact): StoredFact => {
  const { id, values, erased, ...rest } = fact
  return {
    _id: id,
    ...rest,
    ...(erased !== undefined && { erased }),
    ...(willExpire(fact) && { expires: true as const }),
    ...(choosesBasic(fact) && { choseBasic: true as const }),
    values: Object.entries(values).map(([name, { value, moment }]) => ({ name, value, moment })),
  }
}

function fromStored({ _id: id, values, expires: _, choseBasic: __, ...fact }: StoredFact): Fact {
  return {
    id,
    ...fact,
    // This store is the only one that writes them.
    values: Object.fromEntries(values.map(({ name, value, moment }) => [name, { value, moment }])) as Fact['values'],
  }
}
