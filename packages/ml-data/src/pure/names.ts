import { createHmac } from 'node:crypto'

type Store = { readonly merchantId: string; readonly source: string; readonly storeId: string }

/**
 * What facts are called: keyed hashes, a letter of their kind before each. Nothing that the collector keeps holds an id
 * or an address of anybody; whoever lacks the key cannot tell whether somebody is in it.
 */
export type Names = ReturnType<typeof createNames>

export function createNames(key: Buffer) {
  const named = (kind: string, ...parts: readonly string[]): string =>
    `${kind}_${createHmac('sha256', key)
      .update(JSON.stringify([kind, ...parts]))
      .digest('base64url')
      .slice(0, 22)}`
  const ofStore =
    (kind: string) =>
    ({ merchantId, source, storeId }: Store, ...id: readonly string[]): string =>
      named(kind, merchantId, source, storeId, ...id)
  return {
    session: ofStore('s'),
    recommendation: ofStore('r'),
    order: ofStore('o'),
    account: ofStore('a'),
    product: ofStore('p'),
    store: ofStore('t'),
    /** By which orders of any store of the merchant name a session. */
    sessionName: (merchantId: string, sessionId: string): string => named('n', merchantId, sessionId),
    /** By which orders of any store of the merchant name a recommendation that was made in a session. */
    recommendationName: (merchantId: string, sessionId: string, id: string): string =>
      named('m', merchantId, sessionId, id),
    /** Undefined for what is no address. */
    address(merchantId: string, email: string | null): string | undefined {
      const address = (email ?? '').trim().normalize('NFC').toLowerCase().normalize('NFC')
      const at = address.lastIndexOf('@')
      return at > 0 && at < address.length - 1 ? named('e', merchantId, address) : undefined
    },
    /** An event: what it is called by its platform may be the id of an order. */
    event: (eventId: string): string => named('v', eventId),
    /** A row of an entity: two rows of one entity have nothing in common. */
    row: (dataType: string, entity: string): string => named('w', dataType, entity),
  }
}

/** Whether a name is of a person: an account or an address. */
export const isPerson = (name: string): boolean => name.startsWith('a_') || name.startsWith('e_')
