import type { Random } from '../random.ts'
import { createClock } from './clock.ts'
import { changeCustomer, countOrder, createCustomer, isDeletable as isCustomerDeletable } from './customer-life.ts'
import { countLevel, variantOf } from './inventory-life.ts'
import type { Entity, Product, RemovableKind } from './model.ts'
import type { Topic } from './options.ts'
import { createOrder } from './order-birth.ts'
import { changeOrder, isDeletable as isOrderDeletable } from './order-life.ts'
import { changeProduct, createProduct, takeStock } from './product-life.ts'
import type { World } from './world.ts'

/** Something that happened to one entity, and the topics that tell of it, the one that always does first. */
export type Happening = { entity: Entity; at: number; topics: Topic[] }

/** What is about to happen. The shop changes in `happen`, so that what is to be seen of it before can be. */
export type Planned = { at: number; happen(): Happening | undefined }

/** A consequence of what happened before; undefined when it has lost its object meanwhile. */
type FollowUp = (at: number) => Happening | undefined

type Step = 'new-customer' | 'new-product' | 'new-order' | 'customer' | 'product' | 'order' | 'delete'

const weights: Readonly<Record<Step, number>> = {
  'new-customer': 11,
  'new-product': 4,
  'new-order': 16,
  customer: 15,
  product: 14,
  order: 38,
  delete: 1.5,
}

/** After this many of a kind come the large ones, so that they change a few times before the life ends. */
const extremeAfter = 5

/**
 * The life of a shop, one happening after the other, without an end. `left()` tells how many deliveries are still
 * wanted. Some changes of one entity follow each other within a second or a few, as when a person fills in a form.
 * Each plan must be made to happen before the next is asked for.
 */
export function* live(world: World, left: () => number): Generator<Planned> {
  const { random, settings } = world
  const clock = createClock(random, { end: settings.now - 60_000, days: settings.days })
  const followUps: FollowUp[] = []
  let busyWith: Entity | undefined
  for (;;) {
    const again = busyWith
    busyWith = undefined
    if (again !== undefined) {
      const at = (random.chance(0.6) ? clock.withinSecond() : undefined) ?? clock.soon()
      yield { at, happen: () => change(world, again, at, followUps) }
      busyWith = random.chance(0.4) ? again : undefined
      continue
    }
    const follow = random.chance(0.7) ? followUps.shift() : undefined
    if (follow !== undefined) {
      const at = clock.withinSecond() ?? clock.next(left())
      yield { at, happen: () => follow(at) }
      continue
    }
    const at = clock.next(left())
    let happened: Happening | undefined
    yield {
      at,
      happen: () => {
        happened = step(world, at, followUps)
        return happened
      },
    }
    const removed = world.gone.at(-1)?.entity === happened?.entity
    if (!removed && happened?.entity.kind !== 'level' && random.chance(0.12)) busyWith = happened?.entity
  }
}

function step(world: World, at: number, followUps: FollowUp[]): Happening {
  const name = choose(world)
  switch (name) {
    case 'new-customer':
      return { entity: createCustomer(world, at), at, topics: ['customers/create'] }
    case 'new-product':
      return { entity: createProduct(world, at, isExtreme(world, 'product')), at, topics: ['products/create'] }
    case 'new-order':
      return place(world, at, followUps)
    case 'customer':
      return change(world, world.random.pick(world.customers), at, followUps)
    case 'product':
      return change(world, world.random.pick(world.products), at, followUps)
    case 'order':
      return change(world, recent(world.random, world.orders), at, followUps)
    case 'delete':
      return remove(world, at) ?? change(world, world.random.pick(world.products), at, followUps)
    default:
      return name satisfies never
  }
}

function choose(world: World): Step {
  const { settings, made } = world
  if (world.products.length < 2) return 'new-product'
  if (world.customers.length === 0 && made.customer < settings.customers) return 'new-customer'
  const now = {
    ...weights,
    'new-customer': made.customer < settings.customers ? weights['new-customer'] : 0,
    'new-product': made.product < settings.products ? weights['new-product'] : 0,
    'new-order': made.order < settings.orders ? weights['new-order'] : 0,
    customer: world.customers.length > 0 ? weights.customer : 0,
    order: world.orders.length > 0 ? weights.order : 0,
  }
  return world.random.weighted(now)
}

const isExtreme = (world: World, kind: 'product' | 'order'): boolean =>
  world.settings.extremes && world.made[kind] === extremeAfter

/** Orders that were made lately change most. */
const recent = <T>(random: Random, items: readonly T[]): T =>
  items[items.length - 1 - random.skewedIndex(items.length)] as T

/** An order is placed; the customer's figures and the shelf follow a moment later, as changes of their own. */
function place(world: World, at: number, followUps: FollowUp[]): Happening {
  const order = createOrder(world, at, isExtreme(world, 'order'))
  const { customer } = order
  if (customer !== null) {
    followUps.push((then) => {
      if (!world.customers.includes(customer)) return undefined
      countOrder(customer, order, then)
      return { entity: customer, at: then, topics: ['customers/update'] }
    })
  }
  const sold = order.lines[0]?.product
  const product = sold && world.products.find((each) => each.id === sold.productId)
  if (sold && product && world.random.chance(0.3)) {
    followUps.push((then) => {
      if (!world.products.includes(product)) return undefined
      takeStock(product, sold.variantId, order.lines[0]?.quantity ?? 0, then)
      tellStock(world, product, sold.variantId, followUps)
      return { entity: product, at: then, topics: ['products/update'] }
    })
  }
  return { entity: order, at, topics: ['orders/create'] }
}

/** The stock is told by itself as well, a moment after the product, to an app that asked for it. */
function tellStock(world: World, product: Product, variantId: bigint, followUps: FollowUp[]): void {
  if (!world.settings.topics.includes('inventory_levels/update')) return
  followUps.push((then) => {
    const variant = variantOf(world, product, variantId)
    if (variant === undefined) return undefined
    return { entity: countLevel(world, variant, then), at: then, topics: ['inventory_levels/update'] }
  })
}

function change(world: World, entity: Entity, at: number, followUps: FollowUp[]): Happening {
  switch (entity.kind) {
    case 'customer':
      changeCustomer(world, entity, at)
      return { entity, at, topics: ['customers/update'] }
    case 'product': {
      const counted = changeProduct(world, entity, at)
      if (counted !== undefined) tellStock(world, entity, counted.id, followUps)
      return { entity, at, topics: ['products/update'] }
    }
    case 'level':
      throw new Error('a level changes with its variant')
    case 'order':
      return { entity, at, topics: ['orders/updated', ...changeOrder(world, entity, at)] }
    default:
      return entity satisfies never
  }
}

const deleteTopic: Readonly<Record<RemovableKind, Topic>> = {
  customer: 'customers/delete',
  product: 'products/delete',
  order: 'orders/delete',
}

/** Removes something that the shop may remove and that nobody is about to change; undefined where there is none. */
function remove(world: World, at: number): Happening | undefined {
  const { random, settings } = world
  const kind = random.pick(['customer', 'product', 'order'] as const)
  if (!settings.topics.includes(deleteTopic[kind])) return undefined
  const candidates: Entity[] =
    kind === 'customer'
      ? world.customers.filter((each) => isCustomerDeletable(world, each))
      : kind === 'order'
        ? world.orders.filter(isOrderDeletable)
        : world.products.slice(2)
  if (candidates.length === 0) return undefined
  const entity = random.pick(candidates)
  world.customers = world.customers.filter((each) => each !== entity)
  world.products = world.products.filter((each) => each !== entity)
  world.orders = world.orders.filter((each) => each !== entity)
  world.gone.push({ kind, entity, deletedAt: at })
  return { entity, at, topics: [deleteTopic[kind]] }
}
