import { tail } from '@varai/kafka'
import { changesTopic } from '@varai/schemas'
import { newestChanges } from '@varai/sync-core/newest-changes'
import type { SystemContext } from '../system/open-system.ts'

export type Told = {
  /** All that lie in the topic, and how many different ones. */
  readonly records: number
  readonly changes: number
  /** By collection and document: the after-image of the highest version. */
  readonly newest: ReadonlyMap<string, { readonly version: number; readonly after: string | null }>
  readonly ids: ReadonlySet<string>
}

/** Reads the topic of changes to its end, as a consumer does that keeps the highest version of each document. */
export async function readTold({ kafka, codec }: SystemContext): Promise<Told> {
  const newest = new Map<string, { version: number; after: string | null }>()
  const ids = new Set<string>()
  let records = 0
  for await (const { decoded } of tail({ kafka, codec, topics: [changesTopic], from: 'earliest', untilEnd: true })) {
    if (!decoded.ok || decoded.record !== 'DocumentChanged') continue
    const { changeId, collection, documentId, version, after } = decoded.value
    records += 1
    ids.add(changeId)
    const name = `${collection} ${documentId}`
    if (version > (newest.get(name)?.version ?? 0)) newest.set(name, { version, after })
  }
  return { records, changes: ids.size, newest, ids }
}

/** What a consumer of changes has, held against the database. */
export async function compareTold({ newest }: Told, context: SystemContext) {
  const counts = new Map<string, number>()
  const differing: string[] = []
  let pending = 0
  const there = new Set<string>()
  for await (const document of newestChanges(context.db)) {
    const { collection, documentId, version, after } = document
    const name = `${collection} ${documentId}`
    there.add(name)
    pending += document.pending
    const told = newest.get(name)
    if (told !== undefined && told.version === version && told.after === after) {
      counts.set(collection, (counts.get(collection) ?? 0) + 1)
    } else differing.push(`${name}: version ${told?.version} told, ${version} in the database`)
  }
  // what is deleted for good (sessions) tells no changes; whatever told one must be there
  for (const name of newest.keys()) if (!there.has(name)) differing.push(`${name}: told, but not in the database`)
  return { equal: counts, differing, pending }
}
