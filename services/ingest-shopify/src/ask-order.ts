import type { AskStore } from '@varai/ingest'
import type { Logger, Metrics } from '@varai/runtime'
import type { ShopifyStore } from '@varai/runtime/stores'
import type { AccessToken } from './admin-api/access-token.ts'
import { createApiClients, type OfStores } from './admin-api/api-clients.ts'
import { ApiRefused, ApiUnavailable } from './admin-api/api-failure.ts'
import type { Limits } from './admin-api/send-query.ts'

/** Others wait for a store that is slow; it is better asked again later. */
const limits: Partial<Limits> = { patienceMs: 15_000, requestMs: 10_000, retries: 2 }

/**
 * Asks for orders, and refuses to ask for anything else. Keeps one client for each store while its entry in the stores
 * file stays as it is. Rejects when the database of the tokens is away, or the process stops.
 */
export function createAskOrder(ports: {
  readonly stores: { find(storeId: string): ShopifyStore | undefined }
  readonly accessTokens: OfStores<AccessToken>
  readonly log: Logger
  readonly metrics: Metrics
  readonly stopping: AbortSignal
  readonly limits?: Partial<Limits>
}): AskStore {
  const { stores, stopping } = ports
  const { accessTokens, log, metrics } = ports
  const clients = createApiClients({ accessTokens, log, metrics, limits: { ...limits, ...ports.limits } })

  return async ({ merchantId, storeId, entityType, entityId, reason }) => {
    if (entityType !== 'order') return { kind: 'refused', reason: `cannot read a ${entityType} from the store` }
    const eventName = reason === 'delta' ? 'order_edited' : 'order_updated'
    const store = stores.find(storeId)
    if (store?.merchantId !== merchantId) {
      clients.forget(storeId)
      ports.accessTokens.forget(storeId)
      return { kind: 'refused', reason: 'the merchant has no such store' }
    }
    const { id, platform, currency, credentials } = store
    if (credentials === undefined) return { kind: 'refused', reason: "the store's API access is missing" }
    try {
      const said = await clients.of(store, credentials).getOrder(entityId, eventName, stopping)
      if (said === undefined) return { kind: 'absent' }
      return { kind: 'answered', store: { merchantId, platform, id, currency }, said }
    } catch (error) {
      if (error instanceof ApiRefused) return { kind: 'refused', reason: error.message }
      if (!(error instanceof ApiUnavailable)) throw error
      return { kind: 'unavailable', reason: error.message, retryAfterMs: error.retryAfterMs }
    }
  }
}
