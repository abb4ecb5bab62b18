import { createHash } from 'node:crypto'
import { partOf } from '../money.ts'
import { createRandom } from '../random.ts'
import { personOf } from '../shop/people.ts'
import type { CustomerHistory } from '../truth/customer-history.ts'
import type { Truth } from '../truth/truth.ts'
import { customerDocument, type Json, orderDocument, productDocument, variationDocument } from './documents.ts'
import { mangled } from './mangle.ts'
import {
  lineSubtotal,
  sumsOf,
  type WooAddress,
  type WooCustomer,
  type WooLine,
  type WooOrder,
  type WooProduct,
} from './model.ts'
import { signedWooRequest } from './sign.ts'
import { wooTruth } from './woo-truth.ts'
import { createWooView, type WooDelivery, type WooView } from './woo-view.ts'

export type WooShopOptions = {
  /** Any text. The same seed and options make the same shop, to the byte. */
  readonly seed: string
  readonly merchantId: string
  /** The site's URL, lower case, without a slash at its end. */
  readonly storeId: string
  /** Signs the deliveries. */
  readonly secret: string
  /** One with two digits after the point. */
  readonly currency: string
  readonly orders: number
  /** The life begins then, ms. */
  readonly from?: number
}

export type WooShop = WooView & {
  /** In the order in which they are sent. Each is built when it is sent, so two of one entity may say the same. */
  readonly deliveries: readonly WooDelivery[]
  truth(): Truth
}

const minute = 60_000
const shapes = ['round', 'aviator', 'cat-eye', 'rectangle'] as const
const colours = ['Black', 'Tortoise', 'Gold'] as const
const lenses = ['single-vision', 'progressive', null, null] as const

/** Lives the shop's life to its end: catalogue, customers, orders, refunds, what goes to the trash and comes back. */
export function createWooShop(options: WooShopOptions): WooShop {
  const { seed, merchantId, storeId, currency } = options
  const random = createRandom(`${seed}|${merchantId}|${storeId}|woo`)
  const site = { storeId, currency, utcOffsetMinutes: 60 }
  const products: WooProduct[] = []
  const customers: WooCustomer[] = []
  const orders: WooOrder[] = []
  const histories = new Map<number, CustomerHistory>()
  const deliveries: WooDelivery[] = []
  let clock = options.from ?? Date.UTC(2026, 10, 8, 9)
  let lastId = 100

  const nextId = (): number => (lastId += random.int(1, 3))
  /** Whole seconds apart: WooCommerce knows nothing finer. */
  const later = (): number => (clock += random.int(1, 20) * minute)

  function tell(topic: string, document: Json): void {
    const delivery = deliveryOf(topic, random.chance(0.2) ? mangled(random, document) : document)
    deliveries.push(delivery)
    if (random.chance(0.05)) deliveries.push(delivery)
  }

  function deliveryOf(topic: string, document: Json): WooDelivery {
    const webhookId = String(10 + [...topic].reduce((sum, letter) => sum + letter.charCodeAt(0), 0))
    // The same for all of a second.
    const deliveryId = createHash('md5')
      .update(webhookId + Math.floor(clock / 1000))
      .digest('hex')
    const { secret } = options
    const request = signedWooRequest(JSON.stringify(document), { storeId, secret, topic, webhookId, deliveryId })
    return { topic, ...request }
  }

  const tellOrder = (event: string, order: WooOrder) => tell(`order.${event}`, orderDocument(site, order))
  const tellProduct = (event: string, product: WooProduct) => tell(`product.${event}`, productDocument(site, product))

  function makeProduct(): void {
    const at = later()
    const [id, shape, isVariable] = [nextId(), random.pick(shapes), random.chance(0.5)]
    const regularPrice = BigInt(random.int(4_000, 30_000))
    const variation = (options: string[], own: number) => ({
      ...{
        id: own,
        modifiedAt: at,
        sku: random.chance(0.3) ? String(90_000 + own) : `WOO-${own}`,
        options,
        regularPrice,
      },
      price: random.chance(0.3) ? partOf(regularPrice, 8_000) : regularPrice,
      stock: random.chance(0.7) ? random.int(0, 40) : null,
    })
    const product: WooProduct = {
      ...{ id, createdAt: at, modifiedAt: at, status: 'publish', category: 'Frames', frameShape: shape },
      ...{ name: `Frame ${id}`, slug: `frame-${id}`, tags: random.chance(0.5) ? ['new'] : [] },
      ...{ lensWidth: random.int(46, 58), optionName: isVariable ? 'Colour' : null },
      optionValues: [],
      variations: isVariable
        ? colours.slice(0, random.int(2, 3)).map((each) => variation([each], nextId()))
        : [variation([], id)],
    }
    if (isVariable) product.optionValues = product.variations.flatMap(({ options }) => options)
    products.push(product)
    tellProduct('created', product)
    if (isVariable)
      for (const each of product.variations) tell('product.created', variationDocument(site, product, each))
  }

  function changeProduct(product: WooProduct): void {
    const at = later()
    const changed = random.pick(product.variations)
    changed.price = partOf(changed.regularPrice, random.pick([7_000, 9_000, 10_000]))
    if (changed.stock !== null) changed.stock = random.int(0, 40)
    changed.modifiedAt = at
    if (product.optionName !== null) tell('product.updated', variationDocument(site, product, changed))
    else {
      product.modifiedAt = at
      tellProduct('updated', product)
    }
  }

  function trashAndMayRestore<T extends WooProduct | WooOrder>(entity: T, resource: 'product' | 'order'): void {
    const status = entity.status
    entity.status = 'trash'
    entity.modifiedAt = later()
    tell(`${resource}.deleted`, { id: entity.id })
    if (random.chance(0.5)) return
    entity.status = status
    entity.modifiedAt = later()
    if ('lines' in entity) tellOrder('restored', entity)
    else {
      // A product without an option is its own variation.
      const [own] = entity.variations
      if (entity.optionName === null && own !== undefined) own.modifiedAt = entity.modifiedAt
      tellProduct('restored', entity)
    }
  }

  function addressOf(person: ReturnType<typeof personOf>): WooAddress {
    const { firstName, lastName, phone, place } = person
    const street = `${place.street} ${random.int(1, 90)}`
    return { firstName, lastName, street, city: place.city, zip: place.zip, countryCode: place.countryCode, phone }
  }

  /** Notes what the shop says of a customer, and since when. */
  function note(customer: WooCustomer): void {
    const at = customer.changedAt ?? customer.createdAt
    const held = histories.get(customer.id)
    const says = {
      ...{ email: customer.email, phone: customer.billing?.phone ?? null, acceptsMarketing: null },
      ...{ firstName: customer.firstName, lastName: customer.lastName },
    }
    const run = (field: keyof typeof says) => {
      const before = held?.runs[field]
      return before !== undefined && before.value === says[field] ? before : { value: says[field], since: at }
    }
    histories.set(customer.id, {
      recordId: `${merchantId}|woocommerce|${storeId}|${customer.id}`,
      ...{ merchantId, storeId, platformId: String(customer.id), deletedAt: undefined },
      ...{ createdAt: new Date(customer.createdAt), changedAt: new Date(at) },
      runs: {
        ...{ email: run('email'), phone: run('phone'), acceptsMarketing: run('acceptsMarketing') },
        ...{ firstName: run('firstName'), lastName: run('lastName') },
      },
    })
  }

  function makeCustomer(): void {
    const person = personOf({ seed, merchantId }, customers.length)
    const { email, firstName, lastName } = person
    const customer: WooCustomer = {
      ...{ id: customers.length + 2, createdAt: later(), changedAt: null, email, firstName, lastName, billing: null },
    }
    customers.push(customer)
    note(customer)
    tell('customer.created', customerDocument(site, customer))
    if (random.chance(0.3)) return
    customer.billing = addressOf(person)
    if (random.chance(0.3)) customer.lastName = `${lastName}-Meyer`
    customer.changedAt = later()
    note(customer)
    // The action says only whom; the shop has to be asked.
    if (random.chance(0.3))
      tell('action.woocommerce_new_customer', { action: 'woocommerce_new_customer', arg: customer.id })
    else tell('customer.updated', customerDocument(site, customer))
  }

  function lineOf(): WooLine {
    const product = random.pick(products)
    const [variation, quantity] = [random.pick(product.variations), random.int(1, 3)]
    const line: WooLine = {
      ...{
        id: nextId(),
        product,
        variation: { ...variation },
        quantity,
        price: variation.price,
        discount: 0n,
        tax: 0n,
      },
      lensType: random.pick(lenses),
    }
    if (random.chance(0.3)) line.discount = partOf(lineSubtotal(line), 1_000)
    line.tax = partOf(lineSubtotal(line) - line.discount, 1_900)
    return line
  }

  function liveOrder(): void {
    const at = later()
    const customer = random.chance(0.6) && customers.length > 0 ? random.pick(customers) : null
    const person = personOf({ seed, merchantId }, random.int(0, 500))
    const order: WooOrder = {
      ...{ id: nextId(), createdAt: at, modifiedAt: at, paidAt: null, completedAt: null, status: 'pending', customer },
      ...{ email: customer?.email ?? person.email, billing: addressOf(person), refunds: [] },
      ...{
        note: random.chance(0.2) ? 'Please call first' : '',
        lines: Array.from({ length: random.int(1, 3) }, lineOf),
      },
      shipping: { id: nextId(), price: BigInt(random.pick([0, 490])) },
      sessionId: random.chance(0.4) ? random.uuid() : null,
      recommendationIds: random.chance(0.4) ? [random.uuid(), random.uuid()] : [],
    }
    orders.push(order)
    tellOrder('created', order)
    const fate = random.weighted({ unpaid: 1, cancelled: 1, paid: 2, completed: 5, refunded: 2 })
    if (fate === 'unpaid') return
    order.modifiedAt = later()
    if (fate === 'cancelled') order.status = 'cancelled'
    else {
      order.status = 'processing'
      order.paidAt = order.modifiedAt
    }
    tellOrder('updated', order)
    if (fate === 'completed' || fate === 'refunded') {
      order.status = 'completed'
      order.completedAt = order.modifiedAt = later()
      tell('action.woocommerce_order_status_completed', { action: 'woocommerce_order_status_completed', arg: order.id })
      if (random.chance(0.5)) tellOrder('updated', order)
    }
    if (fate === 'refunded') {
      const amount = random.chance(0.5) ? sumsOf(order).total : partOf(sumsOf(order).total, 3_000)
      order.refunds.push({ id: nextId(), reason: 'Too small', amount })
      if (amount === sumsOf(order).total) order.status = 'refunded'
      order.modifiedAt = later()
      tellOrder('updated', order)
    }
    if (random.chance(0.1)) trashAndMayRestore(order, 'order')
  }

  for (let made = 0; made < 6; made += 1) makeProduct()
  for (let made = 0; made < options.orders; made += 1) {
    if (random.chance(0.15)) makeProduct()
    if (random.chance(0.4)) makeCustomer()
    if (random.chance(0.4)) changeProduct(random.pick(products.filter(({ status }) => status !== 'trash')))
    liveOrder()
  }
  for (const product of products.slice(0, 2)) trashAndMayRestore(product, 'product')

  const view = createWooView({ site, orders, products, customers, histories, deliveryOf })
  return {
    ...{ deliveries, ...view },
    truth: () =>
      wooTruth(
        { merchantId, storeId, currency },
        { orders, products, customers, histories: [...histories.values()], buried: view.buried },
      ),
  }
}
