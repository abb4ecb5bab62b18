import { addDecimals, type EntityDeleted, isIdPart, type OrderStated, recordId } from '@varai/schemas'
import { type FactRef, factRef, isCalendarTime, unusable } from './fact.ts'
import { type Moment, momentOf } from './moment.ts'

/** What the counts need of an order. `null` = the store says it is empty; a missing field = not stated. */
export type OrderFields = {
  /** ms since the epoch, as are all times here. */
  createdAt: number | null
  /** When the store told that it was made; for stores that say no more than that. */
  placedAt: number
  cancelledAt: number | null
  /** As the platform names it. */
  status: string | null
  /** ISO 4217 of the amounts. */
  currency: string | null
  /** Canonical decimal text, as are all amounts here. */
  total: string | null
  /** After edits and refunds, as of when it was stated. */
  netTotal: string | null
  test: boolean | null
  /** The record of the customer who made it. */
  person: string | null
  aiSessionId: string | null
  recommendationIds: readonly string[] | null
  lines: readonly OrderLine[] | null
}

export type OrderLine = {
  productId: string | null
  /** Units left after edits and refunds, else those ordered. */
  units: number
  /** Of one unit. */
  price: string | null
  /** On the whole line. */
  discount: string | null
}

export type OrderRefund = { id: string; total: string | null; at: number | null }

/** One thing that a store said about one of its orders, reduced to what the counts need. */
export type OrderStatement = { of: FactRef; moment: Moment } & (
  | {
      kind: 'stated'
      fields: Partial<OrderFields>
      refunds?: { list: readonly OrderRefund[]; complete: boolean }
    }
  | { kind: 'deleted'; terminal: boolean }
)

export type ReadStatement = { ok: true; statement: OrderStatement } | { ok: false; reason: string }

const sameFields = [
  'createdAt',
  'cancelledAt',
  'currency',
  'total',
  'netTotal',
  'test',
  'status',
  'aiSessionId',
] as const
const timeFields = ['createdAt', 'cancelledAt'] as const
/** Carts carry a handful. */
const mostRecommendationIds = 50
const mostLines = 500

/** `ok: false` when the record can never be counted: ids that are no ids, times that are no times. */
export function statedOrder(order: OrderStated): ReadStatement {
  const badTime = timeFields.find((field) => !isCalendarTime(order[field]))
  const reason = unusable(order) ?? (badTime && `bad ${badTime}`)
  if (reason !== undefined) return { ok: false, reason }
  const refunds = refundsOf(order)
  return {
    ok: true,
    statement: {
      of: factRef(order),
      moment: momentOf(order),
      kind: 'stated',
      fields: fieldsOf(order),
      ...(refunds && { refunds }),
    },
  }
}

/** `ok: false` as in {@link statedOrder}. */
export function deletedOrder(order: EntityDeleted): ReadStatement {
  const reason = unusable(order)
  if (reason !== undefined) return { ok: false, reason }
  const { terminal } = order
  return { ok: true, statement: { of: factRef(order), moment: momentOf(order), kind: 'deleted', terminal } }
}

function fieldsOf(order: OrderStated): Partial<OrderFields> {
  const isSaid = (field: string, value: unknown) => value !== null || order.cleared.includes(field)
  const same = sameFields.filter((field) => isSaid(field, order[field]))
  const { customerId, recommendationIds, items } = order
  return {
    ...Object.fromEntries(same.map((field) => [field, order[field]])),
    ...(order.eventName === 'order_created' && { placedAt: order.platformAt }),
    ...(isSaid('customerId', customerId) && { person: personOf(order) }),
    ...(isSaid('recommendationIds', recommendationIds) && {
      recommendationIds: recommendationIds?.slice(0, mostRecommendationIds) ?? null,
    }),
    ...(isSaid('items', items) && { lines: items?.slice(0, mostLines).map(lineOf) ?? null }),
  }
}

const personOf = (order: OrderStated): string | null =>
  order.customerId !== null && isIdPart(order.customerId) ? recordId({ ...order, entityId: order.customerId }) : null

type Line = NonNullable<OrderStated['items']>[number]

const lineOf = ({ productId, quantity, currentQuantity, price, totalDiscount }: Line): OrderLine => ({
  productId,
  units: Number(currentQuantity ?? quantity ?? 0),
  price,
  discount: totalDiscount,
})

function refundsOf({ refunds, cleared, complete }: OrderStated) {
  if (refunds === null) return cleared.includes('refunds') ? { list: [], complete: true } : undefined
  const list = refunds.map(({ id, total, createdAt, transactions }) => ({
    id,
    total: total ?? moneyGivenBack(transactions),
    at: createdAt,
  }))
  return { list, complete: complete.refunds }
}

type Transaction = NonNullable<OrderStated['refunds']>[number]['transactions'][number]

/** What a store that sums nothing up gave back; null where it says nothing. */
function moneyGivenBack(transactions: readonly Transaction[]): string | null {
  const amounts = transactions
    .filter(({ kind, status }) => kind === 'refund' && (status === null || status === 'success'))
    .map(({ amount }) => amount)
    .filter((amount) => amount !== null)
  return amounts.length === 0 ? null : addDecimals(...amounts)
}
