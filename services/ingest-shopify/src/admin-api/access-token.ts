import type { AskGrant, Grant } from './token-grant.ts'

/** What opens the API of one store. */
export type AccessToken = {
  /** A token that has not ended. However many ask at once, one of them renews it. */
  current(signal: AbortSignal): Promise<string>
  /** Shopify refused this one: the next is renewed, unless that has happened meanwhile. False where none can be. */
  refused(token: string): boolean
}

/** Renewed so long before its end, ms: a token must outlive the request that carries it. */
const beforeEnd = 2 * 60_000

/** A token from the stores file that never ends. */
export const staticToken = (token: string): AccessToken => ({
  current: () => Promise.resolve(token),
  refused: () => false,
})

/**
 * A token that ends and is renewed. `renew` gets the one that is no good any more; it may find that another process has
 * renewed it already.
 */
export function renewedToken(of: {
  readonly renew: (ended: string | undefined) => Promise<Grant>
  readonly now?: () => number
}): AccessToken {
  const now = of.now ?? Date.now
  let held: Grant | undefined
  let ended: string | undefined
  let renewing: Promise<Grant> | undefined

  return {
    async current(signal) {
      if (held !== undefined && held.accessToken !== ended && held.expiresAt - beforeEnd > now())
        return held.accessToken
      // Not bound to one caller's signal: all who wait share it, and a spent refresh token must not be lost.
      renewing ??= of.renew(held?.accessToken ?? ended).finally(() => {
        renewing = undefined
      })
      held = await renewing
      signal.throwIfAborted()
      return held.accessToken
    },
    refused(token) {
      ended = token
      return true
    },
  }
}

/** A token of the app itself, for a day; each process has its own. */
export const clientCredentialsToken = (askGrant: AskGrant, stopping: AbortSignal): AccessToken =>
  renewedToken({ renew: () => askGrant({ kind: 'client-credentials' }, stopping) })
