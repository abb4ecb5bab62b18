import { assemble } from '../shop/assemble.ts'
import type { Entity, EntityKind } from '../shop/model.ts'
import type { Settings } from '../shop/options.ts'
import { createWorld } from '../shop/world.ts'
import { customerTruth } from './customer.ts'
import { type CustomerHistory, createCustomerHistory } from './customer-history.ts'
import { orderTruth } from './order.ts'
import { productTruth } from './product.ts'
import { type ExpectedUser, usersOf } from './users.ts'
import { time, type Value } from './values.ts'

export type RecordCollection = 'orders' | 'customers' | 'products' | 'inventory'
export const recordCollections: readonly RecordCollection[] = ['orders', 'customers', 'products', 'inventory']

/** What one document must be in the end. */
export type ExpectedRecord = {
  /** `_id`: merchant|platform|store|the shop's own id. */
  id: string
  fields: Readonly<Record<string, Value>>
  /** Whether it is a tombstone, which may, but need not, still say what the entity last was. */
  deleted: boolean
  /** It need not be there: whether anybody ever heard of it depends on when they asked. */
  optional?: boolean
  /** When the shop last changed it, by the shop's clock. */
  changedAt: Date
}

export type Store = { merchantId: string; storeId: string }

/** What the database must hold for some stores once all their deliveries are applied. */
export type Truth = {
  stores: readonly Store[]
  records: Readonly<Record<RecordCollection, ReadonlyMap<string, ExpectedRecord>>>
  users: ReadonlyMap<string, ExpectedUser>
  /** What every customer of these stores was said to be: the people behind them follow from all stores together. */
  histories: readonly CustomerHistory[]
}

const collectionOf: Readonly<Record<EntityKind, RecordCollection>> = {
  order: 'orders',
  customer: 'customers',
  product: 'products',
  level: 'inventory',
}

/**
 * Lives the life of a shop to its end and writes down what is then true. It reads the shop alone: nothing of what the
 * system does with a delivery has part in it.
 */
export function truthOf(settings: Settings): Truth {
  const world = createWorld(settings)
  const history = createCustomerHistory(settings)
  for (const assembled of assemble(settings, world)) history.observe(assembled)

  const records = {
    orders: new Map(),
    customers: new Map(),
    products: new Map(),
    inventory: new Map(),
  } satisfies Record<RecordCollection, Map<string, ExpectedRecord>>
  const note = (entity: Entity, deletedAt: number | undefined) => {
    const id = recordId(settings, entity.id)
    records[collectionOf[entity.kind]].set(id, {
      id,
      fields: {
        platformId: String(entity.id),
        merchantId: settings.merchantId,
        storeId: settings.storeId,
        platform: 'shopify',
        updatedAt: time(entity.updatedAt),
        // a deletion names no time of its own, so it is the one of its delivery, by Shopify's clock
        ...(deletedAt !== undefined && { deletedAt: new Date(deletedAt - settings.clockSkew) }),
        ...fieldsOf(entity, settings),
      },
      deleted: deletedAt !== undefined,
      changedAt: new Date(deletedAt ?? entity.updatedAt),
    })
  }
  for (const entity of [...world.products, ...world.customers, ...world.orders, ...world.levels.values()])
    note(entity, undefined)
  for (const { entity, deletedAt } of world.gone) note(entity, deletedAt)
  const histories = history.all()
  return {
    stores: [{ merchantId: settings.merchantId, storeId: settings.storeId }],
    records,
    users: usersOf(histories),
    histories,
  }
}

const recordId = ({ merchantId, storeId }: Store, id: bigint): string => `${merchantId}|shopify|${storeId}|${id}`

function fieldsOf(entity: Entity, settings: Settings): Record<string, Value> {
  switch (entity.kind) {
    case 'order':
      return orderTruth(entity)
    case 'customer':
      return customerTruth(entity, settings)
    case 'product':
      return productTruth(entity, settings)
    case 'level':
      return { locations: [{ id: String(entity.locationId), available: entity.available }] }
    default:
      return entity satisfies never
  }
}

/** The truth of several stores together. Throws RangeError when one store is in it twice. */
export function mergeTruths(...truths: readonly Truth[]): Truth {
  const stores = truths.flatMap((truth) => truth.stores)
  const names = stores.map(({ merchantId, storeId }) => `${merchantId}|${storeId}`)
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) throw new RangeError(`two truths of one store: ${twice}`)
  const merged = (collection: RecordCollection) => new Map(truths.flatMap((truth) => [...truth.records[collection]]))
  const histories = truths.flatMap((truth) => truth.histories)
  return {
    stores,
    records: {
      orders: merged('orders'),
      customers: merged('customers'),
      products: merged('products'),
      inventory: merged('inventory'),
    },
    users: usersOf(histories),
    histories,
  }
}
