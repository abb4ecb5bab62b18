import { type KeyObject, verify } from 'node:crypto'
import { header, type RawWebhook } from '@varai/ingest/pure'

/** A signature, and where Adobe says that the key to it lies. */
export type Signature = { readonly bytes: Buffer; readonly keyPath: string }

/**
 * Where Adobe publishes keys, below its own address. The path comes from whoever sent the request: anything else in it
 * (`@evil.example`, `.evil.example/k.pem`, `../`) would have us fetch a key of theirs.
 */
const publishedKey = /^\/prod\/keys\/pub-key-[0-9a-f-]{1,80}\.pem$/

/**
 * The signatures of a request whose keys Adobe may have published, at most two. Adobe signs with two keys, so that one
 * can be replaced; its documents and its code spell the headers in two ways.
 */
export function signaturesOf(request: Pick<RawWebhook, 'headers'>): Signature[] {
  return [1, 2].flatMap((number) => {
    const text =
      header(request, `x-adobe-digital-signature-${number}`) ?? header(request, `x-adobe-digital-signature${number}`)
    const keyPath = header(request, `x-adobe-public-key${number}-path`)
    if (text === undefined || keyPath === undefined || !publishedKey.test(keyPath)) return []
    const bytes = Buffer.from(text, 'base64')
    return bytes.length === 0 ? [] : [{ bytes, keyPath }]
  })
}

/** Whether the key made the signature over exactly these bytes: RSA with SHA-256. */
export const isSignedWith = (key: KeyObject, { bytes }: Signature, rawBody: Buffer): boolean =>
  verify('RSA-SHA256', rawBody, key, bytes)
