import { createHash } from 'node:crypto'
import { setTimeout as after } from 'node:timers/promises'
import type { Logger } from '@varai/runtime'
import pRetry from 'p-retry'
import { type AccessToken, renewedToken } from './access-token.ts'
import { ApiUnavailable } from './api-failure.ts'
import type { AskGrant, Grant } from './token-grant.ts'
import type { Lease, StoredToken, TokenStore } from './token-store.ts'

/** Longer than a grant and its saving may take. */
const leaseMs = 60_000
const lookAgainMs = 250
const beforeEnd = 2 * 60_000

/**
 * An expiring offline token. Each refresh spends the refresh token and ends the access token before it, so of all
 * processes one refreshes, under a lease, and the others take what it stored. A crash between Shopify's answer and the
 * saving loses the chain: then the shop must install again, and the stores file gets its new refresh token.
 */
export function refreshedToken(of: {
  /** `merchant|platform|store` */
  readonly id: string
  /** As the stores file has it: begins a chain, and begins a new one when it is another than before. */
  readonly refreshToken: string
  readonly tokens: TokenStore
  readonly askGrant: AskGrant
  readonly log: Logger
  readonly stopping: AbortSignal
  readonly now?: () => number
  /** How long to wait for another process; 30 s unless told. */
  readonly patienceMs?: number
}): AccessToken {
  const { id, tokens, askGrant, log, stopping, now = Date.now } = of
  const chain = createHash('sha256').update(of.refreshToken).digest('hex').slice(0, 16)
  /** Granted, but the database did not take it: still the newest there is. */
  let unsaved: Grant | undefined

  const isGood = (token: StoredToken | undefined, ended: string | undefined): token is StoredToken =>
    token?.chain === chain && token.grant.accessToken !== ended && token.grant.expiresAt - beforeEnd > now()

  async function refresh(lease: Lease, newest: StoredToken | undefined): Promise<Grant> {
    const stored = newest?.chain === chain ? newest.grant.refreshToken : undefined
    const refreshToken = unsaved?.refreshToken ?? stored ?? of.refreshToken
    const grant = await askGrant({ kind: 'refresh', refreshToken }, stopping)
    unsaved = grant
    try {
      const isNewest = await pRetry(() => tokens.save(id, lease, { chain, grant }), { retries: 6, minTimeout: 200 })
      if (!isNewest) log.error({ store: id }, 'shopify-token.overtaken')
      unsaved = undefined
    } catch (error) {
      log.error({ store: id, err: error }, 'shopify-token.not-saved')
    }
    return grant
  }

  async function renew(ended: string | undefined): Promise<Grant> {
    const deadline = now() + (of.patienceMs ?? 30_000)
    for (;;) {
      const stored = await tokens.find(id)
      if (isGood(stored, ended)) return stored.grant
      const lease = await tokens.claim(id, leaseMs)
      if (lease !== undefined) {
        try {
          // Another process may have finished between the look and the claim.
          const newest = await tokens.find(id)
          return isGood(newest, ended) ? newest.grant : await refresh(lease, newest)
        } finally {
          await tokens.release(id, lease)
        }
      }
      if (now() >= deadline) throw new ApiUnavailable('time-out', 'another process keeps refreshing the token')
      await after(lookAgainMs, undefined, { signal: stopping })
    }
  }

  return renewedToken({ renew, now })
}
