import { currencies, fromEuroCents, type Minor, partOf } from '../money.ts'
import type { Customer, Line, Order, Product, Property } from './model.ts'
import { discountNames, gateways, lensCoatings, lensTypes, locales, notes, orderTags } from './vocabulary.ts'
import { addressOf, anyPerson, pickTags, type World } from './world.ts'

/** How many lines the largest simulated order has: more than a page of Shopify's API. */
const extremeLines = 150

/** Tax rates in ten thousandths, with the name that stands on the bill. */
const taxes: readonly (readonly [string, number])[] = [
  ['MwSt.', 1900],
  ['HST', 1300],
  ['State Tax', 725],
  ['消費税', 1000],
  ['Tax free', 0],
]

type Channel = 'member' | 'guest' | 'pos' | 'draft'

export function createOrder(world: World, at: number, extreme = false): Order {
  const { random, settings } = world
  const channel: Channel = extreme ? 'member' : random.weighted({ member: 74, guest: 13, pos: 9, draft: 4 })
  const customer = channel === 'guest' || channel === 'pos' ? null : buyer(world)
  const person = anyPerson(world)
  const billing = channel === 'pos' ? null : addressOf(world, person, null)
  const [taxTitle, taxRate] = random.pick(taxes)
  world.made.order += 1
  const order: Order = {
    kind: 'order',
    id: world.nextId(),
    sequence: world.made.order,
    token: random.uuid().replaceAll('-', ''),
    createdAt: at,
    processedAt: channel === 'draft' ? at - random.int(1, 5) * 86_400_000 : at,
    updatedAt: at,
    closedAt: null,
    cancelledAt: null,
    cancelReason: null,
    financialStatus: channel === 'pos' ? 'paid' : random.weighted({ paid: 6, authorized: 3, pending: 2 }),
    currency: settings.currency,
    presentmentCurrency: random.chance(0.25) ? random.pick(currencies) : settings.currency,
    taxesIncluded: random.chance(0.4),
    taxRate,
    taxTitle,
    customer,
    email: channel === 'pos' ? null : (customer?.email ?? person.email),
    phone: random.chance(0.3) && channel !== 'pos' ? person.phone : null,
    billingAddress: billing,
    shippingAddress:
      billing === null ? null : random.chance(0.8) ? { ...billing } : addressOf(world, anyPerson(world), null),
    note: random.chance(0.2) ? random.pick(notes) : null,
    tags: pickTags(world, orderTags),
    noteAttributes: channel === 'pos' ? [] : attributes(world),
    sourceName: channel === 'pos' ? 'pos' : channel === 'draft' ? 'shopify_draft_order' : 'web',
    test: random.chance(0.03),
    locale: channel === 'pos' ? null : random.pick(locales),
    gateway: random.pick(gateways),
    lines: [],
    shippingLines: [],
    discount: null,
    refunds: [],
    fulfilments: [],
    edits: [],
  }
  const count = extreme ? extremeLines : random.pick([1, 1, 1, 1, 2, 2, 3, 5])
  for (let made = 0; made < count; made += 1) order.lines.push(drawLine(world, order))
  if (channel !== 'pos') addShipping(world, order)
  if (random.chance(0.2)) addDiscount(world, order)
  world.orders.push(order)
  return order
}

/** A few customers buy most. */
function buyer(world: World): Customer | null {
  const { customers, random } = world
  return customers.length === 0 ? null : (customers[random.skewedIndex(customers.length)] ?? null)
}

/** A line of something that the shop sells, of a gift card, or of what was never in the catalogue. */
export function drawLine(world: World, order: Order): Line {
  const { random } = world
  const kind = world.products.length === 0 ? 'custom' : random.weighted({ frame: 90, custom: 6, gift: 4 })
  const base: Line = {
    id: world.nextId(),
    product: null,
    title: kind === 'gift' ? 'Gift card / Gutschein' : 'Repair & adjustment',
    variantTitle: null,
    vendor: null,
    quantity: random.pick([1, 1, 1, 1, 1, 2, 2, 4]),
    currentQuantity: 0,
    fulfilledQuantity: 0,
    price: fromEuroCents(BigInt(random.int(500, 9_000)), order.currency),
    discount: 0n,
    tax: 0n,
    giftCard: kind === 'gift',
    requiresShipping: kind === 'frame',
    taxable: kind !== 'gift',
    properties: [],
  }
  if (kind === 'frame') {
    const product: Product = random.pick(world.products)
    const variant = random.pick(product.variants)
    Object.assign(base, {
      product: { productId: product.id, variantId: variant.id, sku: variant.sku },
      title: product.title,
      variantTitle: variant.options.join(' / '),
      vendor: product.vendor,
      price: variant.price,
      taxable: variant.taxable,
      properties: random.chance(0.45) ? lensProperties(world) : [],
    } satisfies Partial<Line>)
  }
  base.currentQuantity = base.quantity
  tax(order, base)
  return base
}

function tax(order: Order, line: Line): void {
  if (!line.taxable) return
  const net = line.price * BigInt(line.quantity) - line.discount
  const rate = BigInt(order.taxRate)
  line.tax = order.taxesIncluded ? (net * rate) / (10_000n + rate) : partOf(net, order.taxRate)
}

function lensProperties(world: World): Property[] {
  const { random } = world
  const properties = [{ name: 'lens_type', value: random.pick(lensTypes) }]
  if (random.chance(0.6)) properties.push({ name: 'lens_coating', value: random.pick(lensCoatings) })
  if (random.chance(0.4)) properties.push({ name: 'prescription', value: prescription(world) })
  if (random.chance(0.2)) properties.push({ name: 'Engraving', value: random.pick(notes) })
  return properties
}

function prescription({ random }: World): string {
  const eye = () => ({ sphere: random.int(-24, 16) / 4, cylinder: random.int(-8, 0) / 4, axis: random.int(0, 180) })
  return JSON.stringify({ right: eye(), left: eye(), pd: random.int(108, 144) / 2 })
}

/** What the cart carried: the AI session, any number of recommendations, and what other apps left there. */
export function attributes(world: World): Property[] {
  const { random } = world
  const list: Property[] = []
  if (random.chance(0.2)) list.push({ name: 'gift_message', value: random.pick(notes) })
  if (random.chance(0.55)) {
    list.push({ name: 'ai_session_id', value: `sess_${random.uuid()}` })
    const count = random.pick([0, 0, 1, 1, 1, 1, 3, 3, 3, 12])
    for (let at = 1; at <= count; at += 1) {
      list.push({ name: `recommendation_id_${at}`, value: `rec_${random.digits(10)}` })
    }
  }
  if (random.chance(0.15)) list.push({ name: 'utm/source', value: 'newsletter & co' })
  return list
}

function addShipping(world: World, order: Order): void {
  const { random } = world
  if (!order.lines.some((line) => line.requiresShipping)) return
  const price: Minor = fromEuroCents(BigInt(random.pick([0, 490, 990, 1_500])), order.currency)
  order.shippingLines.push({
    id: world.nextId(),
    title: random.pick(['Standard', 'Express – heute', '宅配便']),
    code: random.chance(0.7) ? random.pick(['STD', 'EXP']) : null,
    price,
    discountedPrice: random.chance(0.1) ? 0n : price,
  })
}

function addDiscount(world: World, order: Order): void {
  const { random } = world
  const share = random.pick([500, 1_000, 2_500])
  for (const line of order.lines.filter((each) => !each.giftCard)) {
    line.discount = partOf(line.price * BigInt(line.quantity), share)
    tax(order, line)
  }
  const amount = order.lines.reduce((sum, line) => sum + line.discount, 0n)
  if (amount > 0n) order.discount = { code: random.pick(discountNames), kind: 'percentage', amount }
}
