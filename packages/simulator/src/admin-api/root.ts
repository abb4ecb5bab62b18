import { GraphQLError } from 'graphql'
import type { World } from '../shop/world.ts'
import { globalId } from '../shopify/write-json.ts'
import { behind, connection, type PageArguments } from './connection.ts'
import { orderNode } from './order-node.ts'
import { fulfilmentNode, refundNode } from './order-parts-node.ts'
import { type ProtectedData, personalData } from './personal-data.ts'
import { productNode } from './product-node.ts'

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
    need('read_orders', 'node')
    for (const each of orders()) {
      const refund = each.refunds.find((part) => globalId('Refund', part.id) === id)
      if (refund !== undefined) return refundNode(each, refund)
      const fulfilment = each.fulfilments.find((part) => globalId('Fulfillment', part.id) === id)
      if (fulfilment !== undefined) return fulfilmentNode(each, fulfilment)
    }
    return null
  }

  function products({ query, ...page }: PageArguments & { query?: string | null }) {
    need('read_products', 'products')
    if (behind(page.after) + (page.first ?? 0) > access.maxObjects) {
      throw new GraphQLError(`Pagination beyond ${access.maxObjects} objects is not supported`, {
        extensions: { code: 'PAGINATION_LIMIT_EXCEEDED' },
      })
    }
    const above = BigInt(/^id:>(\d+)$/.exec(query ?? '')?.[1] ?? -1)
    const found = world.products
      .filter((product) => product.id > above)
      .toSorted((one, other) => (one.id < other.id ? -1 : 1))
    return connection(
      found.map((product) => productNode(product, currency)),
      page,
    )
  }

  return { order, node, nodes: ({ ids }: { ids: string[] }) => ids.map((id) => node({ id })), products }
}
