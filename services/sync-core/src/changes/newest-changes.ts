import type { Db } from 'mongodb'
import { createCanonicalStore } from '../canonical-store.ts'
import { decimalForm } from '../decimal-form.ts'
import { imageOfRecord } from '../pure/change/record-change.ts'
import { kinds } from '../pure/kinds.ts'
import { textOf } from '../pure/plain.ts'
import { type ItemContent, itemForms, storedItem } from '../pure/project/catalog-item.ts'
import { storedUser, type UserContent, userForms } from '../pure/project/user.ts'
import { createRecordStore } from '../record-store.ts'

/** The last change of a document, as it follows from the document itself. */
export type NewestChange = {
  readonly collection: string
  readonly documentId: string
  readonly version: number
  /** What the document says, as canonical JSON text; null of a record that is deleted. */
  readonly after: string | null
  /** How many of its changes may not have been told yet. */
  readonly pending: number
}

const atOnce = 500

/**
 * The last change of every document and record in a database that tells its changes: what whoever follows the topic of
 * changes and keeps the highest version of each has, once everything is told. For checking just that, of a system that
 * has come to rest.
 */
export async function* newestChanges(db: Db): AsyncGenerator<NewestChange> {
  const records = createRecordStore(db)
  for (const kind of kinds) {
    for (let after = ''; ; ) {
      const page = await records.pageAfter(kind, after, atOnce)
      for (const record of page) {
        if (record.change === undefined) continue
        const image = imageOfRecord(record)
        const { version } = record.change
        const said = image === undefined ? null : textOf(image)
        yield { collection: kind.collection, documentId: record.id, version, after: said, pending: 0 }
      }
      const last = page.at(-1)
      if (last === undefined) break
      after = last.id
    }
  }
  const stores = {
    users: createCanonicalStore({
      ...{ db, collection: 'users', forms: userForms() },
      stored: (user: UserContent) => storedUser(user, decimalForm),
    }),
    catalog: createCanonicalStore({
      ...{ db, collection: 'catalog', forms: itemForms() },
      stored: (item: ItemContent) => storedItem(item, decimalForm),
    }),
  }
  for (const collection of ['users', 'catalog'] as const) {
    for (let after = ''; ; ) {
      const page = await db
        .collection<{ _id: string }>(collection)
        .find({ _id: { $gt: after } }, { projection: { _id: 1 } })
        .sort({ _id: 1 })
        .limit(atOnce)
        .toArray()
      const ids = new Set(page.map(({ _id }) => _id))
      for (const { id: documentId, version, pending, image } of await stores[collection].reaching([...ids])) {
        if (!ids.has(documentId)) continue
        yield { collection, documentId, version, after: textOf(image()), pending: pending.length }
      }
      const last = page.at(-1)
      if (last === undefined) break
      after = last._id
    }
  }
}
