import type { AskStore } from '@varai/ingest'
import type { StoreOf } from '@varai/runtime/stores'
import type { Resource } from './pure/translate/deletion.ts'
import { updates } from './pure/translate/translate.ts'
import { askEntity, type EntityApi } from './rest-api/ask-entity.ts'
import { statedBy } from './rest-api/stated-by.ts'

const resources: readonly Resource[] = ['order', 'product', 'customer']

/** Asks for an order, a product (or a variation) or a customer: what is there is stated, what is not is deleted. */
export function createAskStore(ports: {
  readonly api: EntityApi
  readonly stores: { find(storeId: string): StoreOf<'woocommerce'> | undefined }
}): AskStore {
  const { api, stores } = ports

  return async ({ merchantId, storeId, entityType, entityId }) => {
    const resource = resources.find((known) => known === entityType)
    if (resource === undefined) return { kind: 'refused', reason: `cannot read a ${entityType} from the store` }
    const store = stores.find(storeId)
    if (store?.merchantId !== merchantId) return { kind: 'refused', reason: 'the merchant has no such store' }
    if (store.credentials === undefined) return { kind: 'refused', reason: "the store's API access is missing" }
    const answer = await askEntity(api, resource)(store, entityId)
    if (answer.kind === 'unanswered') {
      return { kind: 'unavailable', reason: answer.reason, retryAfterMs: answer.afterMs ?? 0 }
    }
    const { platform, currency, id } = store
    const of = { resource, id: entityId, event: updates[resource], currency }
    return {
      kind: 'answered',
      store: { merchantId, platform, id, currency },
      said: { translation: statedBy(answer, of), answeredAt: answer.answeredAt },
    }
  }
}
