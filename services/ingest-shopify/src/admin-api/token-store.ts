import { randomUUID } from 'node:crypto'
import type { MasterKey } from '@varai/vault'
import { Binary, type Collection, type Db } from 'mongodb'
import type { Grant } from './token-grant.ts'

/** The newest token of a store's chain of refreshes. */
export type StoredToken = {
  /** Names the refresh token of the stores file that the chain began with. */
  readonly chain: string
  readonly grant: Grant
  /** Counts the refreshes of the chain's store. */
  readonly version: number
}

/** The right to refresh, for a while. */
export type Lease = { readonly holder: string; readonly version: number }

/** Tokens that Shopify rotates, sealed by the master key; `id` is that of the store, `merchant|platform|store`. */
export type TokenStore = {
  find(id: string): Promise<StoredToken | undefined>
  /** Undefined while another process holds it; clocks of processes may differ by less than a lease. */
  claim(id: string, leaseMs: number): Promise<Lease | undefined>
  /** False when the chain went on without this lease; then that token is the newest. */
  save(id: string, lease: Lease, token: Omit<StoredToken, 'version'>): Promise<boolean>
  release(id: string, lease: Lease): Promise<void>
}

type TokenDocument = {
  readonly _id: string
  readonly version: number
  readonly chain?: string
  readonly masterKeyId?: string
  readonly wrapped?: Binary
  readonly leaseHolder: string
  readonly leaseUntil: Date
}

/** The collection `shopify_tokens`; nothing else reads or writes it. */
export function createTokenStore(db: Db, masterKey: MasterKey, now: () => number = Date.now): TokenStore {
  // A token that a failover forgets is spent at Shopify, and the store would be shut out until it installs again.
  const tokens: Collection<TokenDocument> = db.collection('shopify_tokens', {
    writeConcern: { w: 'majority', journal: true },
    readConcern: 'majority',
    readPreference: 'primary',
  })

  return {
    async find(id) {
      const found = await tokens.findOne({ _id: id })
      if (found?.wrapped === undefined || found.masterKeyId === undefined || found.chain === undefined) return undefined
      const wrapped = Buffer.from(found.wrapped.value())
      const opened = await masterKey.unwrap({ masterKeyId: found.masterKeyId, wrapped }, bindingOf(id))
      return { chain: found.chain, grant: grantIn(opened), version: found.version }
    },

    async claim(id, leaseMs) {
      const holder = randomUUID()
      const fresh = { version: 0, leaseHolder: '', leaseUntil: new Date(0) }
      await tokens.updateOne({ _id: id }, { $setOnInsert: fresh }, { upsert: true })
      const claimed = await tokens.findOneAndUpdate(
        { _id: id, leaseUntil: { $lt: new Date(now()) } },
        { $set: { leaseHolder: holder, leaseUntil: new Date(now() + leaseMs) } },
        { returnDocument: 'after' },
      )
      return claimed === null ? undefined : { holder, version: claimed.version }
    },

    async save(id, lease, { chain, grant }) {
      const { masterKeyId, wrapped } = await masterKey.wrap(Buffer.from(JSON.stringify(grant)), bindingOf(id))
      // By version, not by holder: a lease that ran out while nobody else refreshed has lost nothing.
      const { matchedCount } = await tokens.updateOne(
        { _id: id, version: lease.version },
        { $set: { chain, masterKeyId, wrapped: new Binary(wrapped), version: lease.version + 1 } },
      )
      return matchedCount === 1
    },

    async release(id, { holder }) {
      await tokens.updateOne({ _id: id, leaseHolder: holder }, { $set: { leaseUntil: new Date(0) } })
    },
  }
}

const bindingOf = (id: string): string => `shopify-token|${id}`

function grantIn(bytes: Buffer): Grant {
  const { accessToken, expiresAt, refreshToken }: Partial<Record<string, unknown>> = JSON.parse(bytes.toString())
  if (typeof accessToken !== 'string' || typeof expiresAt !== 'number') throw new Error('a stored token cannot be read')
  return typeof refreshToken === 'string' ? { accessToken, expiresAt, refreshToken } : { accessToken, expiresAt }
}
