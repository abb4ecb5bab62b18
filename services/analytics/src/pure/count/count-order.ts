import type { Attribution } from '../attribution/attribute.ts'
import { recordIn } from '../facts/links.ts'
import { platformMsOf } from '../facts/moment.ts'
import { countsSince, isCancelled, type OrderFact } from '../facts/order-fact.ts'
import type { OrderLine } from '../facts/order-statement.ts'
import { fromMillionths, toMillionths } from './amount.ts'
import type { Frames } from './count-session.ts'
import { hourOf } from './hour.ts'
import { type Added, type Figures, plus, rowId } from './row.ts'

const mostValues = 40

/** What an order adds, all of it to the hour in which it was made. Cancelled ones are worth nothing any more. */
export function countOrder(order: OrderFact, attribution: Attribution | null, frames: Frames): Added[] {
  const at = countsSince(order)
  if (at === undefined) return []
  const { merchantId, platform, storeId, stated } = order
  const key = { merchantId, platform, storeId, hour: hourOf(at), currency: stated.currency?.value ?? '' }
  const worth = worthOf(order)
  const all = { dimension: 'all', value: '' }
  const orders = { row: rowId({ ...key, ...all, type: 'orders' }), add: worth }
  if (attribution === null) return [orders]
  const row = (dimension: string, value: string) => rowId({ ...key, type: 'attributed', dimension, value })
  const algorithms = [...new Set(attribution.recommendations.flatMap(({ algorithm }) => algorithm ?? []))]
  return [
    orders,
    { row: row('all', ''), add: worth },
    { row: row('basis', attribution.basis), add: worth },
    ...first(algorithms).map((algorithm) => ({ row: row('algorithm', algorithm), add: worth })),
    ...byFrame(order, frames).map(({ attribute, value, add }) => ({ row: row(attribute, value), add })),
  ]
}

const first = (values: readonly string[]) => values.toSorted().slice(0, mostValues)

function worthOf(order: OrderFact): Figures {
  const total = order.stated.total?.value ?? null
  return {
    orders: 1,
    cancelled: isCancelled(order) ? 1 : 0,
    grossTotal: total ?? '0',
    netTotal: netOf(order),
    withoutTotal: total === null ? 1 : 0,
  }
}

/**
 * What an order is worth after edits, refunds and cancellation: nothing when it is cancelled; else what the store said
 * it is worth, less what was given back after it said so; else its total less everything that was given back.
 */
function netOf(order: OrderFact): string {
  if (isCancelled(order)) return '0'
  const { netTotal, total } = order.stated
  const stated = netTotal?.value != null ? netTotal : undefined
  const base = stated?.value ?? total?.value ?? '0'
  const givenBack = order.refunds
    .filter(
      ({ moment, value: { at } }) => stated === undefined || (at ?? platformMsOf(moment)) > platformMsOf(stated.moment),
    )
    .reduce((sum, { value }) => sum + toMillionths(value.total ?? '0'), 0n)
  return fromMillionths(toMillionths(base) - givenBack)
}

/** Of the lines that sold frames of one kind: units that are left, and what these cost after discounts. */
function byFrame(order: OrderFact, frames: Frames) {
  const sums = new Map<string, { attribute: string; value: string; add: Figures }>()
  for (const line of order.stated.lines?.value ?? []) {
    const frame = frames.get(recordIn(order, line.productId) ?? '') ?? {}
    for (const [attribute, value] of Object.entries(frame)) {
      const key = `${attribute}|${value}`
      const sum = sums.get(key) ?? { attribute, value, add: { orders: 1, cancelled: isCancelled(order) ? 1 : 0 } }
      sums.set(key, { ...sum, add: plus(sum.add, soldIn(line, isCancelled(order))) })
    }
  }
  return [...sums.values()].sort((one, other) => (one.value < other.value ? -1 : 1)).slice(0, 4 * mostValues)
}

function soldIn({ units, price, discount }: OrderLine, cancelled: boolean): Figures {
  if (cancelled || units <= 0) return { units: 0, netTotal: '0' }
  const worth = toMillionths(price ?? '0') * BigInt(units) - toMillionths(discount ?? '0')
  return { units, netTotal: fromMillionths(worth) }
}
