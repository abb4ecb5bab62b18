import { type DecodedRecord, done, type Outcome, rejected, skipped } from '@varai/kafka'
import type { CountHours } from './count-hours.ts'
import type { FactStore } from './fact-store.ts'
import { bucketsOf, type Decision, foldOrder, type OrderFact } from './pure/order-fact.ts'
import { deletedOrder, type OrderStatement, type ReadStatement, statedOrder } from './pure/order-statement.ts'

type Deps = { facts: Pick<FactStore, 'loadMany' | 'saveMany' | 'clearLeft'>; countHours: CountHours }

/** The handler of the lanes: orders into facts, facts into hours. */
export function createCountOrders(deps: Deps) {
  /**
   * Resolves when the facts of every order in the batch are saved and the roll-ups they concern show them; throws when
   * the database is away (nothing is committed, and the same batch may come again). The hours of events that change
   * nothing are counted too: whoever saved their facts may have died before counting.
   */
  return async function countOrders(batch: readonly DecodedRecord[]): Promise<Outcome[]> {
    const read = batch.map(readRecord)
    const facts = await saveFacts(read.flatMap((one) => ('statement' in one ? [one.statement] : [])))
    await deps.countHours(new Set(facts.flatMap(bucketsOf)))
    await deps.facts.clearLeft(facts.filter((fact) => fact.left.length > 0))
    return read.map((one) => ('statement' in one ? done : one.outcome))
  }

  async function saveFacts(statements: readonly OrderStatement[]): Promise<OrderFact[]> {
    const byOrder = Map.groupBy(statements, (statement) => statement.order.id)
    if (byOrder.size === 0) return []
    for (;;) {
      const held = await deps.facts.loadMany([...byOrder.keys()])
      const decisions = [...byOrder].map(([id, group]) => foldOrder(held.get(id), group))
      // Of a save that lost a guard, the second look decides again: what was saved then folds to no change.
      if (await deps.facts.saveMany(changedFacts(decisions))) return decisions.map(savedFact)
    }
  }
}

const changedFacts = (decisions: readonly Decision[]): OrderFact[] =>
  decisions.filter((decision) => decision.changed).map((decision) => decision.fact)

const savedFact = ({ fact, changed }: Decision): OrderFact => (changed ? { ...fact, version: fact.version + 1 } : fact)

type Read = { statement: OrderStatement } | { outcome: Outcome }

function readRecord(record: DecodedRecord): Read {
  if (record.record === 'OrderStated') return countable(statedOrder(record.value))
  if (record.record !== 'EntityDeleted' || record.value.entityType !== 'order')
    return { outcome: skipped('not counted') }
  if (record.value.childId !== null) return { outcome: skipped('a part of an order was deleted, not the order') }
  if (!record.value.confirmed) return { outcome: skipped('a deletion that is not confirmed yet') }
  return countable(deletedOrder(record.value))
}

const countable = (read: ReadStatement): Read =>
  read.ok ? { statement: read.statement } : { outcome: rejected(read.reason) }
