import type { Db } from 'mongodb'
import { compareFields, type ValueDifference } from './compare-values.ts'
import { type ExpectedRecord, type RecordCollection, recordCollections, type Truth } from './truth.ts'

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
  for (const collection of recordCollections) {
    const expected = [...truth.records[collection].values()].filter(
      ({ changedAt }) => options.since === undefined || changedAt >= options.since,
    )
    for (let at = 0; at < expected.length; at += atOnce) {
      await compareSome(db, collection, expected.slice(at, at + atOnce), result)
    }
    await findUnexpected(db, collection, truth, result)
  }
  return result
}

async function compareSome(
  db: Db,
  collection: RecordCollection,
  expected: readonly ExpectedRecord[],
  result: Comparison,
): Promise<void> {
  const held = new Map<string, Found>()
  const cursor = db.collection<Found>(collection).find({ _id: { $in: expected.map(({ id }) => id) } })
  for await (const document of cursor) held.set(document._id, document)
  for (const record of expected) {
    const found = held.get(record.id)
    result.checked += 1
    if (found === undefined) {
      result.missing.push({ collection, id: record.id })
      continue
    }
    const differences = compareRecord(record, found)
    if (differences.length === 0) result.agreeing += 1
    for (const difference of differences) result.differences.push({ collection, id: record.id, ...difference })
  }
}

/** A tombstone must be one, and what it still tells of the dead must be true; it need not tell anything. */
function compareRecord(expected: ExpectedRecord, found: Found): ValueDifference[] {
  const deleted = found['deleted'] === true
  if (deleted !== expected.deleted) return [{ field: 'deleted', expected: expected.deleted, found: deleted }]
  const told = Object.entries(expected.fields).filter(([field]) => !expected.deleted || found[field] !== undefined)
  return compareFields(Object.fromEntries(told), found)
}

async function findUnexpected(db: Db, collection: RecordCollection, truth: Truth, result: Comparison): Promise<void> {
  const stores = truth.stores.map(({ merchantId, storeId }) => ({ merchantId, storeId }))
  const cursor = db.collection<Found>(collection).find({ $or: stores }).project<{ _id: string }>({ _id: 1 })
  for await (const { _id: id } of cursor) {
    if (!truth.records[collection].has(id)) result.unexpected.push({ collection, id })
  }
}
