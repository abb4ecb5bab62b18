import { isDeepStrictEqual } from 'node:util'
import type { Store } from './store.ts'

/** What a reload changed; a store that moved to another merchant is removed and added. */
export type StoresChange = {
  readonly added: readonly Store[]
  /** As they are now. */
  readonly changed: readonly Store[]
  readonly removed: readonly Store[]
}

const key = (store: Store): string => [store.merchantId, store.platform, store.id].join('|')

export function compareStores(before: readonly Store[], after: readonly Store[]): StoresChange {
  const old = new Map(before.map((store) => [key(store), store]))
  const now = new Map(after.map((store) => [key(store), store]))
  return {
    added: after.filter((store) => !old.has(key(store))),
    changed: after.filter((store) => old.has(key(store)) && !isDeepStrictEqual(old.get(key(store)), store)),
    removed: before.filter((store) => !now.has(key(store))),
  }
}
