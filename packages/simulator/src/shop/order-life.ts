import { partOf } from '../money.ts'
import type { Line, Order, OrderEdit, Refund } from './model.ts'
import type { Topic } from './options.ts'
import { attributes, drawLine } from './order-birth.ts'
import { totalsOf, worthOf } from './totals.ts'
import { cancelReasons, carriers, notes, orderTags, refundNotes } from './vocabulary.ts'
import { addressOf, anyPerson, pickTags, type World } from './world.ts'

export type OrderAction =
  | 'pay'
  | 'fulfil'
  | 'track'
  | 'recall'
  | 'refund'
  | 'refund-money'
  | 'cancel'
  | 'note'
  | 'tags'
  | 'attributes'
  | 'address'
  | 'contact'
  | 'edit'
  | 'archive'
  | 'restate'

/** What an order does, how often, when it can, and which topics tell of it besides orders/updated. */
type Deed = {
  weight: number
  when: (order: Order) => boolean
  act: (world: World, order: Order, at: number) => Topic[]
}

const paid = (order: Order): boolean => ['paid', 'partially_refunded'].includes(order.financialStatus)
const open = (order: Order): boolean => order.cancelledAt === null
const unsent = (line: Line): number => Math.max(0, line.currentQuantity - line.fulfilledQuantity)
const always = () => true

const deeds: Readonly<Record<OrderAction, Deed>> = {
  pay: {
    weight: 40,
    when: (order) => ['pending', 'authorized'].includes(order.financialStatus) && open(order),
    act: pay,
  },
  fulfil: {
    weight: 22,
    when: (order) => open(order) && paid(order) && order.lines.some((line) => unsent(line) > 0),
    act: fulfil,
  },
  track: { weight: 12, when: (order) => order.fulfilments.some((each) => each.status === 'success'), act: track },
  recall: { weight: 2, when: (order) => order.fulfilments.some((each) => each.status === 'success'), act: recall },
  refund: {
    weight: 9,
    when: (order) => paid(order) && order.lines.some((line) => line.currentQuantity > 0),
    act: refund,
  },
  'refund-money': { weight: 3, when: (order) => paid(order) && totalsOf(order).currentTotal > 100n, act: refundMoney },
  cancel: { weight: 4, when: (order) => open(order) && order.fulfilments.length === 0, act: cancel },
  note: { weight: 7, when: always, act: note },
  tags: { weight: 7, when: always, act: tags },
  attributes: { weight: 4, when: open, act: replaceAttributes },
  address: { weight: 4, when: (order) => open(order) && order.shippingAddress !== null, act: address },
  contact: { weight: 4, when: (order) => open(order) && order.sourceName !== 'pos', act: contact },
  edit: { weight: 5, when: (order) => open(order) && order.lines.length < 100, act: edit },
  archive: { weight: 5, when: always, act: archive },
  restate: { weight: 6, when: always, act: () => [] },
}

/** Changes one thing that this order can do now; returns the topics that tell of it besides orders/updated. */
export function changeOrder(world: World, order: Order, at: number, action?: OrderAction): Topic[] {
  const possible = Object.entries(deeds).filter(([, deed]) => deed.when(order))
  const weights = Object.fromEntries(possible.map(([name, deed]) => [name, deed.weight]))
  const deed = deeds[action ?? (world.random.weighted(weights) as OrderAction)]
  order.updatedAt = at
  return deed.when(order) ? deed.act(world, order, at) : []
}

/** An order that the shop may delete. */
export const isDeletable = (order: Order): boolean => order.cancelledAt !== null || order.test

function pay(_world: World, order: Order): Topic[] {
  order.financialStatus = 'paid'
  return ['orders/paid']
}

function fulfil(world: World, order: Order, at: number): Topic[] {
  const { random } = world
  const partly = random.chance(0.35)
  const open = order.lines.filter((line) => unsent(line) > 0)
  const lines = (partly ? [random.pick(open)] : open).map((line) => {
    const quantity = partly ? random.int(1, unsent(line)) : unsent(line)
    line.fulfilledQuantity += quantity
    return { lineId: line.id, quantity }
  })
  const tracked = random.chance(0.75)
  const [company, page] = random.pick(carriers)
  const numbers = tracked ? Array.from({ length: random.int(1, 2) }, () => `TR${random.digits(12)}`) : []
  order.fulfilments.push({
    id: world.nextId(),
    status: 'success',
    createdAt: at,
    updatedAt: at,
    shipmentStatus: null,
    trackingCompany: tracked ? company : null,
    trackingNumbers: numbers,
    trackingUrls: numbers.map((number) => page + number),
    lines,
  })
  return fulfilmentOf(order) === 'fulfilled' ? ['orders/fulfilled'] : []
}

function track(world: World, order: Order, at: number): Topic[] {
  const fulfilment = world.random.pick(order.fulfilments.filter((each) => each.status === 'success'))
  fulfilment.shipmentStatus = world.random.pick(['confirmed', 'in_transit', 'out_for_delivery', 'delivered'])
  if (world.random.chance(0.15)) {
    fulfilment.trackingNumbers = []
    fulfilment.trackingUrls = []
  }
  fulfilment.updatedAt = at
  return []
}

/** A fulfilment is undone: what was sent counts as unsent again. */
function recall(world: World, order: Order, at: number): Topic[] {
  const fulfilment = world.random.pick(order.fulfilments.filter((each) => each.status === 'success'))
  fulfilment.status = 'cancelled'
  fulfilment.updatedAt = at
  for (const sent of fulfilment.lines) {
    const line = order.lines.find((each) => each.id === sent.lineId)
    if (line !== undefined) line.fulfilledQuantity = Math.max(0, line.fulfilledQuantity - sent.quantity)
  }
  return []
}

function refund(world: World, order: Order, at: number): Topic[] {
  const { random } = world
  const line = random.pick(order.lines.filter((each) => each.currentQuantity > 0))
  giveBack(world, order, at, [[line, random.int(1, line.currentQuantity)]])
  return ['refunds/create']
}

function giveBack(world: World, order: Order, at: number, what: readonly (readonly [Line, number])[]): void {
  const { random } = world
  const lines = what.map(([line, quantity]) => {
    const { subtotal, tax } = worthOf(line, quantity)
    line.currentQuantity -= quantity
    const restockType = random.pick(['return', 'no_restock', 'cancel'])
    return { id: world.nextId(), lineId: line.id, quantity, subtotal, tax, restockType }
  })
  const amount = lines.reduce((sum, each) => sum + each.subtotal + (order.taxesIncluded ? 0n : each.tax), 0n)
  addRefund(world, order, at, { lines, adjustments: [], amount })
}

/** Money without goods: the shop excuses itself, or gives shipping back. */
function refundMoney(world: World, order: Order, at: number): Topic[] {
  const { random } = world
  const amount = partOf(totalsOf(order).currentTotal, random.pick([500, 1_000, 3_333]))
  const kind = random.pick(['refund_discrepancy', 'shipping_refund'])
  const reason = kind === 'shipping_refund' ? 'Shipping refund' : 'Refund discrepancy'
  addRefund(world, order, at, {
    lines: [],
    adjustments: [{ id: world.nextId(), kind, reason, amount: -amount, tax: 0n }],
    amount,
  })
  return ['refunds/create']
}

function addRefund(
  world: World,
  order: Order,
  at: number,
  of: Pick<Refund, 'lines' | 'adjustments'> & { amount: bigint },
): void {
  const { random } = world
  const transaction = (status: string) => ({
    id: world.nextId(),
    kind: 'refund',
    status,
    gateway: order.gateway,
    amount: of.amount,
    at,
  })
  const tries = random.chance(0.1) ? [transaction('failure'), transaction('success')] : [transaction('success')]
  order.refunds.push({
    id: world.nextId(),
    createdAt: at,
    note: random.chance(0.5) ? random.pick(refundNotes) : null,
    lines: of.lines,
    adjustments: of.adjustments,
    transactions: of.amount > 0n ? tries : [],
  })
  order.financialStatus = totalsOf(order).currentTotal > 0n ? 'partially_refunded' : 'refunded'
}

function cancel(world: World, order: Order, at: number): Topic[] {
  order.cancelledAt = at
  order.closedAt = at
  order.cancelReason = world.random.pick(cancelReasons)
  const held = order.lines.filter((line) => line.currentQuantity > 0)
  if (paid(order))
    giveBack(
      world,
      order,
      at,
      held.map((line) => [line, line.currentQuantity]),
    )
  else {
    order.financialStatus = 'voided'
    for (const line of held) line.currentQuantity = 0
  }
  return ['orders/cancelled']
}

function note(world: World, order: Order): Topic[] {
  order.note = order.note !== null && world.random.chance(0.5) ? null : world.random.pick(notes)
  return []
}

function tags(world: World, order: Order): Topic[] {
  order.tags = order.tags.length > 0 && world.random.chance(0.4) ? [] : pickTags(world, orderTags)
  return []
}

/** Themes replace the whole set, so ours can disappear. */
function replaceAttributes(world: World, order: Order): Topic[] {
  order.noteAttributes = world.random.chance(0.3) ? [] : attributes(world)
  return []
}

function address(world: World, order: Order): Topic[] {
  order.shippingAddress = addressOf(world, anyPerson(world), null)
  return []
}

function contact(world: World, order: Order): Topic[] {
  const { random } = world
  if (random.chance(0.5)) order.phone = order.phone !== null && random.chance(0.5) ? null : `+1613${random.digits(7)}`
  else order.email = order.email !== null && random.chance(0.3) ? null : anyPerson(world).email
  return []
}

function edit(world: World, order: Order, at: number): Topic[] {
  const { random } = world
  const line = random.pick(order.lines)
  const edited: OrderEdit = { id: BigInt(at), committedAt: at, additions: [], removals: [] }
  order.edits.push(edited)
  if (random.chance(0.5) && unsent(line) > 0) {
    line.currentQuantity -= 1
    edited.removals.push({ lineId: line.id, delta: 1 })
  } else {
    const added = drawLine(world, order)
    order.lines.push(added)
    edited.additions.push({ lineId: added.id, delta: added.quantity })
  }
  return ['orders/edited']
}

function archive(_world: World, order: Order, at: number): Topic[] {
  order.closedAt = order.closedAt === null ? at : null
  return []
}

/** As Shopify names it; null while nothing is sent. */
export const lineFulfilment = (line: Line): 'fulfilled' | 'partial' | null =>
  line.fulfilledQuantity === 0 ? null : unsent(line) === 0 ? 'fulfilled' : 'partial'

export function fulfilmentOf(order: Order): 'fulfilled' | 'partial' | null {
  if (order.lines.every((line) => line.fulfilledQuantity === 0)) return null
  return order.lines.every((line) => unsent(line) === 0) ? 'fulfilled' : 'partial'
}
