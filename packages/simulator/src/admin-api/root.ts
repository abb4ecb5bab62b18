import { GraphQLError } from 'graphql'
import type { Level } from '../shop/model.ts'
import type { World } from '../shop/world.ts'
import { globalId } from '../shopify/write-json.ts'
import { behind, type Connection, connection, type PageArguments } from './connection.ts'
import { customerNode } from './customer-node.ts'
import { orderNode } from './order-node.ts'
import { fulfilmentNode, refundNode } from './order-parts-node.ts'
import { type ProtectedData, personalData } from './personal-data.ts'
import { productNode } from './product-node.ts'
import { reference, time } from './values.ts'

export type Access = {
  readonly scopes: readonly string[]
  readonly protectedData: ProtectedData
  /** Objects that one path of pages gives at most. */
  readonly maxObjects: number
  /** ms. */
  readonly now: () => number
}

const sixtyDays = 60 * 86_400_000

/** The fields of the query's root, over the shop as it is when they are asked. */
export function queryRoot(world: World, access: Access) {
  const personal = personalData(access.protectedData)
  const { currency } = world.settings

  function need(scope: string, field: string): void {
    if (access.scopes.includes(scope)) return
    throw new GraphQLError(`Access denied for ${field} field. Required access: \`${scope}\` access scope.`, {
      extensions: { code: 'ACCESS_DENIED', requiredAccess: `\`${scope}\` access scope.` },
    })
  }
  const orders = () =>
    world.orders.filter(
      (order) => access.scopes.includes('read_all_orders') || access.now() - order.createdAt <= sixtyDays,
    )

  function order({ id }: { id: string }) {
    need('read_orders', 'order')
    const found = orders().find((each) => globalId('Order', each.id) === id)
    return found === undefined ? null : orderNode(found, personal)
  }

  function node({ id }: { id: string }) {
    const kind = /^gid:\/\/shopify\/(\w+)\/\d+$/.exec(id)?.[1]
    if (kind === 'Order') return order({ id })
    if (kind === 'Product') {
      need('read_products', 'node')
      const product = world.products.find((each) => globalId('Product', each.id) === id)
      return product === undefined ? null : productNode(product, currency)
    }
    if (kind === 'Location') {
      need('read_inventory', 'node')
      const of = [...world.levels.values()].filter((each) => globalId('Location', each.locationId) === id)
      return of[0] === undefined ? null : locationNode(of[0].locationId, of)
    }
    if (kind === 'Customer') {
      need('read_customers', 'node')
      const customer = world.customers.find((each) => globalId('Customer', each.id) === id)
      return customer === undefined ? null : customerNode(customer, personal)
    }
    need('read_orders', 'node')
    for (const each of orders()) {
      const refund = each.refunds.find((part) => globalId('Refund', part.id) === id)
      if (refund !== undefined) return refundNode(each, refund)
      const fulfilment = each.fulfilments.find((part) => globalId('Fulfillment', part.id) === id)
      if (fulfilment !== undefined) return fulfilmentNode(each, fulfilment)
    }
    return null
  }

  function list<T extends Kept>(all: readonly T[], asked: Asked, show: (each: T) => object): Connection<object> {
    const { query, sortKey, ...page } = asked
    if (behind(page.after) + (page.first ?? 0) > access.maxObjects) {
      throw new GraphQLError(`Pagination beyond ${access.maxObjects} objects is not supported`, {
        extensions: { code: 'PAGINATION_LIMIT_EXCEEDED' },
      })
    }
    const found = all.filter(meant(query)).toSorted(sortKey === 'UPDATED_AT' ? byChange : byId)
    return connection(found.map(show), page)
  }

  return {
    order,
    node,
    nodes: ({ ids }: { ids: string[] }) => ids.map((id) => node({ id })),
    orders(asked: Asked) {
      need('read_orders', 'orders')
      return list(orders(), asked, (each) => orderNode(each, personal))
    },
    products(asked: Asked) {
      need('read_products', 'products')
      return list(world.products, asked, (each) => productNode(each, currency))
    },
    locations(page: PageArguments) {
      need('read_locations', 'locations')
      const ids = new Set([...world.levels.values()].map(({ locationId }) => locationId))
      return connection(
        [...ids].map((id) => locationNode(id, world.levels.values())),
        page,
      )
    },
    customers(asked: Asked) {
      need('read_customers', 'customers')
      return list(world.customers, asked, (each) => customerNode(each, personal))
    },
  }
}

/** A place where the shop keeps goods. Of what nobody counts Shopify still says a number. */
const locationNode = (id: bigint, levels: Iterable<Level>) => ({
  ...reference('Location', id),
  inventoryLevels: ({ query, ...page }: Asked) =>
    connection(
      [...levels].filter(meant(query)).map((level) => ({
        updatedAt: time(level.updatedAt),
        item: { ...reference('InventoryItem', level.id), tracked: level.available !== null },
        quantities: [{ name: 'available', quantity: level.available ?? 0 }],
      })),
      page,
    ),
})

type Asked = PageArguments & { query?: string | null; sortKey?: string | null }
type Kept = { readonly id: bigint; readonly updatedAt: number }

const byId = (one: Kept, other: Kept): number => (one.id < other.id ? -1 : 1)
const byChange = (one: Kept, other: Kept): number => one.updatedAt - other.updatedAt || byId(one, other)

/** The two searches that connectors use; of times Shopify knows the second. */
function meant(given: string | null | undefined): (each: Kept) => boolean {
  const query = given ?? ''
  const above = /^id:>(\d+)$/.exec(query)?.[1]
  if (above !== undefined) return ({ id }) => id > BigInt(above)
  const since = /^updated_at:>='(.+)'$/.exec(query)?.[1]
  if (since !== undefined) return ({ updatedAt }) => Math.floor(updatedAt / 1_000) * 1_000 >= Date.parse(since)
  return () => true
}
