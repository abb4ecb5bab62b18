import type { StoreOf } from '@varai/runtime/stores'
import type { Resource } from '../pure/translate/deletion.ts'
import type { EntityAnswer, RestApi } from './rest-api.ts'

export type EntityApi = Pick<RestApi, 'getOrder' | 'getProduct' | 'getCustomer'>

/** How one entity of such a resource is asked for. */
export function askEntity(
  api: EntityApi,
  resource: Resource,
): (store: StoreOf<'woocommerce'>, id: string) => Promise<EntityAnswer> {
  switch (resource) {
    case 'order':
      return api.getOrder
    case 'product':
      return api.getProduct
    case 'customer':
      return api.getCustomer
    default:
      return resource satisfies never
  }
}
