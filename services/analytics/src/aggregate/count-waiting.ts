import type { FactStore } from '../fact-store.ts'
import { type Attribution, attribute, beganAt, type Windows } from '../pure/attribution/attribute.ts'
import { explainAttribution } from '../pure/attribution/explain.ts'
import { countOrder } from '../pure/count/count-order.ts'
import { countSession, type Frames } from '../pure/count/count-session.ts'
import { type Added, minus, plus, sumByRow } from '../pure/count/row.ts'
import { linksOfOrder, linksOfSession, productLink, productsIn, productsSold } from '../pure/facts/links.ts'
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

export type CountWaiting = () => Promise<'counted' | 'nothing waits' | 'overtaken'>

/**
 * Counts facts that wait, a page of them: what led to each order, what each fact now adds to the rows, and the rows with
 * the difference to what they show of it. However many processes do so at once, and wherever they die, each row ends as
 * the sum over its facts: a step is opened only behind the step that everything in it was read after, is carried out
 * whole before the next one is opened, and changes nothing where it, or a later one, was before.
 */
export function createCountWaiting(deps: CountWaitingDeps): CountWaiting {
  const { steps, sessions, orders, products, rows, windows, pageSize = 2_000 } = deps

  return async function countWaiting() {
    const seq = await steps.finished()
    const framesChanged = await spreadFrames()
    const waitingSessions = await sessions.waiting(pageSize)
    // an order of theirs may now be led to by another one
    await orders.markLinked(waitingSessions.flatMap(({ fact }) => linksOfSession(fact).filter(leads)))
    const waitingOrders = await orders.waiting(pageSize)
    if (waitingSessions.length + waitingOrders.length === 0) return framesChanged ? 'counted' : 'nothing waits'

    const candidates = await sessions.linked(waitingOrders.flatMap(({ fact }) => linksOfOrder(fact).filter(leads)))
    const byLink = groupByLinks(candidates)
    const attributions = waitingOrders.map(({ fact }) => attribute(fact, candidatesOf(fact, byLink), windows))
    const ledTo = await orders.ledBy(waitingSessions.map(({ fact }) => fact.id))
    const known = await framesOf([
      ...waitingSessions.flatMap(({ fact }) => productsIn(fact)),
      ...waitingOrders.flatMap(({ fact }) => productsSold(fact)),
      ...[...ledTo.values()].flatMap((all) => all.flatMap(({ products }) => products)),
    ])
    const countedSessions = waitingSessions.map(({ fact, version }): Counted => {
      const began = beganAt(fact) ?? null
      const counted = countSession(fact, ledTo.get(fact.id) ?? [], known)
      return { id: fact.id, version, at: began, rows: counted, attribution: null }
    })
    const countedOrders = waitingOrders.map(({ fact, version }, index): Counted => {
      const attribution = attributions[index] ?? null
      const counted = countOrder(fact, attribution, known)
      return {
        id: fact.id,
        version,
        at: countsSince(fact) ?? null,
        rows: counted,
        attribution,
        because: explainAttribution(attribution),
      }
    })
    const states = await changedRows([...waitingSessions, ...waitingOrders], [...countedSessions, ...countedOrders])
    const concerned = waitingOrders.flatMap(({ shown }, index) => sessionsConcerned(shown, attributions[index] ?? null))
    const step = { rows: states, sessions: countedSessions, orders: countedOrders, concerned: [...new Set(concerned)] }
    return (await steps.take(seq, step)) ? 'counted' : 'overtaken'
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

/** What orders and sessions are linked by, other than by frames. */
const leads = (link: string): boolean => !link.startsWith('f|')

function groupByLinks(candidates: readonly SessionFact[]): Map<string, SessionFact[]> {
  const byLink = new Map<string, SessionFact[]>()
  for (const session of candidates)
    for (const link of linksOfSession(session).filter(leads)) byLink.set(link, [...(byLink.get(link) ?? []), session])
  return byLink
}

const candidatesOf = (order: OrderFact, byLink: ReadonlyMap<string, SessionFact[]>): SessionFact[] => [
  ...new Set(linksOfOrder(order).flatMap((link) => byLink.get(link) ?? [])),
]

/** Sessions that an order came to or left, or of whose order something else became known. */
function sessionsConcerned({ attribution: before }: Shown, after: Attribution | null): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  return [before?.session, after?.session].filter((id) => id != null)
}
