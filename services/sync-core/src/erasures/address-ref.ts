import { platforms } from '@varai/schemas'
import type { Vault } from '@varai/vault'
import type { AddressRef } from './erase-named.ts'

/** The vault's hash of an address that a store knows somebody by; rejects when the vault is away. */
export function createAddressRef(vault: Pick<Vault, 'subjectRef'>): AddressRef {
  return async ({ merchantId, platform, storeId }, email) => {
    const known = platforms.find((name) => name === platform)
    // a store of no platform that we know has nobody whom a request could name
    if (known === undefined) return undefined
    return vault.subjectRef({ merchantId, platform: known, storeId }, { is: 'guest', email })
  }
}
