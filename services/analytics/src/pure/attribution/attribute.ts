import { isDeleted } from '../facts/fact.ts'
import { productsSold, recordIn } from '../facts/links.ts'
import { platformMsOf } from '../facts/moment.ts'
import { countsSince, type OrderFact } from '../facts/order-fact.ts'
import type { SessionFact } from '../facts/session-fact.ts'

/** Why an order counts as led to by a session, the strongest reason first. */
export const bases = ['session-id', 'recommendation-id', 'told-by-session', 'touch', 'session'] as const
export type Basis = (typeof bases)[number]

/** How long before an order something may have led to it, ms. */
export type Windows = { touchMs: number; sessionMs: number }

/** A recommendation that sold something of an order, and why it is thought to have. */
export type Sold = { id: string; algorithm: string | null; because: 'carried' | 'touched' | 'shown' }

export type Attribution = {
  basis: Basis
  /** The record of the session; null while nothing is known of it but what the order carries. */
  session: string | null
  sessionId: string | null
  recommendations: readonly Sold[]
  /** Records of the products that were bought. */
  products: readonly string[]
  /** When what it rests on happened (ms): the touch, or the beginning of the session; null while that is not known. */
  at: number | null
}

/** When a session was first spoken of, ms; undefined for one that is gone. */
export const beganAt = ({ existence }: SessionFact): number | undefined =>
  existence.first === undefined || isDeleted(existence) ? undefined : platformMsOf(existence.first)

/**
 * What led to an order, among sessions that have something in common with it; null where nothing did, and for orders
 * that do not count or of which that was erased. A function of what the facts say, in whatever order they are given.
 */
export function attribute(order: OrderFact, candidates: readonly SessionFact[], windows: Windows): Attribution | null {
  const at = countsSince(order)
  if (at === undefined || order.erased) return null
  const sessions = candidates.filter((session) => beganAt(session) !== undefined)
  const { aiSessionId, recommendationIds, person } = order.stated
  const carried = recommendationIds?.value ?? []

  if (aiSessionId?.value) {
    const named = aiSessionId.value
    const session = nearest(
      order,
      sessions.filter(({ entityId }) => entityId === named),
      at,
    )
    return {
      ...resting('session-id', session, session && beganAt(session)),
      sessionId: named,
      ...soldBy(order, session),
    }
  }
  const within = (ms: number) => (session: SessionFact) => isWithin(beganAt(session), at, ms)
  if (carried.length > 0) {
    const session = nearest(
      order,
      sessions.filter(within(windows.sessionMs)).filter((one) => carried.some((id) => shows(one, id) !== undefined)),
      at,
    )
    return { ...resting('recommendation-id', session, session && beganAt(session)), ...soldBy(order, session) }
  }
  const told = nearest(
    order,
    sessions.filter((session) => recordIn(session, session.stated.orderId?.value ?? null) === order.id),
    at,
  )
  if (told !== undefined) return { ...resting('told-by-session', told, beganAt(told)), ...soldBy(order, told) }

  const customer = person?.value
  const theirs = sessions
    .filter(within(Math.max(windows.touchMs, windows.sessionMs)))
    .filter(({ persons }) => persons.some(({ key }) => key === customer))
  const [touched] = theirs
    .flatMap((session) =>
      session.touches
        .filter(({ value }) => isWithin(value.at, at, windows.touchMs))
        .map(({ key, value }) => ({ session, key, at: value.at })),
    )
    .sort((one, other) => other.at - one.at || compare(one.session.id, other.session.id) || compare(one.key, other.key))
  if (touched !== undefined)
    return { ...resting('touch', touched.session, touched.at), ...soldBy(order, touched.session) }
  const seen = nearest(order, theirs.filter(within(windows.sessionMs)), at)
  return seen === undefined ? null : { ...resting('session', seen, beganAt(seen)), ...soldBy(order, seen) }
}

const isWithin = (ms: number | undefined, end: number, windowMs: number): boolean =>
  ms !== undefined && ms <= end && ms >= end - windowMs

const resting = (basis: Basis, session: SessionFact | undefined, at: number | undefined) => ({
  ...{ basis, session: session?.id ?? null, sessionId: session?.entityId ?? null },
  at: at ?? null,
})

/** Of several: of the same store, of the same platform, begun before the order, begun last. */
function nearest(order: OrderFact, sessions: readonly SessionFact[], at: number): SessionFact | undefined {
  const rank = (session: SessionFact): number[] => [
    session.storeId === order.storeId && session.platform === order.platform ? 0 : 1,
    session.platform === order.platform ? 0 : 1,
    (beganAt(session) ?? 0) <= at ? 0 : 1,
    -(beganAt(session) ?? 0),
  ]
  return sessions.toSorted((one, other) => {
    const [a, b] = [rank(one), rank(other)]
    const differing = a.findIndex((value, index) => value !== b[index])
    return differing < 0 ? compare(one.id, other.id) : (a[differing] ?? 0) - (b[differing] ?? 0)
  })[0]
}

const compare = (one: string, other: string): number => (one === other ? 0 : one < other ? -1 : 1)

/** The recommendation of a session that goes by this id, its own or that of one of its items. */
const shows = (session: SessionFact | undefined, id: string) =>
  session?.recommendations.find(({ key, value: { items } }) => key === id || items.some((item) => item.id === id))

/** What the cart carried; else what showed a frame that was bought: what was touched before what was only shown. */
function soldBy(order: OrderFact, session: SessionFact | undefined): Pick<Attribution, 'recommendations' | 'products'> {
  const products = productsSold(order).sort()
  return { recommendations: recommendationsOf(order, session, new Set(products)), products }
}

function recommendationsOf(order: OrderFact, session: SessionFact | undefined, sold: ReadonlySet<string>): Sold[] {
  const carried = order.stated.recommendationIds?.value ?? []
  if (carried.length > 0)
    return [...new Set(carried)].sort().map((id) => ({
      ...{ id, algorithm: shows(session, id)?.value.algorithm ?? null },
      because: 'carried',
    }))
  if (session === undefined) return []
  const showing = session.recommendations.filter(({ value: { items } }) =>
    items.some(({ productId }) => sold.has(recordIn(session, productId) ?? '')),
  )
  const touched = showing.filter((one) => isTouched(session, one.key))
  const because = touched.length > 0 ? 'touched' : 'shown'
  return (touched.length > 0 ? touched : showing).map(({ key: id, value: { algorithm } }) => ({
    ...{ id, algorithm, because },
  }))
}

/** Whether a shopper touched what a recommendation showed. */
function isTouched(session: SessionFact, recommendation: string): boolean {
  return session.touches.some(({ value }) => touchedBy(session, value).some(({ key }) => key === recommendation))
}

/** The recommendations that a touch is of: the one that it names, else those that show the product. */
export function touchedBy(session: SessionFact, touch: { productId: string | null; recommendationId: string | null }) {
  const { recommendationId, productId } = touch
  const named = recommendationId === null ? undefined : shows(session, recommendationId)
  if (named !== undefined) return [named]
  if (productId === null) return []
  return session.recommendations.filter(({ value: { items } }) => items.some((item) => item.productId === productId))
}
