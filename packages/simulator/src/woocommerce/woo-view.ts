import type { CustomerHistory } from '../truth/customer-history.ts'
import {
  customerDocument,
  type Json,
  orderDocument,
  productDocument,
  variationDocument,
  type WooDocument,
  type WooSite,
} from './documents.ts'
import type { WooCustomer, WooOrder, WooProduct, WooVariation } from './model.ts'

/** A webhook as WooCommerce sends it, once. */
export type WooDelivery = { readonly topic: string; readonly headers: Record<string, string>; readonly body: Buffer }
export type WooEntity = 'orders' | 'products' | 'customers'

/** The shop after the life that its deliveries tell. */
export type WooView = {
  /** What the shop's API says of an entity (a variation counts as a product); undefined for what there is not. */
  document(entity: WooEntity, id: number): WooDocument | undefined
  documents(entity: WooEntity): WooDocument[]
  /** As a product's listing has them: without the product. Undefined where there is no such product. */
  variations(productId: number): WooDocument[] | undefined
  /**
   * Deletes for good, behind the trash: no webhook tells of it, but for a variation, whose `product.deleted` names it
   * alone and is given back. Throws RangeError for what there is not.
   */
  erase(entity: WooEntity, id: number): WooDelivery | undefined
  /** Ids of the variations that were erased. */
  readonly buried: readonly number[]
}

/** Looks at what the life left; `erase` changes it. */
export function createWooView(of: {
  readonly site: WooSite
  readonly orders: readonly WooOrder[]
  readonly products: readonly WooProduct[]
  readonly customers: readonly WooCustomer[]
  readonly histories: Map<number, CustomerHistory>
  readonly deliveryOf: (topic: string, document: Json) => WooDelivery
}): WooView {
  const { site, orders, products, customers, histories } = of
  const erased = new Set<string>()
  const buried: number[] = []
  /** What was not erased: all of it, or only what has an id. Documents are made of no more than that. */
  const standing = <T extends { id: number }>(entity: WooEntity, all: readonly T[], id?: number): T[] =>
    all.filter((each) => (id === undefined || each.id === id) && !erased.has(`${entity} ${each.id}`))
  const documents: Record<WooEntity, (id?: number) => WooDocument[]> = {
    orders: (id) => standing('orders', orders, id).map((each) => orderDocument(site, each)),
    customers: (id) => standing('customers', customers, id).map((each) => customerDocument(site, each)),
    products: (id) => standing('products', products, id).map((each) => productDocument(site, each)),
  }
  const productWith = (variationId: number): WooProduct | undefined =>
    standing('products', products).find(
      ({ optionName, variations }) => optionName !== null && variations.some(({ id }) => id === variationId),
    )

  return {
    buried,
    documents: (entity) => documents[entity](),

    document(entity, id) {
      const [found] = documents[entity](id)
      if (found !== undefined || entity !== 'products') return found
      const product = productWith(id)
      const variation = product?.variations.find((each) => each.id === id)
      return product && variation && variationDocument(site, product, variation)
    },

    variations(productId) {
      const product = standing('products', products).find(({ id }) => id === productId)
      if (product === undefined) return undefined
      return (product.optionName === null ? [] : product.variations).map((each) => listed(site, product, each))
    },

    erase(entity, id) {
      const product = entity === 'products' ? productWith(id) : undefined
      if (product !== undefined) {
        product.variations = product.variations.filter((each) => each.id !== id)
        buried.push(id)
        return of.deliveryOf('product.deleted', { id })
      }
      const all: Record<WooEntity, readonly { id: number; status?: string }[]> = { orders, products, customers }
      const found = all[entity].find((each) => each.id === id)
      if (found === undefined) throw new RangeError(`${entity} ${id}: there is none`)
      erased.add(`${entity} ${id}`)
      if ('status' in found) found.status = 'trash'
      const history = entity === 'customers' ? histories.get(id) : undefined
      if (history !== undefined) histories.set(id, { ...history, deletedAt: 'unknown' })
      return undefined
    },
  }
}

/** A variation in the listing of its product's. */
function listed(site: WooSite, product: WooProduct, variation: WooVariation): WooDocument {
  const { type: _, parent_id: __, ...rest } = variationDocument(site, product, variation)
  return { ...rest, id: variation.id }
}
