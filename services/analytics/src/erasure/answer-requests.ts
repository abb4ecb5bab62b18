import { type DecodedRecord, done, handleApart, type Outcome, rejected } from '@varai/kafka'
import { type Draft, isIdPart, type PrivacyConfirmed, type PrivacyRequested, recordId } from '@varai/schemas'
import type { CountWaiting } from '../aggregate/count-waiting.ts'
import type { CountedFacts } from '../counted-facts.ts'
import { isCalendarTime } from '../pure/facts/fact.ts'
import { linksOfPerson } from '../pure/facts/links.ts'
import type { Names } from '../pure/facts/names.ts'
import type { OrderFact } from '../pure/facts/order-fact.ts'
import type { SessionFact } from '../pure/facts/session-fact.ts'
import type { EraseAsked } from './erase-asked.ts'
import type { ErasureStore } from './erasure-store.ts'

type Kept<F extends { id: string }> = Pick<CountedFacts<F>, 'load' | 'idsOf' | 'ofStore' | 'isWaiting'>

export type AnswerRequestsDeps = {
  sessions: Kept<SessionFact>
  orders: Kept<OrderFact>
  erasures: ErasureStore
  names: Names
  eraseAsked: EraseAsked
  countWaiting: CountWaiting
  confirm: (confirmation: Draft<PrivacyConfirmed>) => Promise<void>
  now: () => number
  /** What else comes. */
  handle: (batch: readonly DecodedRecord[]) => Promise<Outcome[]>
}

/** Facts of one kind that are erased at once. */
const page = 1_000

/**
 * A handler of what people ask about their data. Erases what facts tell of them, takes it out of the rows, and confirms
 * it; everything else is left to `handle`. Throws when a database or Kafka is away; a request that comes again finds
 * nothing left and is confirmed again.
 */
export function createAnswerRequests(deps: AnswerRequestsDeps) {
  const { sessions, orders, erasures, names, eraseAsked, countWaiting, confirm, now, handle } = deps

  return handleApart('PrivacyRequested', ({ value }) => answer(value), handle)

  async function answer(request: PrivacyRequested): Promise<Outcome> {
    const { merchantId, source, storeId, customerId, orderIds, platformAt, at } = request
    const named = customerId === null ? orderIds : [customerId, ...orderIds]
    if (![merchantId, source, storeId, ...named].every(isIdPart)) return rejected('names what cannot be part of an id')
    const until = Math.min(platformAt, at)
    if (until < 0 || !isCalendarTime(until)) return rejected('bad platformAt')
    switch (request.kind) {
      case 'data_request': {
        const held = await concerned(request)
        return confirmed(request, { sessions: held.sessions.length, orders: held.orders.length })
      }
      case 'customer_redact': {
        const { customer, named } = recordsIn(request)
        const kept = [...(customer === undefined ? [] : [names.customer(customer)]), ...named.map(names.order)]
        await erasures.keep(kept, until)
        const held = await concerned(request)
        return confirmed(request, await eraseAll(inPages(held)))
      }
      case 'shop_redact':
        await erasures.keep([names.store({ merchantId, platform: source, storeId })], until)
        return confirmed(request, await eraseAll(ofStore(request)))
      default:
        return rejected('kind: no request that this service knows')
    }
  }

  async function concerned(request: PrivacyRequested): Promise<Ids> {
    const { customer, named } = recordsIn(request)
    const links = customer === undefined ? [] : linksOfPerson(customer)
    const known = await orders.load(named)
    return {
      sessions: await sessions.idsOf(links),
      orders: [...new Set([...known.keys(), ...(await orders.idsOf(links))])],
    }
  }

  async function* inPages(held: Ids): AsyncGenerator<Page> {
    for (let at = 0; at < Math.max(held.sessions.length, held.orders.length); at += page) {
      const some = (ids: readonly string[]) => ids.slice(at, at + page)
      const [ofSessions, ofOrders] = await Promise.all([
        sessions.load(some(held.sessions)),
        orders.load(some(held.orders)),
      ])
      yield {
        sessions: [...ofSessions.values()].map(({ fact }) => fact),
        orders: [...ofOrders.values()].map(({ fact }) => fact),
      }
    }
  }

  async function* ofStore({ merchantId, source: platform, storeId }: PrivacyRequested): AsyncGenerator<Page> {
    const store = { merchantId, platform, storeId }
    for (let behind = ''; ; ) {
      const some = await sessions.ofStore(store, behind, page)
      if (some.length > 0) yield { sessions: some, orders: [] }
      behind = some.at(-1)?.id ?? ''
      if (some.length < page) break
    }
    for (let behind = ''; ; ) {
      const some = await orders.ofStore(store, behind, page)
      if (some.length > 0) yield { sessions: [], orders: some }
      behind = some.at(-1)?.id ?? ''
      if (some.length < page) return
    }
  }

  async function eraseAll(pages: AsyncIterable<Page>): Promise<Counts> {
    const counts = { sessions: 0, orders: 0 }
    for await (const some of pages) {
      const erased = await eraseAsked(some)
      counts.sessions += erased.sessions.length
      counts.orders += erased.orders.length
      // Whoever else counts may be at it as well. What was erased by somebody who then died is waited for, too.
      const ids = {
        sessions: [...erased.sessions, ...some.sessions.filter((one) => one.erased).map(({ id }) => id)],
        orders: [...erased.orders, ...some.orders.filter((one) => one.erased).map(({ id }) => id)],
      }
      while ((await sessions.isWaiting(ids.sessions)) || (await orders.isWaiting(ids.orders))) await countWaiting()
    }
    return counts
  }

  async function confirmed(request: PrivacyRequested, counts: Counts): Promise<Outcome> {
    const { requestId, merchantId, subjectRef } = request
    const isHeld = Object.values(counts).some((count) => count > 0)
    await confirm({
      ...{ requestId, merchantId, subjectRef, service: 'analytics' },
      ...{ outcome: isHeld ? 'done' : 'nothing-held', counts, at: now() },
      // Nobody told which accounts are one person's.
      ...(request.scope === 'person' && { reason: 'of the accounts and orders that the request names' }),
    })
    return done
  }
}

type Page = { sessions: readonly SessionFact[]; orders: readonly OrderFact[] }
type Ids = { sessions: readonly string[]; orders: readonly string[] }
/** Facts that told of somebody. */
type Counts = { sessions: number; orders: number }

const recordsIn = ({ customerId, orderIds, ...store }: PrivacyRequested) => ({
  customer: customerId === null ? undefined : recordId({ ...store, entityId: customerId }),
  named: orderIds.map((entityId) => recordId({ ...store, entityId })),
})
