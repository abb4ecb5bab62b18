import { type EntityDeleted, isIdPart, type OrderStated, recordId } from '@varai/schemas'
import { type Moment, momentOf } from './moment.ts'

/** What the counts need of an order. `null` = the store says it is empty; a missing field = not stated. */
export type CountedFields = {
  /** ms since the epoch, as are all times here. */
  createdAt: number | null
  cancelledAt: number | null
  /** ISO 4217 of the total. */
  currency: string | null
  /** Canonical decimal text. */
  total: string | null
  test: boolean | null
}

export type OrderRef = { id: string; merchantId: string; platform: string; storeId: string }

/** One thing that a store said about one of its orders, reduced to what the counts need. */
export type OrderStatement = { order: OrderRef; moment: Moment } & (
  | { kind: 'stated'; fields: Partial<CountedFields> }
  | { kind: 'deleted'; terminal: boolean }
)

export type ReadStatement = { ok: true; statement: OrderStatement } | { ok: false; reason: string }

const countedFields = ['createdAt', 'cancelledAt', 'currency', 'total', 'test'] as const
const timeFields = ['createdAt', 'cancelledAt'] as const
/** First ms of the years 0 and 10000: hours from the one to the other fit `YYYY-MM-DD-HH`. */
const [yearZero, year10000] = [-62_167_219_200_000, 253_402_300_800_000]

/** `ok: false` when the record can never be counted: ids that are no ids, times that are no times. */
export function statedOrder(order: OrderStated): ReadStatement {
  const badTime = timeFields.find((field) => !isBetween(order[field], yearZero, year10000))
  const reason = unusable(order) ?? (badTime && `bad ${badTime}`)
  if (reason !== undefined) return { ok: false, reason }
  return {
    ok: true,
    statement: { order: orderRef(order), moment: momentOf(order), kind: 'stated', fields: stated(order) },
  }
}

/** `ok: false` as in {@link statedOrder}. */
export function deletedOrder(order: EntityDeleted): ReadStatement {
  const reason = unusable(order)
  if (reason !== undefined) return { ok: false, reason }
  const deleted = {
    order: orderRef(order),
    moment: momentOf(order),
    kind: 'deleted',
    terminal: order.terminal,
  } as const
  return { ok: true, statement: deleted }
}

type Enveloped = OrderStated | EntityDeleted

function unusable(of: Enveloped): string | undefined {
  const badPart = (['merchantId', 'source', 'storeId', 'entityId'] as const).find((part) => !isIdPart(of[part]))
  if (badPart !== undefined) return `bad ${badPart}`
  const sorts = [of.platformAt, of.triggeredAt].every((ms) => isBetween(ms, 0, year10000))
  return sorts ? undefined : 'bad platformAt or triggeredAt'
}

const isBetween = (ms: number | null, first: number, end: number): boolean => ms === null || (ms >= first && ms < end)

function stated(order: OrderStated): Partial<CountedFields> {
  const fields = countedFields.filter((field) => order[field] !== null || order.cleared.includes(field))
  return Object.fromEntries(fields.map((field) => [field, order[field]]))
}

const orderRef = (of: Enveloped): OrderRef => ({
  id: recordId(of),
  merchantId: of.merchantId,
  platform: of.source,
  storeId: of.storeId,
})
