import { isDeepStrictEqual } from 'node:util'
import type { AskStore } from '@varai/ingest'
import type { Logger, Metrics } from '@varai/runtime'
import type { ShopifyCredentials, ShopifyStore } from '@varai/runtime/stores'
import { type AccessToken, clientCredentialsToken, staticToken } from './admin-api/access-token.ts'
import { type AdminApi, createAdminApi } from './admin-api/admin-api.ts'
import { ApiRefused, ApiUnavailable } from './admin-api/api-failure.ts'
import { refreshedToken } from './admin-api/refreshed-token.ts'
import type { Limits } from './admin-api/send-query.ts'
import { createAskGrant } from './admin-api/token-grant.ts'
import type { TokenStore } from './admin-api/token-store.ts'

/** Others wait for a store that is slow; it is better asked again later. */
const limits: Partial<Limits> = { patienceMs: 15_000, requestMs: 10_000, retries: 2 }

/**
 * Asks for orders, and refuses to ask for anything else. Keeps one client for each store while its entry in the stores
 * file stays as it is. Rejects when the database of the tokens is away, or the process stops.
 */
export function createAskOrder(ports: {
  readonly stores: { find(storeId: string): ShopifyStore | undefined }
  readonly tokens: TokenStore
  readonly log: Logger
  readonly metrics: Metrics
  readonly stopping: AbortSignal
  readonly limits?: Partial<Limits>
}): AskStore {
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

  return async ({ merchantId, storeId, entityType, entityId, reason }) => {
    if (entityType !== 'order') return { kind: 'refused', reason: `cannot read a ${entityType} from the store` }
    const eventName = reason === 'delta' ? 'order_edited' : 'order_updated'
    const store = stores.find(storeId)
    if (store?.merchantId !== merchantId) {
      clients.delete(storeId)
      return { kind: 'refused', reason: 'the merchant has no such store' }
    }
    const { id, platform, currency, credentials } = store
    if (credentials === undefined) return { kind: 'refused', reason: "the store's API access is missing" }
    try {
      const said = await clientOf(store, credentials).getOrder(entityId, eventName, stopping)
      if (said === undefined) return { kind: 'absent' }
      return { kind: 'answered', store: { merchantId, platform, id, currency }, said }
    } catch (error) {
      if (error instanceof ApiRefused) return { kind: 'refused', reason: error.message }
      if (!(error instanceof ApiUnavailable)) throw error
      return { kind: 'unavailable', reason: error.message, retryAfterMs: error.retryAfterMs }
    }
  }
}
