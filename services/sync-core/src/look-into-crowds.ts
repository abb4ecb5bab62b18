import type { CanonicalStore } from './canonical-store.ts'
import type { Project } from './projections.ts'
import { customerKind, productKind } from './pure/kinds.ts'
import { recordOfOffer } from './pure/project/offer.ts'
import type { RecordStore } from './record-store.ts'

type Deps = {
  readonly records: Pick<RecordStore, 'loadMany'>
  readonly users: Pick<CanonicalStore<never>, 'crowded'>
  readonly catalog: Pick<CanonicalStore<never>, 'crowded'>
  readonly project: Project
}

/**
 * Looks at one document of each crowd (read-groups.ts): if so many do not have its key any more, all who are left are made
 * anew with it. Whoever leaves a crowd looks at it, unless what they had was never shown; this is for those. Changes
 * nothing where nothing is to be done, and may be killed and repeated.
 */
export function createLookIntoCrowds({ records, users, catalog, project }: Deps): () => Promise<void> {
  return async () => {
    for (const { kind, store } of [
      { kind: customerKind, store: users },
      { kind: productKind, store: catalog },
    ]) {
      const ids = [...new Set((await store.crowded()).map(recordOfOffer))]
      for (let from = 0; from < ids.length; from += atOnce) {
        const some = await records.loadMany(kind, ids.slice(from, from + atOnce))
        await project([{ kind, records: [...some.values()] }])
      }
    }
  }
}

const atOnce = 200
