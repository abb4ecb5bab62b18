import { isDeepStrictEqual } from 'node:util'
import type { StoreFacts } from '@varai/ingest/pure'
import type { Logger, Metrics } from '@varai/runtime'
import type { ShopifyCredentials, ShopifyStore } from '@varai/runtime/stores'
import type { EventName } from '@varai/schemas'
import { type AccessToken, clientCredentialsToken, staticToken } from './admin-api/access-token.ts'
import { type AdminApi, type ApiStatement, createAdminApi } from './admin-api/admin-api.ts'
import { ApiRefused, ApiUnavailable } from './admin-api/api-failure.ts'
import { refreshedToken } from './admin-api/refreshed-token.ts'
import type { Limits } from './admin-api/send-query.ts'
import { createAskGrant } from './admin-api/token-grant.ts'
import type { TokenStore } from './admin-api/token-store.ts'

/** What came of asking a store for one of its entities. */
export type Asked =
  | { readonly kind: 'answered'; readonly store: StoreFacts; readonly said: ApiStatement }
  /** The store shows none under this id. */
  | { readonly kind: 'absent' }
  /** Until a person changes something. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** For now; `retryAfterMs` is 0 where the store names no time. */
  | { readonly kind: 'unavailable'; readonly reason: string; readonly retryAfterMs: number }

/**
 * Asks the store, as it stands in the stores file. Rejects only for what is no matter of this store: the database of the
 * tokens is away, or the process stops.
 */
export type AskOrder = (of: {
  readonly merchantId: string
  readonly storeId: string
  readonly orderId: string
  readonly eventName: EventName
}) => Promise<Asked>

/** Others wait for a store that is slow; it is better asked again later. */
const limits: Partial<Limits> = { patienceMs: 15_000, requestMs: 10_000, retries: 2 }

/** Keeps one client for each store while its entry in the stores file stays as it is. */
export function createAskOrder(ports: {
  readonly stores: { find(storeId: string): ShopifyStore | undefined }
  readonly tokens: TokenStore
  readonly log: Logger
  readonly metrics: Metrics
  readonly stopping: AbortSignal
  readonly limits?: Partial<Limits>
}): AskOrder {
  const { stores, log, metrics, stopping } = ports
  const clients = new Map<string, { readonly store: ShopifyStore; readonly api: AdminApi }>()

  function tokenOf(store: ShopifyStore, credentials: ShopifyCredentials): AccessToken {
    if ('accessToken' in credentials) return staticToken(credentials.accessToken)
    const { clientId, clientSecret, refreshToken } = credentials
    const askGrant = createAskGrant({ apiUrl: store.api.url, clientId, clientSecret })
    if (refreshToken === undefined) return clientCredentialsToken(askGrant, stopping)
    const id = [store.merchantId, store.platform, store.id].join('|')
    return refreshedToken({ id, refreshToken, tokens: ports.tokens, askGrant, log, stopping })
  }

  function clientOf(store: ShopifyStore, credentials: ShopifyCredentials): AdminApi {
    const held = clients.get(store.id)
    if (held !== undefined && isDeepStrictEqual(held.store, store)) return held.api
    const token = tokenOf(store, credentials)
    const api = createAdminApi({ store, token, log, metrics, limits: { ...limits, ...ports.limits } })
    clients.set(store.id, { store, api })
    return api
  }

  return async ({ merchantId, storeId, orderId, eventName }) => {
    const store = stores.find(storeId)
    if (store?.merchantId !== merchantId) {
      clients.delete(storeId)
      return { kind: 'refused', reason: 'the merchant has no such store' }
    }
    const { id, platform, currency, credentials } = store
    if (credentials === undefined) return { kind: 'refused', reason: "the store's API access is missing" }
    try {
      const said = await clientOf(store, credentials).getOrder(orderId, eventName, stopping)
      if (said === undefined) return { kind: 'absent' }
      return { kind: 'answered', store: { merchantId, platform, id, currency }, said }
    } catch (error) {
      if (error instanceof ApiRefused) return { kind: 'refused', reason: error.message }
      if (!(error instanceof ApiUnavailable)) throw error
      return { kind: 'unavailable', reason: error.message, retryAfterMs: error.retryAfterMs }
    }
  }
}
