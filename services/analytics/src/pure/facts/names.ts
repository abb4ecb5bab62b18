import { createHmac } from 'node:crypto'

type Store = { merchantId: string; platform: string; storeId: string }

/** By what erasures are remembered: keyed hashes, which tell whoever lacks the key nothing of whom they concern. */
export type Names = ReturnType<typeof createNames>

export function createNames(key: Buffer) {
  const named = (kind: string, ...parts: readonly string[]): string =>
    createHmac('sha256', key)
      .update(JSON.stringify([kind, ...parts]))
      .digest('base64url')
      .slice(0, 22)
  return {
    /** Of the record of a customer. */
    customer: (record: string): string => named('customer', record),
    /** Of the record of an order. */
    order: (record: string): string => named('order', record),
    /** As orders name it. */
    session: (merchantId: string, id: string): string => named('session', merchantId, id),
    store: ({ merchantId, platform, storeId }: Store): string => named('store', merchantId, platform, storeId),
  }
}
