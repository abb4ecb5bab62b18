import { randomBytes } from 'node:crypto'
import type { StoreRef } from '@varai/runtime/stores'
import type { Db } from 'mongodb'
import { type Day, dayMs, dayOf, destroyedAt, isDay, startOf } from './day.ts'
import { createKeyCache } from './key-cache.ts'
import { createKeyStore, type StoredKey } from './key-store.ts'
import type { MasterKey } from './master-key.ts'
import { createPayloadStore } from './payload-store.ts'
import { createPrivacyLedger, type PrivacyLedger } from './request-store.ts'
import { open, readHeader, SealError, seal, storeText } from './seal.ts'
import { hashSubject, type Subject } from './subject.ts'

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
  /**
   * Seals a payload as `sealRaw` does and keeps it for as long; resolves with its reference when it is durable. For
   * what is too large to travel: the reference travels in its place.
   */
  setAside(store: StoreRef, payload: Uint8Array): Promise<string>
  /**
   * The payload of a reference; undefined once its 30 days are over. Rejects with SealError when it is another store's
   * or was changed, with PayloadLostError or KeyLostError when it should still exist but does not, and when the database
   * or the key service is away.
   */
  readBack(store: StoreRef, reference: string): Promise<Buffer | undefined>
  /**
   * Names a subject of a store without telling who it is; the same in all processes and for as long as the merchant
   * is here. Rejects when the database or the key service is away.
   */
  subjectRef(store: StoreRef, subject: Subject): Promise<string>
  /**
   * A key of a service's own, by a name such as `ml-pseudonyms|2026-11`: made when it is first asked for, the same in all
   * processes from then on. Rejects when the database or the key service is away.
   */
  serviceKey(name: string): Promise<Buffer>
  /** What was asked about personal data. */
  readonly requests: PrivacyLedger
  /**
   * Destroys the keys whose 30 days are over, for good, and what was set aside under them; resolves with how many keys.
   * Safe to run twice and by two.
   */
  destroyExpired(now?: Date): Promise<number>
}

/** Sealed bytes whose key is neither there nor due to be destroyed: another database, or one restored from before. */
export class KeyLostError extends Error {
  override name = 'KeyLostError'
}

/** A payload was set aside and is not there, though its time has not come. */
export class PayloadLostError extends Error {
  override name = 'PayloadLostError'
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
  const payloads = createPayloadStore(deps.db)
  const cache = createKeyCache<DayKey>({ most: deps.cachedKeys ?? 2_000, now })

  const unwrapped = async (stored: StoredKey): Promise<DayKey> => ({
    keyId: stored.keyId,
    key: await deps.masterKey.unwrap(stored, bindingOf(stored.id, stored.keyId)),
  })

  async function make(id: string, destroyAt?: number): Promise<DayKey> {
    const keyId = randomBytes(12).toString('base64url')
    const key = randomBytes(32)
    const wrapped = await deps.masterKey.wrap(key, bindingOf(id, keyId))
    const until = destroyAt === undefined ? {} : { destroyAt: new Date(destroyAt) }
    const kept = await keys.insertOnce({ id, keyId, ...wrapped, createdAt: new Date(now()), ...until })
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
      return makes && Math.abs(startOf(day) - startOf(dayOf(now()))) <= dayMs ? make(id, until) : undefined
    })
  }

  /** Never destroyed by time: what refers to a subject must find it for as long as anything does. */
  const referenceKey = (merchantId: string): Promise<DayKey> => lastingKey(`subject-references|${merchantId}`)

  const lastingKey = async (id: string): Promise<DayKey> => {
    const key = await cache.get(id, Number.POSITIVE_INFINITY, async () => {
      const stored = await keys.find(id)
      return stored === undefined ? make(id) : unwrapped(stored)
    })
    if (key === undefined) throw new Error(`no key for ${id}`)
    return key
  }

  async function sealToday(
    store: StoreRef,
    bytes: Uint8Array,
  ): Promise<{ readonly day: Day; readonly sealed: Buffer }> {
    const day = dayOf(now())
    const dayKey = await keyOf(store, day, true)
    if (dayKey === undefined) throw new Error(`no key for ${day}`)
    return { day, sealed: seal({ store, day, keyId: dayKey.keyId }, dayKey.key, bytes) }
  }

  async function openRaw(sealed: Uint8Array): Promise<Buffer | undefined> {
    const header = readHeader(sealed)
    if (header === undefined) throw new SealError('not a sealed payload')
    const dayKey = await keyOf(header.store, header.day, false)
    if (dayKey?.keyId === header.keyId) return open(sealed, dayKey.key)
    if (now() >= destroyedAt(header.day)) return undefined
    throw new KeyLostError(`the key ${header.keyId} of ${storeText(header.store)}, ${header.day}, is not in the vault`)
  }

  return {
    storeDayKey: (store, day) => keyOf(store, day, true),
    sealRaw: async (store, bytes) => (await sealToday(store, bytes)).sealed,
    openRaw,

    async setAside(store, payload) {
      const { day, sealed } = await sealToday(store, payload)
      const reference = `payload:${day}:${randomBytes(16).toString('base64url')}`
      await payloads.insert(reference, sealed, new Date(destroyedAt(day)))
      return reference
    },

    async readBack(store, reference) {
      const day = dayOfReference(reference)
      if (now() >= destroyedAt(day)) return undefined
      const sealed = await payloads.find(reference)
      if (sealed === undefined) throw new PayloadLostError(`${reference} is not in the vault`)
      const owner = readHeader(sealed)?.store
      if (owner === undefined || storeText(owner) !== storeText(store)) {
        throw new SealError(`${reference} does not belong to ${storeText(store)}`)
      }
      return openRaw(sealed)
    },

    serviceKey: async (name) => (await lastingKey(`service|${name}`)).key,
    requests: createPrivacyLedger(deps.db),
    subjectRef: async (store, subject) => hashSubject((await referenceKey(store.merchantId)).key, store, subject),

    async destroyExpired(at = new Date(now())) {
      cache.forgetDue(at.getTime())
      // Keys first: without its key a payload is gone, whatever happens next.
      const destroyed = await keys.destroyDue(at)
      await payloads.destroyDue(at)
      return destroyed
    },
  }
}

/** The day in `payload:<day>:<22 characters>`. Throws SealError on what `setAside` did not give out. */
function dayOfReference(reference: string): Day {
  const [, day] = /^payload:(\d{4}-\d{2}-\d{2}):[\w-]{22}$/.exec(reference) ?? []
  if (day === undefined || !isDay(day)) throw new SealError('not a reference of a payload')
  return day
}

const bindingOf = (id: string, keyId: string): string => `${id}|${keyId}`
