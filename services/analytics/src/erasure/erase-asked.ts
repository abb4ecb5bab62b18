import type { FactStore } from '../fact-store.ts'
import { linkOfSession } from '../pure/facts/links.ts'
import { platformMsOf } from '../pure/facts/moment.ts'
import type { Names } from '../pure/facts/names.ts'
import { eraseOrder, knownSince, type OrderFact } from '../pure/facts/order-fact.ts'
import { eraseSession, type SessionFact } from '../pure/facts/session-fact.ts'
import type { ErasureStore } from './erasure-store.ts'

export type Facts = { sessions: readonly SessionFact[]; orders: readonly OrderFact[] }
/** Ids of facts that were erased. */
export type Erased = { sessions: readonly string[]; orders: readonly string[] }

type Kept<F extends { id: string }> = Pick<FactStore<F>, 'load' | 'save' | 'linked'>

export type EraseAskedDeps = {
  sessions: Kept<SessionFact>
  orders: Kept<OrderFact>
  erasures: ErasureStore
  names: Names
}

const forGood = Date.UTC(9_999, 0)
const nothing: Erased = { sessions: [], orders: [] }

/**
 * Erases those of some facts of which it was asked: what is known to have been there by the time of an erasure of its
 * customer, its store, or itself, and the session that such an order names. Who keeps an erasure looks for facts
 * afterwards, and who saves facts looks for erasures afterwards: of two at once at least one sees the other. May be
 * killed and repeated.
 */
export function createEraseAsked({ sessions, orders, erasures, names }: EraseAskedDeps) {
  return async function eraseAsked(of: Facts): Promise<Erased> {
    const all = [
      ...of.sessions.filter(({ erased }) => !erased).map((fact) => ({ fact, named: namesOfSession(fact) })),
      ...of.orders.filter(({ erased }) => !erased).map((fact) => ({ fact, named: namesOfOrder(fact) })),
    ]
    const known = await erasures.untilOf([...new Set(all.flatMap(({ named }) => named))])
    if (known.size === 0) return nothing
    const until = new Map(
      all.map(({ fact, named }) => [fact, Math.max(-1, ...named.map((name) => known.get(name) ?? -1))]),
    )
    const untilOf = (fact: SessionFact | OrderFact): number => until.get(fact) ?? -1
    const ownSessions = of.sessions.filter((one) => (beganFirst(one) ?? Number.POSITIVE_INFINITY) <= untilOf(one))
    const ownOrders = of.orders.filter((one) => (knownSince(one) ?? Number.POSITIVE_INFINITY) <= untilOf(one))

    // Before the orders: these would not name their sessions any more to whoever goes on after a kill.
    const theirs = await sessionsOf(ownOrders)
    await eraseAll(sessions, [...ownSessions, ...theirs], eraseSession)
    await eraseAll(orders, ownOrders, eraseOrder)
    const ids = (facts: readonly { id: string }[]) => [...new Set(facts.map(({ id }) => id))]
    return { sessions: ids([...ownSessions, ...theirs]), orders: ids(ownOrders) }
  }

  /** The sessions that orders name, and a mark for those that are yet to be heard of. */
  async function sessionsOf(some: readonly OrderFact[]): Promise<SessionFact[]> {
    const named = some.flatMap(({ merchantId, stated: { aiSessionId } }) =>
      aiSessionId?.value ? [{ merchantId, id: aiSessionId.value }] : [],
    )
    // A session is of one visit: whenever it is said to have begun, it is theirs.
    await erasures.keep(
      named.map(({ merchantId, id }) => names.session(merchantId, id)),
      forGood,
    )
    const found = await sessions.linked(named.map(({ merchantId, id }) => linkOfSession(merchantId, id)))
    return found.filter(({ erased }) => !erased)
  }

  function namesOfSession({ merchantId, entityId, persons, ...of }: SessionFact): string[] {
    const { platform, storeId } = of
    const own = [names.session(merchantId, entityId), names.store({ merchantId, platform, storeId })]
    return [...own, ...persons.map(({ key }) => names.customer(key))]
  }

  function namesOfOrder(order: OrderFact): string[] {
    const person = order.stated.person?.value
    return [names.order(order.id), names.store(order), ...(person ? [names.customer(person)] : [])]
  }
}

export type EraseAsked = ReturnType<typeof createEraseAsked>

const beganFirst = ({ existence: { first } }: SessionFact): number | undefined =>
  first === undefined ? undefined : platformMsOf(first)

async function eraseAll<F extends { id: string; erased?: true }>(
  store: Kept<F>,
  facts: readonly F[],
  erase: (fact: F) => F,
): Promise<void> {
  for (let open = [...new Set(facts.map(({ id }) => id))]; open.length > 0; ) {
    const held = [...(await store.load(open)).values()].filter(({ fact }) => !fact.erased)
    const lost = await store.save(
      held.map(({ fact, version }) => ({ fact: erase(fact), before: fact, version, counts: true })),
    )
    open = open.filter((id) => lost.has(id))
  }
}
