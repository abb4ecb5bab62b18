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
  { merchantId, storeId }: { readonly merchantId: string; readonly storeId: string },
  expected: readonly ExpectedDocument[],
): Promise<Comparison> {
  const result: Comparison = { checked: 0, agreeing: 0, differences: [], missing: [], unexpected: [] }
  for (const [name, documents] of Map.groupBy(expected, ({ collection }) => collection)) {
    const held = await db.collection(name).find({ merchantId, storeId }).toArray()
    const byId = new Map(held.map((document) => [String(document._id), document]))
    for (const { find, fields } of documents) {
      const id = find['_id']
      const found = typeof id === 'string' ? byId.get(id) : [...byId.values()].find((document) => says(document, find))
      result.checked += 1
      if (found === undefined) {
        result.missing.push({ collection: name, id: JSON.stringify(find) })
        continue
      }
      const foundId = String(found['_id'])
      byId.delete(foundId)
      const differences = compareFields(fields, found)
      if (differences.length === 0) result.agreeing += 1
      for (const difference of differences) result.differences.push({ collection: name, id: foundId, ...difference })
    }
    for (const id of byId.keys()) result.unexpected.push({ collection: name, id })
  }
  return result
}

const says = (document: Document, find: ExpectedDocument['find']): boolean =>
  Object.entries(find).every(([field, value]) => (document[field] ?? null) === value)
