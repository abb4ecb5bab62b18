import type { Db, Document } from 'mongodb'
import type { Comparison } from '../truth/compare.ts'
import { compareFields } from '../truth/compare-values.ts'
import type { ExpectedDocument } from './shopper-truth.ts'

/**
 * Compares the database with what it must hold of shoppers of one store, field by field, and looks for what nothing
 * accounts for: a document too many of a collection is told as unexpected.
 */
export async function compareWithShoppers(
  db: Db,
  store: { readonly merchantId: string; readonly storeId: string },
  expected: readonly ExpectedDocument[],
): Promise<Comparison> {
  const result: Comparison = { checked: 0, agreeing: 0, differences: [], missing: [], unexpected: [] }
  const { merchantId, storeId } = store
  for (const [name, documents] of Map.groupBy(expected, ({ collection }) => collection)) {
    const collection = db.collection<Document & { _id: string }>(name)
    const accounted = new Set<string>()
    for (const { find, fields } of documents) {
      result.checked += 1
      const found = await collection.findOne(find)
      if (found === null) {
        result.missing.push({ collection: name, id: JSON.stringify(find) })
        continue
      }
      accounted.add(found._id)
      const differences = compareFields(fields, found)
      if (differences.length === 0) result.agreeing += 1
      for (const difference of differences) result.differences.push({ collection: name, id: found._id, ...difference })
    }
    for await (const { _id: id } of collection.find({ merchantId, storeId }).project<{ _id: string }>({ _id: 1 })) {
      if (!accounted.has(id)) result.unexpected.push({ collection: name, id })
    }
  }
  return result
}
