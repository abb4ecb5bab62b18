import { isDeepStrictEqual } from 'node:util'
import type { Logger, Metrics } from '@varai/runtime'
import type { ShopifyCredentials, ShopifyStore } from '@varai/runtime/stores'
import { type AccessToken, clientCredentialsToken, staticToken } from './access-token.ts'
import { type AdminApi, createAdminApi } from './admin-api.ts'
import { refreshedToken } from './refreshed-token.ts'
import type { Limits } from './send-query.ts'
import { createAskGrant } from './token-grant.ts'
import type { TokenStore } from './token-store.ts'

/** What is made for a store from its entry in the stores file, and kept for as long as that stays as it is. */
export type OfStores<T> = {
  of(store: ShopifyStore, credentials: ShopifyCredentials): T
  forget(storeId: string): void
}

function keptForStores<T>(make: (store: ShopifyStore, credentials: ShopifyCredentials) => T): OfStores<T> {
  const kept = new Map<string, { readonly store: ShopifyStore; readonly made: T }>()
  return {
    of(store, credentials) {
      const held = kept.get(store.id)
      if (held !== undefined && isDeepStrictEqual(held.store, store)) return held.made
      const made = make(store, credentials)
      kept.set(store.id, { store, made })
      return made
    },
    forget: (storeId) => void kept.delete(storeId),
  }
}

/** One token of each store for the whole process: whoever refreshes one ends the token that others hold. */
export function createAccessTokens(ports: {
  readonly tokens: TokenStore
  readonly log: Logger
  readonly stopping: AbortSignal
}): OfStores<AccessToken> {
  const { tokens, log, stopping } = ports
  return keptForStores((store, credentials) => {
    if ('accessToken' in credentials) return staticToken(credentials.accessToken)
    const { clientId, clientSecret, refreshToken } = credentials
    const askGrant = createAskGrant({ apiUrl: store.api.url, clientId, clientSecret })
    if (refreshToken === undefined) return clientCredentialsToken(askGrant, stopping)
    const id = [store.merchantId, store.platform, store.id].join('|')
    return refreshedToken({ id, refreshToken, tokens, askGrant, log, stopping })
  })
}

/** One client of each store. */
export const createApiClients = (ports: {
  readonly accessTokens: OfStores<AccessToken>
  readonly log: Logger
  readonly metrics: Metrics
  readonly limits?: Partial<Limits>
}): OfStores<AdminApi> =>
  keptForStores((store, credentials) => {
    const { accessTokens, ...rest } = ports
    return createAdminApi({ store, token: accessTokens.of(store, credentials), ...rest })
  })
