import type { FactStore, Waiting } from '../fact-store.ts'
import { type Attribution, attribute, beganAt, type Windows } from '../pure/attribution/attribute.ts'
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
import { platformMsOf } from '../pure/facts/moment.ts'
import { countsSince, type OrderFact } from '../pure/facts/order-fact.ts'
import { frameOf, type ProductFact } from '../pure/facts/product-fact.ts'
import type { SessionFact } from '../pure/facts/session-fact.ts'
import type { Counted, RowState, Shown } from '../step.ts'
import type { RowStore } from './row-store.ts'
import type { Steps } from './steps.ts'

export type CountWaitingDeps = {
  steps: Steps
  sessions: FactStore<SessionFact>
  orders: FactStore<OrderFact>
  products: FactStore<ProductFact>
  rows: Pick<RowStore, 'load'>
  windows: Windows
  /** Facts of one kind that a step counts at most; 2,000 unless told. */
  pageSize?: number
}

/** Questions to the database at once. */
const atOnce = 16
/** A customer may be a whole shop floor: of their sessions so many are looked at, the newest. */
const mostCandidates = 200

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
      const of = { attribution, because: explainAttribution(attribution) }
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
    await products.settle(changed)
    return changed.length > 0
  }

  /** Has orders counted again to which another session may have led now. */
  async function spreadSessions(changed: readonly SessionFact[]): Promise<void> {
    if (changed.length === 0) return
    const links = new Set(changed.flatMap(linksOfSession))
    await orders.markLinked([...links].filter(isFew))
    const times = changed.flatMap(({ existence: { first, live } }) =>
      [first, live].flatMap((one) => (one === undefined ? [] : platformMsOf(one))),
    )
    const until = times.reduce((one, other) => Math.max(one, other), 0) + longestMs
    await orders.markLinkedWithin(
      [...links].filter(isMany),
      times.reduce((one, other) => Math.min(one, other), until),
      until,
    )
  }

  async function attributed(waiting: readonly OrderFact[]): Promise<(Attribution | null)[]> {
    const few = groupByLinks(await sessions.linked(waiting.flatMap((order) => linksOfOrder(order).filter(isFew))))
    const found: (Attribution | null)[] = []
    for (let from = 0; from < waiting.length; from += atOnce)
      found.push(
        ...(await Promise.all(
          waiting.slice(from, from + atOnce).map(async (order) => {
            const links = linksOfOrder(order)
            const others = await newestOf(order, links.filter(isMany))
            const candidates = new Map(
              [...links.flatMap((link) => few.get(link) ?? []), ...others].map((one) => [one.id, one]),
            )
            return attribute(order, [...candidates.values()], windows)
          }),
        )),
      )
    return found
  }

  /** Of very many sessions that may have led to an order, those that began last. */
  async function newestOf(order: OrderFact, links: readonly string[]): Promise<SessionFact[]> {
    const at = countsSince(order)
    return links.length === 0 || at === undefined
      ? []
      : sessions.linkedWithin(links, at - longestMs, at, mostCandidates)
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

function groupByLinks(candidates: readonly SessionFact[]): Map<string, SessionFact[]> {
  const byLink = new Map<string, SessionFact[]>()
  for (const session of candidates)
    for (const link of linksOfSession(session).filter(isFew)) byLink.set(link, [...(byLink.get(link) ?? []), session])
  return byLink
}

/** Sessions that an order came to or left, or of whose order something else became known. */
function sessionsConcerned({ attribution: before }: Shown, after: Attribution | null): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  return [before?.session, after?.session].filter((id) => id != null)
}
