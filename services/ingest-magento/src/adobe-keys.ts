import { createPublicKey, type KeyObject } from 'node:crypto'
import { get, NoAnswer } from '@varai/ingest'

/** `none`: Adobe has published no such key. `away`: that cannot be told now. */
export type FoundKey = { readonly kind: 'key'; readonly key: KeyObject } | { readonly kind: 'none' | 'away' }

export type AdobeKeys = {
  /** The key at a path that was found to be one of published keys. Never rejects. */
  find(keyPath: string): Promise<FoundKey>
}

/** Adobe may withdraw a key; a day is what it allows to rely on one. */
const keepForMs = 24 * 60 * 60_000
/** A path that a forger made up is asked for once in so long; a key that was published a moment ago may wait for it. */
const absentForMs = 60_000
/** Adobe signs with two keys and replaces them seldom: whatever is more comes of made-up paths. */
const mostKept = 64
/** Questions at once: more come of made-up paths, too. */
const mostAsked = 4
const mostBytes = 16 * 1024
/** Adobe waits 10 s in all. */
const timeoutMs = 1_500
const leastBits = 2_048

/** Finds Adobe's public keys below `baseUrl`, remembers them for a day, and asks no more than a little at a time. */
export function createAdobeKeys(of: {
  readonly baseUrl: string
  readonly stopping: AbortSignal
  /** Epoch ms. */
  readonly now?: () => number
}): AdobeKeys {
  const { now = Date.now } = of
  const known = new Map<string, { readonly found: FoundKey; readonly until: number }>()
  const asked = new Map<string, Promise<FoundKey>>()

  async function ask(keyPath: string): Promise<FoundKey> {
    try {
      const headers = { accept: 'application/x-pem-file, text/plain, */*' }
      const answer = await get(of.baseUrl + keyPath, headers, { signal: of.stopping, timeoutMs, maxBytes: mostBytes })
      // A store of files that does not list its content answers 403 for what it does not have.
      if ([403, 404, 410].includes(answer.status)) return remembered(keyPath, { kind: 'none' }, absentForMs)
      const key = answer.status === 200 ? rsaKey(answer.body) : undefined
      return key === undefined ? { kind: 'away' } : remembered(keyPath, { kind: 'key', key }, keepForMs)
    } catch (error) {
      if (error instanceof NoAnswer || of.stopping.aborted) return { kind: 'away' }
      throw error
    }
  }

  function remembered(keyPath: string, found: FoundKey, forMs: number): FoundKey {
    known.delete(keyPath)
    known.set(keyPath, { found, until: now() + forMs })
    if (known.size > mostKept) known.delete(leastUseful(known) ?? keyPath)
    return found
  }

  return {
    async find(keyPath) {
      const held = known.get(keyPath)
      if (held !== undefined && now() < held.until) return held.found
      const underWay = asked.get(keyPath)
      if (underWay !== undefined) return underWay
      if (asked.size >= mostAsked) return { kind: 'away' }
      const asking = ask(keyPath).finally(() => asked.delete(keyPath))
      asked.set(keyPath, asking)
      return asking
    },
  }
}

/** What is known not to be there goes before any key, the oldest first. */
const leastUseful = (known: ReadonlyMap<string, { readonly found: FoundKey }>): string | undefined =>
  [...known].find(([, { found }]) => found.kind === 'none')?.[0] ?? known.keys().next().value

/** Undefined for anything else than the public half of an RSA key of today's size. */
function rsaKey(pem: Buffer): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: pem, format: 'pem' })
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
    return key.asymmetricKeyType === 'rsa' && bits >= leastBits ? key : undefined
  } catch {
    return undefined
  }
}
