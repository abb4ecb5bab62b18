import type { Knock } from '@varai/ingest'
import type { Unpacked } from '@varai/ingest/pure'
import type { AdobeKeys } from './adobe-keys.ts'
import { isSignedWith, signaturesOf } from './pure/adobe/signatures.ts'
import { unpackEvents } from './pure/adobe/unpack.ts'

/**
 * Whether Adobe signed exactly these bytes, with either of its keys, and for the store's own client; never rejects.
 * Denied with 503 where that cannot be told now: Adobe never comes again after any other denial.
 */
export function createVerifyEvents({ keys }: { readonly keys: AdobeKeys }) {
  return async function verifyEvents(request: Knock, clientId: string | undefined): Promise<Unpacked> {
    if (clientId === undefined) {
      return { ok: false, answer: 503, reason: 'the stores file names no Adobe client for this store' }
    }
    const signatures = signaturesOf(request)
    const found = await Promise.all(
      signatures.map(async (signature) => ({ signature, key: await keys.find(signature.keyPath) })),
    )
    const isSigned = found.some(
      ({ signature, key }) => key.kind === 'key' && isSignedWith(key.key, signature, request.rawBody),
    )
    if (isSigned) return unpackEvents(request.rawBody, clientId)
    const isOpen = found.some(({ key }) => key.kind === 'away')
    return isOpen
      ? { ok: false, answer: 503, reason: "Adobe's keys cannot be had now" }
      : { ok: false, answer: 401, reason: 'bad signature' }
  }
}
