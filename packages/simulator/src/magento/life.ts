import { partOf } from '../money.ts'
import type { Random } from '../random.ts'
import { personOf } from '../shop/people.ts'
import type { CustomerHistory } from '../truth/customer-history.ts'
import type { MagentoShopOptions } from './create-magento-shop.ts'
import type { createJournal } from './journal.ts'
import {
  type MagentoAddress,
  type MagentoCustomer,
  type MagentoLine,
  type MagentoOrder,
  type MagentoProduct,
  rowTotal,
  sumsOf,
} from './model.ts'
import { noteCustomer } from './note-customer.ts'

/** What there was, and which of it is gone. */
export type MagentoState = {
  readonly orders: readonly MagentoOrder[]
  readonly products: readonly MagentoProduct[]
  readonly customers: readonly MagentoCustomer[]
  readonly gone: ReadonlySet<MagentoProduct | MagentoCustomer>
  readonly histories: readonly CustomerHistory[]
}

const minute = 60_000
const shapes = ['round', 'aviator', 'cat-eye', 'rectangle'] as const
const colours = ['Black', 'Tortoise', 'Gold'] as const
const brands = ['Havel', 'Norden & Sohn', 'Optik O’Neill'] as const
const faces = [['oval'], ['oval', 'round'], ['square', 'heart']] as const
const lenses = ['single-vision', 'progressive', null, null] as const

/** Lives a shop's life and writes each step down. */
export function live(
  options: MagentoShopOptions,
  random: Random,
  journal: ReturnType<typeof createJournal>,
): MagentoState {
  const { seed, merchantId, currency } = options
  const products: MagentoProduct[] = []
  const customers: MagentoCustomer[] = []
  const orders: MagentoOrder[] = []
  const gone = new Set<MagentoProduct | MagentoCustomer>()
  const histories = new Map<number, CustomerHistory>()
  let clock = options.from ?? Date.UTC(2026, 10, 8, 9)
  let lastId = 40

  const nextId = (): number => (lastId += random.int(1, 3))
  const later = (): number => (clock += random.int(1, 20) * minute)
  const onSale = () => products.filter((product) => product.frameColor === null && !gone.has(product))

  function frame(at: number, name: string, sku: string, more: Partial<MagentoProduct>): MagentoProduct {
    return {
      ...{ id: nextId(), createdAt: at, modifiedAt: at, name, sku, enabled: true, brand: random.pick(brands) },
      ...{ urlKey: sku.toLowerCase(), price: BigInt(random.int(4_000, 30_000)), specialPrice: null, frameColor: null },
      ...{ frameShape: random.pick(shapes), lensWidth: random.int(46, 58), faces: [...random.pick(faces)] },
      ...{ children: [], stock: random.int(0, 40), ...more },
    }
  }

  function makeProduct(): void {
    const number = products.length + 1
    const [name, sku] = [`Frame ${number}`, `VS-${String(number).padStart(3, '0')}`]
    if (random.chance(0.5)) {
      const product = frame(later(), name, sku, {})
      products.push(product)
      journal.product(product)
      return
    }
    // The children first: a configurable product is made of those that are there.
    const [at, shared] = [later(), frame(0, '', '', {})]
    const children = colours.slice(0, random.int(2, 3)).map((colour) =>
      frame(at, `${name}-${colour}`, `${sku}-${colour}`, {
        ...{ frameColor: colour, frameShape: shared.frameShape, lensWidth: shared.lensWidth },
      }),
    )
    const parent = frame(later(), name, sku, { children, stock: null, price: 0n })
    products.push(...children, parent)
    for (const product of [...children, parent]) journal.product(product)
  }

  /** A rule of the shop touches many products in one second: more rows of one time than any page has. */
  function reprice(): void {
    const at = later()
    for (const product of products.filter((each) => each.children.length === 0 && !gone.has(each))) {
      product.specialPrice = random.chance(0.5) ? partOf(product.price, 8_000) : null
      product.modifiedAt = at
      journal.product(product)
    }
  }

  function moveStock(product: MagentoProduct): void {
    if (product.stock === null) return
    product.stock = random.int(0, 60)
    journal.stock(product, later())
  }

  function changeProduct(): void {
    const product = random.pick(onSale())
    product.modifiedAt = later()
    if (product.children.length > 0 || random.chance(0.3)) product.enabled = !product.enabled
    else product.price = partOf(product.price, random.pick([9_000, 11_000]))
    journal.product(product)
  }

  function addressOf(person: ReturnType<typeof personOf>): MagentoAddress {
    const { firstName, lastName, phone, place } = person
    const street = `${place.street} ${random.int(1, 90)}`
    return {
      ...{ id: nextId(), firstName, lastName, phone, street },
      ...{ city: place.city, zip: place.zip, countryCode: place.countryCode },
    }
  }

  function saveCustomer(customer: MagentoCustomer): void {
    noteCustomer(histories, options, customer)
    journal.customer(customer)
  }

  function makeCustomer(): void {
    const person = personOf({ seed, merchantId }, customers.length)
    const at = later()
    const { email, firstName, lastName } = person
    const customer: MagentoCustomer = {
      ...{ id: customers.length + 2, createdAt: at, modifiedAt: at, email, firstName, lastName },
      ...{ subscribed: random.chance(0.3), addresses: [] },
    }
    customers.push(customer)
    saveCustomer(customer)
    if (random.chance(0.3)) return
    customer.addresses = [addressOf(person), ...(random.chance(0.3) ? [addressOf(person)] : [])]
    if (random.chance(0.3)) customer.lastName = `${lastName}-Meyer`
    if (random.chance(0.3)) customer.subscribed = !customer.subscribed
    customer.modifiedAt = later()
    saveCustomer(customer)
  }

  function lineOf(): MagentoLine {
    const product = random.pick(onSale())
    const chosen = product.children.length > 0 ? random.pick(product.children) : product
    const line: MagentoLine = {
      ...{ id: nextId(), childId: nextId(), product, chosen: { ...chosen }, quantity: random.int(1, 3), refunded: 0 },
      ...{ price: chosen.specialPrice ?? chosen.price, discount: 0n, tax: 0n, lensType: random.pick(lenses) },
    }
    if (random.chance(0.3)) line.discount = partOf(rowTotal(line), 1_000)
    line.tax = partOf(rowTotal(line) - line.discount, 1_900)
    return line
  }

  function saveOrder(order: MagentoOrder): void {
    order.modifiedAt = later()
    journal.order(order)
  }

  function refund(order: MagentoOrder): void {
    const [line] = order.lines
    const whole = random.chance(0.5)
    if (whole) for (const each of order.lines) each.refunded = each.quantity
    else if (line !== undefined) line.refunded = 1
    order.refunded = whole ? sumsOf(order).total : (line?.price ?? 0n)
    if (whole) order.state = 'closed'
    saveOrder(order)
  }

  function liveOrder(): void {
    const at = later()
    const customer = random.chance(0.6) && customers.length > 0 ? random.pick(customers) : null
    const person = personOf({ seed, merchantId }, customer === null ? random.int(0, 500) : customer.id - 2)
    const order: MagentoOrder = {
      ...{ id: nextId(), incrementId: String(orders.length + 1).padStart(9, '0'), createdAt: at, modifiedAt: at },
      ...{ state: 'new', customer, email: customer?.email ?? person.email, billing: addressOf(person) },
      ...{ shipping: addressOf(person), note: random.chance(0.2) ? 'Please call first' : null, refunded: 0n },
      ...{ lines: Array.from({ length: random.int(1, 3) }, lineOf), shippingPrice: BigInt(random.pick([0, 490])) },
      ...{ couponCode: random.chance(0.2) ? 'WELCOME' : null, paid: false },
      orderCurrency: random.pick([currency, currency, 'USD', 'GBP']),
      sessionId: random.chance(0.4) ? random.uuid() : null,
      recommendationIds: random.chance(0.4) ? [random.uuid(), random.uuid()] : [],
    }
    orders.push(order)
    journal.order(order)
    for (const { chosen } of order.lines) {
      const sold = products.find(({ id }) => id === chosen.id)
      if (sold !== undefined && random.chance(0.5)) moveStock(sold)
    }
    const fate = random.weighted({ unpaid: 1, cancelled: 1, paid: 2, complete: 5, refunded: 2 })
    if (fate === 'unpaid') return
    if (fate === 'cancelled') order.state = 'canceled'
    else {
      order.state = 'processing'
      order.paid = true
    }
    saveOrder(order)
    if (fate === 'complete' || fate === 'refunded') {
      order.state = 'complete'
      saveOrder(order)
    }
    if (fate === 'refunded') refund(order)
  }

  function endLives(): void {
    for (const product of onSale()
      .filter(({ children }) => children.length === 0)
      .slice(0, 2)) {
      gone.add(product)
      journal.productGone(product, later())
    }
    // Who never ordered: Magento takes the customer out of its orders without a word.
    const idle = customers.filter((each) => orders.every(({ customer }) => customer !== each))
    for (const customer of idle.slice(0, 2)) {
      gone.add(customer)
      noteCustomer(histories, options, customer, 'deleted')
      journal.customerGone(customer, later())
    }
  }

  for (let made = 0; made < 6; made += 1) makeProduct()
  for (let made = 0; made < 3; made += 1) makeCustomer()
  for (let made = 0; made < options.orders; made += 1) {
    if (random.chance(0.15)) makeProduct()
    if (random.chance(0.4)) makeCustomer()
    if (random.chance(0.3)) changeProduct()
    if (random.chance(0.3)) moveStock(random.pick(products.filter((each) => !gone.has(each))))
    if (made === Math.floor(options.orders / 2)) reprice()
    liveOrder()
  }
  for (let made = 0; made < 2; made += 1) makeCustomer()
  endLives()
  return { orders, products, customers, gone, histories: [...histories.values()] }
}
