import {
  addDeletion,
  addLife,
  type Existence,
  type FactRef,
  isDeleted,
  isNewer,
  type Kept,
  keepNewest,
  neverSeen,
  type Stated,
} from './fact.ts'
import { platformMsOf, timesOf } from './moment.ts'
import type { OrderFields, OrderRefund, OrderStatement } from './order-statement.ts'

/**
 * What one order adds to the counts, and what is needed to see whether a later event changes that.
 * It depends on the set of statements about the order, never on their arrival, repetition or batching.
 */
export type OrderFact = FactRef & {
  stated: { readonly [Field in keyof OrderFields]?: Stated<OrderFields[Field]> }
  existence: Existence
  refunds: readonly Kept<Omit<OrderRefund, 'id'>>[]
  /** Times of the newest statement that listed all refunds; empty before the first. */
  refundsWholeAt: string
  /** What told of its customer was erased: it says what the books need, and takes in nothing else. */
  erased?: true
}

/** More refunds than any order has. */
const mostRefunds = 200

/** Adds statements about one order, at least one; `held` itself when they change nothing. */
export function foldOrder(held: OrderFact | undefined, statements: readonly OrderStatement[]): OrderFact {
  const [first] = statements
  if (first === undefined) throw new RangeError('nothing to fold')
  return statements.reduce(add, held ?? { ...nothing, ...first.of })
}

const nothing = { stated: {}, existence: neverSeen, refunds: [], refundsWholeAt: '' }

/** An order that counts: it is there, it is no test, and it is known when it was made (ms). */
export function countsSince({ existence, stated }: OrderFact): number | undefined {
  if (isDeleted(existence) || stated.test?.value === true) return undefined
  return stated.createdAt?.value ?? stated.placedAt?.value
}

/** What leads to a customer, or to what they did before. */
const personal = ['person', 'aiSessionId', 'recommendationIds', 'lines'] as const satisfies (keyof OrderFields)[]

/** What is left of an order for the books: that it was made, and what it was worth. */
export const eraseOrder = (order: OrderFact): OrderFact => ({
  ...order,
  stated: without(order.stated),
  erased: true,
})

const without = <F extends object>(fields: F): F =>
  Object.fromEntries(Object.entries(fields).filter(([field]) => !personal.includes(field as never))) as F

/** When it is first known to have been there, ms. */
export function knownSince({ existence: { first }, stated }: OrderFact): number | undefined {
  const times = [first === undefined ? undefined : platformMsOf(first), stated.createdAt?.value ?? undefined]
  const known = times.filter((time) => time !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}

/** Some platforms say when, some say only that. */
export const isCancelled = ({ stated }: OrderFact): boolean =>
  (stated.cancelledAt?.value ?? null) !== null || ['cancelled', 'canceled'].includes(stated.status?.value ?? '')

function add(held: OrderFact, statement: OrderStatement): OrderFact {
  const { moment } = statement
  if (statement.kind === 'deleted') {
    const existence = addDeletion(held.existence, moment, statement.terminal)
    return existence === held.existence ? held : { ...held, existence }
  }
  const next: OrderFact = {
    ...held,
    existence: addLife(held.existence, moment),
    stated: addFields(held.stated, held.erased ? without(statement.fields) : statement.fields, moment),
    ...addRefunds(held, statement.refunds, moment),
  }
  const isSame = (['existence', 'stated', 'refunds', 'refundsWholeAt'] as const).every(
    (field) => held[field] === next[field],
  )
  return isSame ? held : next
}

function addFields(held: OrderFact['stated'], said: Partial<OrderFields>, moment: string): OrderFact['stated'] {
  const newer = Object.entries(said)
    .map(([field, value]) => [field, { value, moment }] as const)
    .filter(([field, next]) => isNewer(next, held[field as keyof OrderFields]))
  return newer.length === 0 ? held : { ...held, ...Object.fromEntries(newer) }
}

type Refunds = Pick<OrderFact, 'refunds' | 'refundsWholeAt'>

/** A refund goes when a newer statement that lists all of them does not list it. */
function addRefunds(
  { refunds: held, refundsWholeAt: before }: Refunds,
  said: Extract<OrderStatement, { kind: 'stated' }>['refunds'],
  moment: string,
): Refunds {
  if (said === undefined) return { refunds: held, refundsWholeAt: before }
  const whole = said.complete && timesOf(moment) > before ? timesOf(moment) : before
  const listed = said.list.reduce(
    (all, { id: key, ...value }) => keepNewest(all, { key, value, moment }, mostRefunds),
    held,
  )
  const left = listed.filter((one) => timesOf(one.moment) >= whole)
  const isSame = left.length === held.length && left.every((one, at) => one === held[at])
  return { refunds: isSame ? held : left, refundsWholeAt: whole }
}
