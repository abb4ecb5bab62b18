import type { Collection, Db, Filter } from 'mongodb'
import { compareFields, type ValueDifference } from './compare-values.ts'
import { type ExpectedRecord, recordCollections, type Truth } from './truth.ts'
import type { ExpectedUser } from './users.ts'

type Found = Readonly<Record<string, unknown>> & { _id: string }

export type Difference = ValueDifference & { collection: string; id: string }

export type Comparison = {
  /** Documents looked at. */
  checked: number
  /** Of those, the ones that say exactly what they must. */
  agreeing: number
  differences: Difference[]
  /** Documents that must be there and are not. */
  missing: { collection: string; id: string }[]
  /** Documents of these stores that nothing accounts for. */
  unexpected: { collection: string; id: string }[]
}

/** True when the database holds what it must, no more and no less. */
export const agrees = ({ differences, missing, unexpected }: Comparison): boolean =>
  differences.length + missing.length + unexpected.length === 0

/** Documents read at a time, so that a comparison needs little memory whatever it compares. */
const atOnce = 500

/**
 * Compares the database with the truth, field by field: every field that a shop states, and that there is nothing
 * else of these stores. `since` leaves out what did not change at or after that time by the shop's clock.
 */
export async function compareWithTruth(db: Db, truth: Truth, options: { since?: Date } = {}): Promise<Comparison> {
  const result: Comparison = { checked: 0, agreeing: 0, differences: [], missing: [], unexpected: [] }
  const isAsked = ({ changedAt }: { changedAt: Date }) => options.since === undefined || changedAt >= options.since
  for (const name of recordCollections) {
    const collection = db.collection<Found>(name)
    await compareAll(collection, [...truth.records[name].values()].filter(isAsked), compareRecord, result)
    await findUnexpected(collection, { $or: [...truth.stores] }, (id) => truth.records[name].has(id), result)
  }
  const users = db.collection<Found>('users')
  await compareAll(users, [...truth.users.values()].filter(isAsked), compareUser, result)
  const ours = new Set(truth.stores.map(({ merchantId, storeId }) => `${merchantId}|${storeId}`))
  const isKnown = (id: string) => {
    const [merchantId, , storeId] = id.split('|')
    return truth.users.has(id) || !ours.has(`${merchantId}|${storeId}`)
  }
  await findUnexpected(
    users,
    { merchantId: { $in: truth.stores.map(({ merchantId }) => merchantId) } },
    isKnown,
    result,
  )
  return result
}

async function compareAll<E extends { id: string; optional?: boolean }>(
  collection: Collection<Found>,
  expected: readonly E[],
  compare: (expected: E, found: Found) => ValueDifference[],
  result: Comparison,
): Promise<void> {
  const name = collection.collectionName
  for (let at = 0; at < expected.length; at += atOnce) {
    const some = expected.slice(at, at + atOnce)
    const held = new Map<string, Found>()
    for await (const found of collection.find({ _id: { $in: some.map(({ id }) => id) } })) held.set(found._id, found)
    for (const one of some) {
      const found = held.get(one.id)
      if (found === undefined && one.optional === true) continue
      result.checked += 1
      if (found === undefined) {
        result.missing.push({ collection: name, id: one.id })
        continue
      }
      const differences = compare(one, found)
      if (differences.length === 0) result.agreeing += 1
      for (const difference of differences) result.differences.push({ collection: name, id: one.id, ...difference })
    }
  }
}

/** A tombstone must be one, and what it still tells of the dead must be true; it need not tell anything. */
function compareRecord(expected: ExpectedRecord, found: Found): ValueDifference[] {
  const deleted = compareDeleted(expected, found)
  if (deleted.length > 0) return deleted
  const told = Object.entries(expected.fields).filter(([field]) => !expected.deleted || found[field] !== undefined)
  return compareFields(Object.fromEntries(told), found)
}

/** A redirect must be one to the right person, and a person none. */
function compareUser(expected: ExpectedUser, found: Found): ValueDifference[] {
  if ('redirectTo' in expected) return compareFields({ redirectTo: expected.redirectTo }, found)
  return [...compareDeleted(expected, found), ...compareFields({ redirectTo: null, ...expected.fields }, found)]
}

function compareDeleted(expected: { deleted: boolean }, found: Found): ValueDifference[] {
  const deleted = found['deleted'] === true
  return deleted === expected.deleted ? [] : [{ field: 'deleted', expected: expected.deleted, found: deleted }]
}

async function findUnexpected(
  collection: Collection<Found>,
  filter: Filter<Found>,
  isKnown: (id: string) => boolean,
  result: Comparison,
): Promise<void> {
  const cursor = collection.find(filter).project<{ _id: string }>({ _id: 1 })
  for await (const { _id: id } of cursor) {
    if (!isKnown(id)) result.unexpected.push({ collection: collection.collectionName, id })
  }
}
