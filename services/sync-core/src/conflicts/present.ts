import type { CanonicalStore } from '../canonical-store.ts'
import type { ReviewDeps } from './review-conflicts.ts'

/** Reads canonical documents as they are now. */
export function createPresent(
  stores: { readonly [D in 'users' | 'catalog']: Pick<CanonicalStore<never>, 'reaching'> },
  now: () => number = Date.now,
): ReviewDeps['present'] {
  return async (collection, ids) => {
    const wanted = new Set(ids)
    const found = await stores[collection].reaching(ids)
    return found
      .filter(({ id }) => wanted.has(id))
      .map(({ id, merchantId, version, image }) => ({
        ...{ collection, documentId: id, merchantId, version },
        ...{ image: image(), at: now() },
      }))
  }
}
