import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { isIdPart, platforms, type StoreRef } from '@varai/runtime/stores'
import { type Day, isDay } from './day.ts'

/** What a sealed payload says about itself, readable by anybody and changeable by nobody. */
export type SealHeader = { readonly store: StoreRef; readonly day: Day; readonly keyId: string }

/** The bytes are not what `seal` made, or were changed since, or belong to another key. They will never open. */
export class SealError extends Error {
  override name = 'SealError'
}

const ivBytes = 12
const tagBytes = 16
const maxHeaderBytes = 4_096
const headerForm =
  /^sealed:v1:store-day:(\d{4}-\d{2}-\d{2}):([\w-]{16,64}):([^|\p{Cc}]+)\|([^|\p{Cc}]+)\|([^|\p{Cc}]+)$/u

/**
 * Sealed payload, version 1: one line of text, then 12 bytes IV, ciphertext, 16 bytes tag (AES-256-GCM).
 * The line is `sealed:v1:store-day:<day>:<key id>:<merchant>|<platform>|<store>`; all of it is authenticated, so bytes
 * sealed for one store and day cannot be passed off as another's.
 */
export function seal(header: SealHeader, key: Buffer, bytes: Uint8Array): Buffer {
  const line = headerLine(header)
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(line)
  return Buffer.concat([line, iv, cipher.update(bytes), cipher.final(), cipher.getAuthTag()])
}

/** The sealed bytes. Throws SealError when they were changed or the key is another. */
export function open(sealed: Uint8Array, key: Buffer): Buffer {
  const all = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
  const line = all.subarray(0, all.indexOf('\n') + 1)
  const body = all.subarray(line.length)
  try {
    const iv = body.subarray(0, ivBytes)
    const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes })
    decipher.setAAD(line).setAuthTag(body.subarray(body.length - tagBytes))
    return Buffer.concat([decipher.update(body.subarray(ivBytes, body.length - tagBytes)), decipher.final()])
  } catch {
    throw new SealError('the sealed bytes were changed, or belong to another key')
  }
}

/** What the bytes say they are, unproven until `open` succeeds; undefined when they are not a sealed payload. */
export function readHeader(sealed: Uint8Array): SealHeader | undefined {
  const start = Buffer.from(sealed.buffer, sealed.byteOffset, Math.min(sealed.byteLength, maxHeaderBytes))
  const end = start.indexOf('\n')
  if (end < 0 || sealed.byteLength < end + 1 + ivBytes + tagBytes) return undefined
  const [, day, keyId, merchantId, platformName, storeId] = headerForm.exec(start.toString('utf8', 0, end)) ?? []
  const platform = platforms.find((known) => known === platformName)
  if (day === undefined || keyId === undefined || merchantId === undefined || storeId === undefined) return undefined
  if (platform === undefined || !isDay(day)) return undefined
  return { store: { merchantId, platform, storeId }, day, keyId }
}

/** Throws RangeError when a part of the store's reference could not be told apart in the line. */
function headerLine({ store, day, keyId }: SealHeader): Buffer {
  const line = Buffer.from(`sealed:v1:store-day:${day}:${keyId}:${storeText(store)}\n`)
  if (line.length > maxHeaderBytes) throw new RangeError('the name of the store is too long to seal for')
  return line
}

/** `merchant|platform|store`. Throws RangeError on parts that hold the separator or control characters. */
export function storeText({ merchantId, platform, storeId }: StoreRef): string {
  for (const part of [merchantId, storeId]) {
    if (!isIdPart(part)) throw new RangeError(`not part of an id: ${JSON.stringify(part.slice(0, 80))}`)
  }
  return `${merchantId}|${platform}|${storeId}`
}
