import { randomBytes } from 'node:crypto'
import type { StoreRef } from '@varai/runtime/stores'
import type { Db } from 'mongodb'
import { type Day, dayMs, dayOf, destroyedAt, startOf } from './day.ts'
import { createKeyCache } from './key-cache.ts'
import { createKeyStore, type StoredKey } from './key-store.ts'
import type { MasterKey } from './master-key.ts'
import { open, readHeader, SealError, seal, storeText } from './seal.ts'

/** A key and the name it goes by in what is sealed with it. */
export type DayKey = { readonly keyId: string; readonly key: Buffer }

export type Vault = {
  /**
   * The key of one store and UTC day, made when it is first asked for; however many processes ask at once, there is
   * one. Undefined once the day's keys are destroyed. A key is only ever made for the present day and its neighbours
   * (clocks differ), so a destroyed one cannot come back: asking for another day that has none yields undefined.
   */
  storeDayKey(store: StoreRef, day: Day): Promise<DayKey | undefined>
  /**
   * Seals bytes under the store's key of today: readable for 30 days after its end, by nobody afterwards. Rejects when
   * the database or the key service is away.
   */
  sealRaw(store: StoreRef, bytes: Uint8Array): Promise<Buffer>
  /**
   * The bytes that were sealed; undefined when their key is destroyed. Rejects with SealError when the bytes were
   * changed or are not sealed at all, with KeyLostError when the key should still exist but does not, and when the
   * database or the key service is away.
   */
  openRaw(sealed: Uint8Array): Promise<Buffer | undefined>
  /** Destroys the keys whose 30 days are over, for good; resolves with how many. Safe to run twice and by two. */
  destroyExpired(now?: Date): Promise<number>
}

/** Sealed bytes whose key is neither there nor due to be destroyed: another database, or one restored from before. */
export class KeyLostError extends Error {
  override name = 'KeyLostError'
}

export function createVault(deps: {
  readonly db: Db
  readonly masterKey: MasterKey
  /** Epoch milliseconds; the system clock unless told. */
  readonly now?: () => number
  /** How many keys are kept in memory; 2,000 unless told. */
  readonly cachedKeys?: number
}): Vault {
  const now = deps.now ?? Date.now
  const keys = createKeyStore(deps.db)
  const cache = createKeyCache<DayKey>({ most: deps.cachedKeys ?? 2_000, now })

  const unwrapped = async (stored: StoredKey): Promise<DayKey> => ({
    keyId: stored.keyId,
    key: await deps.masterKey.unwrap(stored, bindingOf(stored.id, stored.keyId)),
  })

  async function make(id: string, day: Day): Promise<DayKey> {
    const keyId = randomBytes(12).toString('base64url')
    const key = randomBytes(32)
    const wrapped = await deps.masterKey.wrap(key, bindingOf(id, keyId))
    const createdAt = new Date(now())
    const kept = await keys.insertOnce({ id, keyId, ...wrapped, createdAt, destroyAt: new Date(destroyedAt(day)) })
    return kept.keyId === keyId ? { keyId, key } : unwrapped(kept)
  }

  const keyOf = (store: StoreRef, day: Day, makes: boolean): Promise<DayKey | undefined> => {
    const until = destroyedAt(day)
    // The time decides, not the sweep: a late one must not leave anything readable.
    if (now() >= until) return Promise.resolve(undefined)
    const id = `store-day|${day}|${storeText(store)}`
    return cache.get(id, until, async () => {
      const stored = await keys.find(id)
      if (stored !== undefined) return unwrapped(stored)
      return makes && Math.abs(startOf(day) - startOf(dayOf(now()))) <= dayMs ? make(id, day) : undefined
    })
  }

  return {
    storeDayKey: (store, day) => keyOf(store, day, true),

    async sealRaw(store, bytes) {
      const day = dayOf(now())
      const dayKey = await keyOf(store, day, true)
      if (dayKey === undefined) throw new Error(`no key for ${day}`)
      return seal({ store, day, keyId: dayKey.keyId }, dayKey.key, bytes)
    },

    async openRaw(sealed) {
      const header = readHeader(sealed)
      if (header === undefined) throw new SealError('not a sealed payload')
      const dayKey = await keyOf(header.store, header.day, false)
      if (dayKey?.keyId === header.keyId) return open(sealed, dayKey.key)
      if (now() >= destroyedAt(header.day)) return undefined
      throw new KeyLostError(
        `the key ${header.keyId} of ${storeText(header.store)}, ${header.day}, is not in the vault`,
      )
    },

    destroyExpired: (at = new Date(now())) => {
      cache.forgetDue(at.getTime())
      return keys.destroyDue(at)
    },
  }
}

const bindingOf = (id: string, keyId: string): string => `${id}|${keyId}`
