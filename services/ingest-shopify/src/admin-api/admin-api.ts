import type { Statement, Translation } from '@varai/ingest/pure'
import type { Logger, Metrics } from '@varai/runtime'
import type { ShopifyStore } from '@varai/runtime/stores'
import type { EventName } from '@varai/schemas'
import {
  changedCustomersQuery,
  changedOrdersQuery,
  productsQuery,
  type Query,
  shownQuery,
} from '../pure/admin-api/documents.ts'
import {
  translateCustomerAnswer,
  translateLevelAnswer,
  translateOrderAnswer,
  translateProductAnswer,
} from '../pure/admin-api/translate-answer.ts'
import { type Tree, textIn, treeIn, treesIn } from '../pure/admin-api/tree.ts'
import { globalId } from '../pure/shopify-id.ts'
import type { AccessToken } from './access-token.ts'
import { createQueryBudget } from './query-budget.ts'
import { readChanged } from './read-changed.ts'
import { wholeCustomer } from './read-customer.ts'
import { readLevels } from './read-levels.ts'
import { readOrder } from './read-order.ts'
import { readProducts, wholeProduct } from './read-products.ts'
import { createSendQuery, defaultLimits, type Limits } from './send-query.ts'

/** The version that our queries were written for, unless the stores file names another. */
const apiVersion = '2026-10'

/** What the store said when asked. */
export type ApiStatement = {
  /** In the store's own id. */
  readonly entityId: string
  /** As from a webhook of the same state, in the same words; or why the answer cannot be one. */
  readonly translation: Translation<Statement[]>
  /** When the store changed it, as the answer writes it. */
  readonly changedAt: string | undefined
  /** The answer, or the answers, that it was read from. */
  readonly document: unknown
  /** When the answer came in, epoch ms: the statement's triggeredAt, so that it settles ties. */
  readonly answeredAt: number
}

/** What is listed by its changes. */
export type Listed = 'orders' | 'products' | 'customers'

/** Some of what changed; nothing earlier than `upTo` is still to come. */
export type ChangedStatements = {
  readonly said: readonly ApiStatement[]
  /** Epoch ms. */
  readonly answeredAt: number
  readonly upTo: { readonly id: string; readonly changedAt: string | undefined } | undefined
}

const lists: Readonly<Record<Listed, { query: Query; field: string; kind: 'Order' | 'Product' | 'Customer' }>> = {
  orders: { query: changedOrdersQuery, field: 'orders', kind: 'Order' },
  products: { query: productsQuery, field: 'products', kind: 'Product' },
  customers: { query: changedCustomersQuery, field: 'customers', kind: 'Customer' },
}

/** One store's Admin API. All methods reject with ApiRefused, ApiUnavailable, or the signal's reason. */
export type AdminApi = {
  /**
   * The order whole, as the event `eventName`; undefined when the store shows none under this id: it was deleted, or is
   * older than 60 days and the app lacks `read_all_orders`.
   */
  getOrder(id: string, eventName: EventName, signal: AbortSignal): Promise<ApiStatement | undefined>
  /**
   * The whole catalogue by ascending id, or what of it lies behind one; each product whole. What changes meanwhile is as
   * of when it was reached.
   */
  getProducts(signal: AbortSignal, behind?: string): AsyncGenerator<ApiStatement, void, undefined>
  /** All that changed at or after `since` (epoch ms; all there is without), the longest ago first, each whole. */
  getChanged(
    list: Listed,
    since: number | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<ChangedStatements, void, undefined>
  /** What locations can sell, of items whose level changed at or after `since` (epoch ms), in no order. */
  getChangedLevels(
    since: number,
    signal: AbortSignal,
  ): AsyncGenerator<Pick<ChangedStatements, 'said' | 'answeredAt'>, void, undefined>
  /** Which of these (250 at most) the store shows. */
  getShown(
    list: Listed,
    ids: readonly string[],
    signal: AbortSignal,
  ): Promise<{ readonly ids: ReadonlySet<string>; readonly answeredAt: number }>
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

  async function orderOf(id: string, eventName: EventName, signal: AbortSignal): Promise<ApiStatement | undefined> {
    const read = await readOrder(send, `gid://shopify/Order/${id}`, signal)
    if (read === undefined) return undefined
    const { whole, at } = read
    const changedAt = textIn(whole.order, 'updatedAt')
    const translation = translateOrderAnswer(eventName, whole)
    return { entityId: id, translation, changedAt, document: whole, answeredAt: at }
  }

  const productIn = (product: Tree, answeredAt: number): ApiStatement => ({
    entityId: idIn(product, 'Product'),
    translation: translateProductAnswer('product_catalog_update', product, store.currency),
    changedAt: textIn(product, 'updatedAt'),
    document: product,
    answeredAt,
  })

  const customerIn = (customer: Tree, answeredAt: number): ApiStatement => ({
    entityId: idIn(customer, 'Customer'),
    translation: translateCustomerAnswer('customer_updated', customer),
    changedAt: textIn(customer, 'updatedAt'),
    document: customer,
    answeredAt,
  })

  /** Undefined for what is gone meanwhile. */
  async function wholeOf(list: Listed, node: Tree, at: number, signal: AbortSignal): Promise<ApiStatement | undefined> {
    switch (list) {
      case 'orders':
        return orderOf(idIn(node, 'Order'), 'order_updated', signal)
      case 'products': {
        const product = await wholeProduct(send, node, signal)
        return product && productIn(product, at)
      }
      case 'customers':
        return customerIn(await wholeCustomer(send, node, signal), at)
      default:
        return list satisfies never
    }
  }

  return {
    async getOrder(id, eventName, signal) {
      return orderOf(id, eventName, signal)
    },
    async *getProducts(signal, behind) {
      for await (const { product, at } of readProducts(send, signal, { behind, most: options.objectsOfOnePath })) {
        yield productIn(product, at)
      }
    },
    async *getChanged(list, since, signal) {
      const { kind, ...listed } = lists[list]
      const pages = readChanged(send, listed, { since, signal, most: options.objectsOfOnePath })
      for await (const { nodes, at } of pages) {
        const said: ApiStatement[] = []
        for (const node of nodes) {
          const statement = await wholeOf(list, node, at, signal)
          if (statement !== undefined) said.push(statement)
        }
        const last = nodes.at(-1)
        const upTo = last && { id: idIn(last, kind), changedAt: textIn(last, 'updatedAt') }
        yield { said, answeredAt: said.at(-1)?.answeredAt ?? at, upTo }
      }
    },
    async *getChangedLevels(since, signal) {
      for await (const { location, levels, at } of readLevels(send, since, signal)) {
        const locationId = globalId(location, 'Location') ?? ''
        const said = levels.map((level): ApiStatement => {
          const itemId = globalId(textIn(treeIn(level['item']), 'id'), 'InventoryItem') ?? ''
          const translation = translateLevelAnswer(level, locationId)
          const changedAt = textIn(level, 'updatedAt')
          return { entityId: `${itemId}:${locationId}`, translation, changedAt, document: level, answeredAt: at }
        })
        yield { said, answeredAt: at }
      }
    },
    async getShown(list, ids, signal) {
      const { kind } = lists[list]
      const { data, at } = await send(shownQuery, { ids: ids.map((id) => `gid://shopify/${kind}/${id}`) }, signal)
      return { ids: new Set(treesIn(data['nodes']).map((node) => idIn(node, kind))), answeredAt: at }
    },
  }
}

const idIn = (tree: Tree, kind: string): string => globalId(textIn(tree, 'id'), kind) ?? ''
