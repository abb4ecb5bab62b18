import { type AnyBulkWriteOperation, type Collection, type Document, MongoBulkWriteError } from 'mongodb'

/**
 * Sends guarded writes (inserts of new ids, updates and replacements without upsert) as one unordered bulk.
 * True when every one applied; false when some found their id taken or their guard no longer true. Throws on all else.
 */
export async function writeGuarded<T extends Document>(
  collection: Collection<T>,
  operations: readonly AnyBulkWriteOperation<T>[],
): Promise<boolean> {
  try {
    const { insertedCount, matchedCount } = await collection.bulkWrite(operations, { ordered: false })
    return insertedCount + matchedCount === operations.length
  } catch (error) {
    if (isOnlyDuplicates(error)) return false
    throw error
  }
}

const isOnlyDuplicates = (error: unknown): boolean =>
  error instanceof MongoBulkWriteError &&
  error.result.getWriteConcernError() === undefined &&
  error.result.getWriteErrors().every((one) => one.code === 11_000)
