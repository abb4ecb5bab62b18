import { type DecodedRecord, done, type Outcome, rejected, skipped } from '@varai/kafka'
import type { RequestStore } from './aggregate/request-store.ts'
import type { Changed, FactStore } from './fact-store.ts'
import { type AggregationRequest, readRequest } from './pure/count/aggregation-request.ts'
import { foldOrder, type OrderFact } from './pure/facts/order-fact.ts'
import { deletedOrder, type OrderStatement, statedOrder } from './pure/facts/order-statement.ts'
import {
  foldProduct,
  isSameFrame,
  type ProductFact,
  type ProductStatement,
  statedProduct,
} from './pure/facts/product-fact.ts'
import { foldSession, type SessionFact } from './pure/facts/session-fact.ts'
import { deletedSession, type SessionStatement, statedSession } from './pure/facts/session-statement.ts'

type Kept<F extends { id: string }> = Pick<FactStore<F>, 'load' | 'save'>

export type CountEventsDeps = {
  sessions: Kept<SessionFact>
  orders: Kept<OrderFact>
  products: Kept<ProductFact>
  requests: Pick<RequestStore, 'ask'>
  /** Erases those of them that somebody asked to have erased. */
  eraseAsked: (facts: { sessions: readonly SessionFact[]; orders: readonly OrderFact[] }) => Promise<unknown>
  /** Told that facts have changed. */
  changed: () => void
}

/** The handler of the lanes: events into facts. What the facts come to is counted by whoever aggregates. */
export function createCountEvents(deps: CountEventsDeps) {
  /**
   * Resolves when the facts of every entity in the batch are saved, those that changed marked as to be counted; throws
   * when the database is away (nothing is committed, and the same batch may come again).
   */
  return async function countEvents(batch: readonly DecodedRecord[]): Promise<Outcome[]> {
    const read = batch.map(readRecord)
    const [products, sessions, orders] = await Promise.all([
      saveFacts(
        deps.products,
        read.flatMap((one) => (one.kind === 'product' ? [one.says] : [])),
        foldProduct,
        // a catalogue that is read again says the same of everything
        (before, after) => !isSameFrame(before, after),
      ),
      saveFacts(
        deps.sessions,
        read.flatMap((one) => (one.kind === 'session' ? [one.says] : [])),
        foldSession,
      ),
      saveFacts(
        deps.orders,
        read.flatMap((one) => (one.kind === 'order' ? [one.says] : [])),
        foldOrder,
      ),
    ])
    const asked = read.flatMap((one) => (one.kind === 'request' ? [one.says] : []))
    for (const request of asked) await deps.requests.ask(request)
    await deps.eraseAsked({ sessions: sessions.facts, orders: orders.facts })
    if (asked.length > 0 || [products, sessions, orders].some(({ changed }) => changed > 0)) deps.changed()
    return read.map((one) => (one.kind === 'nothing' ? one.outcome : done))
  }
}

/** Resolves with the facts that were spoken of as they are now, and how many of them changed. */
async function saveFacts<F extends { id: string }, S extends { of: { id: string } }>(
  store: Kept<F>,
  statements: readonly S[],
  fold: (held: F | undefined, statements: readonly S[]) => F,
  counts: (before: F | undefined, after: F) => boolean = () => true,
): Promise<{ facts: F[]; changed: number }> {
  let open = Map.groupBy(statements, (statement) => statement.of.id)
  const facts = new Map<string, F>()
  let changed = 0
  while (open.size > 0) {
    const held = await store.load([...open.keys()])
    const next = [...open].flatMap(([id, said]): Changed<F>[] => {
      const before = held.get(id)
      const fact = fold(before?.fact, said)
      facts.set(id, fact)
      if (fact === before?.fact) return []
      return [{ fact, before: before?.fact, version: before?.version ?? 0, counts: counts(before?.fact, fact) }]
    })
    // Of a save that lost its guard, the second look decides again.
    const lost = await store.save(next)
    changed += next.length - lost.size
    open = new Map([...open].filter(([id]) => lost.has(id)))
  }
  return { facts: [...facts.values()], changed }
}

type Said =
  | { kind: 'session'; says: SessionStatement }
  | { kind: 'order'; says: OrderStatement }
  | { kind: 'product'; says: ProductStatement }
  | { kind: 'request'; says: AggregationRequest }
  | { kind: 'nothing'; outcome: Outcome }

const nothing = (outcome: Outcome): Said => ({ kind: 'nothing', outcome })

function readRecord(record: DecodedRecord): Said {
  switch (record.record) {
    case 'OrderStated':
      return said(statedOrder(record.value), order)
    case 'ProductStated':
      return said(statedProduct(record.value), product)
    case 'AiSessionStated':
    case 'FaceAnalysed':
    case 'RecommendationsGenerated':
    case 'Interaction':
    case 'ConsentStated':
      return said(statedSession(record), session)
    case 'EntityDeleted':
      return readDeletion(record.value)
    case 'AggregationRequested':
      return said(readRequest(record.value), request)
    default:
      return nothing(skipped('not counted'))
  }
}

function readDeletion(value: Extract<DecodedRecord, { record: 'EntityDeleted' }>['value']): Said {
  const { entityType, childId, confirmed } = value
  // Nobody asked for anything by it: figures are of what was done, and an erasure comes as a request.
  if (entityType === 'customer') return nothing(skipped('a deleted account changes no figure'))
  if (entityType !== 'order' && entityType !== 'ai_session') return nothing(skipped('not counted'))
  if (childId !== null) return nothing(skipped('a part was deleted, not the whole'))
  if (!confirmed) return nothing(skipped('a deletion that is not confirmed yet'))
  return entityType === 'order' ? said(deletedOrder(value), order) : said(deletedSession(value), session)
}

type Read<S> = { ok: true; statement: S } | { ok: false; reason: string } | { ok: 'silent' }

function said<S>(read: Read<S>, as: (says: S) => Said): Said {
  if (read.ok === 'silent') return nothing(skipped('not counted'))
  return read.ok ? as(read.statement) : nothing(rejected(read.reason))
}

const session = (says: SessionStatement): Said => ({ kind: 'session', says })
const order = (says: OrderStatement): Said => ({ kind: 'order', says })
const product = (says: ProductStatement): Said => ({ kind: 'product', says })
const request = (says: AggregationRequest): Said => ({ kind: 'request', says })
