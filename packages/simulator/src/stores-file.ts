import { stringify } from 'yaml'
import type { AppCredentials } from './admin-api/tokens.ts'

/** What the stores file says of a store. */
export type StoreEntry = {
  merchantId: string
  storeId: string
  currency: string
  /** Webhook secret, written as it is: for development only. */
  secret: string
  /** While the platform changes over to a new one. */
  previousSecret?: string
  apiVersion?: string
  /** Where the store's Admin API answers. */
  apiUrl?: string
  /** What opens it, written as it is: for development only. */
  credentials?: AppCredentials
}

/** The text of a `stores.yaml` for simulated stores, in the order given, merchants with their stores together. */
export function storesFile(stores: readonly StoreEntry[]): string {
  const merchants = Map.groupBy(stores, ({ merchantId }) => merchantId)
  return stringify({
    merchants: [...merchants].map(([id, theirs]) => ({ id, stores: theirs.map(storeEntry) })),
  })
}

const storeEntry = (store: StoreEntry) => ({
  platform: 'shopify',
  id: store.storeId,
  currency: store.currency,
  ...((store.apiUrl ?? store.apiVersion) !== undefined && {
    api: { ...(store.apiUrl && { url: store.apiUrl }), ...(store.apiVersion && { version: store.apiVersion }) },
  }),
  ...(store.credentials && { credentials: literals(store.credentials) }),
  webhookSecrets: {
    current: { literal: store.secret },
    ...(store.previousSecret !== undefined && { previous: { literal: store.previousSecret } }),
  },
})

/** The client id is no secret. */
const literals = ({ clientId, ...secrets }: AppCredentials) => ({
  ...(clientId !== undefined && { clientId }),
  ...Object.fromEntries(Object.entries(secrets).map(([name, literal]) => [name, { literal }])),
})
