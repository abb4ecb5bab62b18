import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'

/** A key as it is stored: encrypted by a master key, which is named. */
export type WrappedKey = { readonly masterKeyId: string; readonly wrapped: Buffer }

/**
 * What encrypts the stored keys. `binding` says whose key it is and is authenticated: a wrapped key that somebody
 * moves to another place no longer unwraps. Both reject when the key service is away; `unwrap` rejects with
 * UnwrapError when it answers that this key can never be unwrapped so.
 */
export type MasterKey = {
  wrap(key: Buffer, binding: string): Promise<WrappedKey>
  unwrap(key: WrappedKey, binding: string): Promise<Buffer>
}

export class UnwrapError extends Error {
  override name = 'UnwrapError'
}

const ivBytes = 12
const tagBytes = 16

/**
 * A master key held by the process: 32 random bytes, used with AES-256-GCM. Keys wrapped by a previous master key
 * stay readable while it is given, too; new ones are wrapped by the current one. Throws RangeError on another length.
 */
export function localMasterKey(current: Uint8Array, previous: readonly Uint8Array[] = []): MasterKey {
  const keys = new Map([current, ...previous].toReversed().map((key) => [idOf(checked(key)), key]))
  const currentId = idOf(current)
  return {
    async wrap(key, binding) {
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv('aes-256-gcm', current, iv).setAAD(Buffer.from(binding))
      const sealed = Buffer.concat([cipher.update(key), cipher.final()])
      return { masterKeyId: currentId, wrapped: Buffer.concat([iv, sealed, cipher.getAuthTag()]) }
    },
    async unwrap({ masterKeyId, wrapped }, binding) {
      const key = keys.get(masterKeyId)
      if (key === undefined)
        throw new UnwrapError(`wrapped by master key ${masterKeyId}; this process has ${currentId}`)
      try {
        const iv = wrapped.subarray(0, ivBytes)
        const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes })
        decipher.setAAD(Buffer.from(binding)).setAuthTag(wrapped.subarray(-tagBytes))
        return Buffer.concat([decipher.update(wrapped.subarray(ivBytes, -tagBytes)), decipher.final()])
      } catch {
        throw new UnwrapError(`the stored key was changed, or is not the key of ${binding}`)
      }
    },
  }
}

/** Names a master key without telling anything about it. */
const idOf = (key: Uint8Array): string =>
  createHmac('sha256', key).update('varai master key id').digest('hex').slice(0, 16)

function checked(key: Uint8Array): Uint8Array {
  if (key.length !== 32) throw new RangeError(`a master key has 32 bytes; this one has ${key.length}`)
  return key
}
