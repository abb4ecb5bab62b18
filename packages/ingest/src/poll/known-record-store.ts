import type { StoreRef } from '@varai/runtime/stores'
import type { Db } from 'mongodb'

/** Reads which entities of a store are held to be there, from the records; nothing here writes. */
export type KnownRecordStore = {
  /** The next 100 ids at most, in the order of their text, after the one given. */
  live(
    collection: 'orders' | 'products' | 'customers',
    store: StoreRef,
    after: string | undefined,
  ): Promise<readonly string[]>
  /** Whether the store has told that it removed our app. */
  isUninstalled(store: StoreRef): Promise<boolean>
}

const atOnce = 100

export function createKnownRecordStore(db: Db): KnownRecordStore {
  return {
    async live(collection, { merchantId, platform, storeId }, after) {
      const prefix = [merchantId, platform, storeId].join('|')
      // `}` follows `|`, so this is every id of the store and nothing else, by the index of ids.
      const range = { $gt: after === undefined ? `${prefix}|` : `${prefix}|${after}`, $lt: `${prefix}}` }
      const found = await db
        .collection<{ _id: string; platformId: string; deleted: boolean }>(collection)
        .find({ _id: range, deleted: false }, { projection: { platformId: 1 } })
        .sort({ _id: 1 })
        .limit(atOnce)
        .toArray()
      return found.map(({ platformId }) => platformId)
    },
    async isUninstalled({ merchantId, platform, storeId }) {
      const _id = [merchantId, platform, storeId, storeId].join('|')
      const told = await db
        .collection<{ _id: string; state?: string }>('stores')
        .findOne({ _id }, { projection: { state: 1 } })
      return told?.state === 'uninstalled'
    },
  }
}
