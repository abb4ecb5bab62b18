import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** Keeps what lies on the disk from whoever reads the disk. */
export type LocalSeal = {
  seal(bytes: Buffer): Buffer
  /** Undefined when they were changed or belong to another key. */
  open(sealed: Buffer): Buffer | undefined
}

const ivBytes = 12
const tagBytes = 16

/**
 * AES-256-GCM under a key derived from the master key: no vault is asked, because the spool is for when it is away.
 * `purpose` keeps the keys of different uses apart.
 */
export function localSeal(masterKey: Uint8Array, purpose: string): LocalSeal {
  const key = Buffer.from(hkdfSync('sha256', masterKey, new Uint8Array(), purpose, 32))
  return {
    seal(bytes) {
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv('aes-256-gcm', key, iv)
      return Buffer.concat([iv, cipher.update(bytes), cipher.final(), cipher.getAuthTag()])
    },
    open(sealed) {
      if (sealed.length < ivBytes + tagBytes) return undefined
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, ivBytes), { authTagLength: tagBytes })
      decipher.setAuthTag(sealed.subarray(-tagBytes))
      try {
        return Buffer.concat([decipher.update(sealed.subarray(ivBytes, -tagBytes)), decipher.final()])
      } catch {
        return undefined
      }
    },
  }
}
