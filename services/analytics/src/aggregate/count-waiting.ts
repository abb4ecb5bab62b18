import type { CountedFacts, Waiting } from '../counted-facts.ts'
import type { FactStore } from '../fact-store.ts'
import { type Attribution, attribute, beganAt, type Windows } from '../pure/attribution/attribute.ts'
import { byLinks, newestOf, spansOf } from '../pure/attribution/candidates.ts'
import { explainAttribution } from '../pure/attribution/explain.ts'
import { countOrder } from '../pure/count/count-order.ts'
import { countSession, type Frames } from '../pure/count/count-session.ts'
import { type Added, minus, plus, sumByRow } from '../pure/count/row.ts'
import {
  isFew,
  isMany,
  linksOfOrder,
  linksOfSession,
  productLink,
  productsIn,
  productsSold,
} from '../pure/facts/links.ts'
import { countsSince, type OrderFact } from '../pure/facts/order-fact.ts'
import { frameOf, type ProductFact } from '../pure/facts/product-fact.ts'
import type { SessionFact } from '../pure/facts/session-fact.ts'
import type { Counted, RowState, Shown } from '../step.ts'
import type { RowStore } from './row-store.ts'
import type { Steps } from './steps.ts'

export type CountWaitingDeps = {
  steps: Steps
  sessions: CountedFacts<SessionFact>
  orders: CountedFacts<OrderFact>
  products: Pick<FactStore<ProductFact>, 'load' | 'waiting' | 'settle'>
  rows: Pick<RowStore, 'load'>
  windows: Windows
  /** Facts of one kind that a step counts at most; 2,000 unless told. */
  pageSize?: number
}

/** Orders whose sessions are asked for in one question. */
const atOnce = 250
/** A customer may be a whole shop floor: of their sessions so many are looked at, the newest. */
const mostCandidates = 200
/** Where there are more for all of these orders, each order is asked for by itself. */
const mostTogether = 3_000

/** `caught up`: what waited is counted; what came meanwhile may wait. */
export type CountWaiting = () => Promise<'counted' | 'caught up' | 'nothing waits' | 'overtaken'>

/**
 * Counts facts that wait, a page of them: what led to each order, what each fact now adds to the rows, and the rows with
 * the difference to what they show of it. However many processes do so at once, and wherever they die, each row ends as
 * the sum over its facts: a step is opened only behind the step that everything in it was read after, is carried out
 * whole before the next one is opened, and changes nothing where it, or a later one, was before.
 */
export function createCountWaiting(deps: CountWaitingDeps): CountWaiting {
  const { steps, sessions, orders, products, rows, windows, pageSize = 2_000 } = deps
  const longestMs = Math.max(windows.touchMs, windows.sessionMs)

  return async function countWaiting() {
    const seq = await steps.finished()
    const framesChanged = await spreadFrames()
    const waitingSessions = await sessions.waiting(pageSize)
    await spreadSessions(waitingSessions.map(({ fact }) => fact))
    const waitingOrders = await orders.waiting(pageSize)
    if (waitingSessions.length + waitingOrders.length === 0) return framesChanged ? 'counted' : 'nothing waits'

    const attributions = await attributed(waitingOrders.map(({ fact }) => fact))
    const ledTo = await orders.ledBy(waitingSessions.map(({ fact }) => fact.id))
    const known = await framesOf([
      ...waitingSessions.flatMap(({ fact }) => productsIn(fact)),
      ...waitingOrders.flatMap(({ fact }) => productsSold(fact)),
      ...[...ledTo.values()].flatMap((all) => all.flatMap(({ products }) => products)),
    ])
    const countedSessions = fitting(waitingSessions, ({ fact, version }) => {
      const rows = countSession(fact, ledTo.get(fact.id) ?? [], known)
      return { id: fact.id, version, at: beganAt(fact) ?? null, rows, attribution: null }
    })
    const countedOrders = fitting(waitingOrders, ({ fact, version }, index) => {
      const attribution = attributions[index] ?? null
      const of = { attribution, because: explainAttribution(attribution, fact.erased) }
      return { id: fact.id, version, at: countsSince(fact) ?? null, rows: countOrder(fact, attribution, known), ...of }
    })
    const before = [
      ...waitingSessions.slice(0, countedSessions.length),
      ...waitingOrders.slice(0, countedOrders.length),
    ]
    const concerned = waitingOrders
      .slice(0, countedOrders.length)
      .flatMap(({ shown }, index) => sessionsConcerned(shown, attributions[index] ?? null))
    const step = {
      rows: await changedRows(before, [...countedSessions, ...countedOrders]),
      ...{ sessions: countedSessions, orders: countedOrders, concerned: [...new Set(concerned)] },
    }
    if (!(await steps.take(seq, step))) return 'overtaken'
    const isWhole =
      Math.max(countedSessions.length, countedOrders.length) < pageSize &&
      before.length === waitingSessions.length + waitingOrders.length
    return isWhole && step.concerned.length === 0 ? 'caught up' : 'counted'
  }

  /** Has everything that tells of a changed frame counted again. */
  async function spreadFrames(): Promise<boolean> {
    const changed = await products.waiting(pageSize)
    const links = changed.map(({ fact }) => productLink(fact.id))
    await sessions.mark(await orders.leadersOf(links))
    await sessions.markLinked(links)
    await orders.markLinked(links)
    await products.settle(changed.map(({ fact: { id }, version }) => ({ id, version })))
    return changed.length > 0
  }

  /** Has orders counted again to which another session may have led now. */
  async function spreadSessions(changed: readonly SessionFact[]): Promise<void> {
    await orders.markLinked([...new Set(changed.flatMap(linksOfSession).filter(isFew))])
    await orders.markLinkedWithin(spansOf(changed, longestMs))
    // one that was erased has nothing in common with anything any more
    await orders.markLedBy(changed.filter(({ erased }) => erased).map(({ id }) => id))
  }

  async function attributed(waiting: readonly OrderFact[]): Promise<(Attribution | null)[]> {
    const few = byLinks(await sessions.linked(waiting.flatMap((order) => linksOfOrder(order).filter(isFew))), isFew)
    const found: (Attribution | null)[] = []
    for (let from = 0; from < waiting.length; from += atOnce) {
      const some = waiting.slice(from, from + atOnce)
      const newest = await newestFor(some)
      found.push(
        ...some.map((order) => {
          const all = [...linksOfOrder(order).flatMap((link) => few.get(link) ?? []), ...(newest.get(order.id) ?? [])]
          return attribute(order, [...new Map(all.map((one) => [one.id, one])).values()], windows)
        }),
      )
    }
    return found
  }

  /** Of very many sessions that may have led to each order, those that began last. */
  async function newestFor(some: readonly OrderFact[]): Promise<Map<string, SessionFact[]>> {
    const asked = some.flatMap((order) => {
      const [at, links] = [countsSince(order), linksOfOrder(order).filter(isMany)]
      return at === undefined || links.length === 0 ? [] : [{ id: order.id, links, from: at - longestMs, to: at }]
    })
    if (asked.length === 0) return new Map()
    const all = await sessions.linkedWithin(
      {
        links: [...new Set(asked.flatMap(({ links }) => links))],
        from: Math.min(...asked.map(({ from }) => from)),
        to: Math.max(...asked.map(({ to }) => to)),
      },
      mostTogether,
    )
    const known = all.length < mostTogether ? byLinks(all, isMany) : undefined
    const found = new Map<string, SessionFact[]>()
    for (const { id, ...span } of asked)
      found.set(
        id,
        known === undefined ? await sessions.linkedWithin(span, mostCandidates) : newestOf(known, span, mostCandidates),
      )
    return found
  }

  async function framesOf(ids: readonly string[]): Promise<Frames> {
    const found = await products.load([...new Set(ids)])
    return new Map([...found].map(([id, { fact }]) => [id, frameOf(fact)]))
  }

  async function changedRows(before: readonly { shown: Shown }[], after: readonly Shown[]): Promise<RowState[]> {
    const differences = sumByRow(
      (function* (): Generator<Added> {
        for (const { shown } of before) for (const { row, add } of shown.rows) yield { row, add: minus(add) }
        for (const { rows: counted } of after) yield* counted
      })(),
    )
    const held = await rows.load([...differences.keys()])
    return [...differences].map(([row, difference]) => {
      const figures = held.get(row)
      return { row, isNew: figures === undefined, figures: plus(figures ?? {}, difference) }
    })
  }
}

/** So many additions to rows, of either kind of fact, a step holds: it has to fit into one document. */
const mostAdditions = 15_000

/** Counts facts, from the first on, until the step is full; at least one. */
function fitting<F>(waiting: readonly Waiting<F>[], count: (of: Waiting<F>, index: number) => Counted): Counted[] {
  const all: Counted[] = []
  let additions = 0
  for (const [index, one] of waiting.entries()) {
    const counted = count(one, index)
    additions += counted.rows.length + one.shown.rows.length
    if (additions > mostAdditions && all.length > 0) return all
    all.push(counted)
  }
  return all
}

/** Sessions that an order came to or left, or of whose order something else became known. */
function sessionsConcerned({ attribution: before }: Shown, after: Attribution | null): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  return [before?.session, after?.session].filter((id) => id != null)
}
