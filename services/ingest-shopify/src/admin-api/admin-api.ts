import type { Statement, Translation } from '@varai/ingest/pure'
import type { Logger, Metrics } from '@varai/runtime'
import type { ShopifyStore } from '@varai/runtime/stores'
import type { EventName } from '@varai/schemas'
import { translateOrderAnswer, translateProductAnswer } from '../pure/admin-api/translate-answer.ts'
import { textIn } from '../pure/admin-api/tree.ts'
import { globalId } from '../pure/shopify-id.ts'
import type { AccessToken } from './access-token.ts'
import { createQueryBudget } from './query-budget.ts'
import { readOrder } from './read-order.ts'
import { readProducts } from './read-products.ts'
import { createSendQuery, defaultLimits, type Limits } from './send-query.ts'

/** The version that our queries were written for, unless the stores file names another. */
const apiVersion = '2026-10'

/** What the store said when asked. */
export type ApiStatement = {
  /** In the store's own id. */
  readonly entityId: string
  /** As from a webhook of the same state, in the same words; or why the answer cannot be one. */
  readonly translation: Translation<Statement[]>
  /** When the answer came in, epoch ms: the statement's triggeredAt, so that it settles ties. */
  readonly answeredAt: number
}

/** One store's Admin API. All methods reject with ApiRefused, ApiUnavailable, or the signal's reason. */
export type AdminApi = {
  /**
   * The order whole, as the event `eventName`; undefined when the store shows none under this id: it was deleted, or is
   * older than 60 days and the app lacks `read_all_orders`.
   */
  getOrder(id: string, eventName: EventName, signal: AbortSignal): Promise<ApiStatement | undefined>
  /** The whole catalogue by ascending id, each product whole. What changes meanwhile is as of when it was reached. */
  getProducts(signal: AbortSignal): AsyncGenerator<ApiStatement, void, undefined>
}

/** Make one for each store and app in a process: it keeps the store's budget. */
export function createAdminApi(options: {
  readonly store: ShopifyStore
  readonly token: AccessToken
  readonly log: Logger
  readonly metrics?: Metrics
  readonly limits?: Partial<Limits>
  /** Products of one path of pages; for tests. */
  readonly objectsOfOnePath?: number
  readonly now?: () => number
}): AdminApi {
  const { store, token, log, metrics, now = Date.now } = options
  const send = createSendQuery({
    ...{ token, log, now, storeId: store.id, apiUrl: store.api.url, version: store.api.version ?? apiVersion },
    ...(metrics && { metrics }),
    budget: createQueryBudget(now),
    limits: { ...defaultLimits, ...options.limits },
  })
  return {
    async getOrder(id, eventName, signal) {
      const read = await readOrder(send, `gid://shopify/Order/${id}`, signal)
      if (read === undefined) return undefined
      return { entityId: id, translation: translateOrderAnswer(eventName, read.whole), answeredAt: read.at }
    },
    async *getProducts(signal) {
      for await (const { product, at } of readProducts(send, signal, options.objectsOfOnePath)) {
        yield {
          entityId: globalId(textIn(product, 'id'), 'Product') ?? '',
          translation: translateProductAnswer('product_catalog_update', product, store.currency),
          answeredAt: at,
        }
      }
    },
  }
}
