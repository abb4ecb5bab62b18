import { type DecodedRecord, done, type Outcome, rejected, skipped } from '@varai/kafka'
import type { CountHours } from './count-hours.ts'
import type { FactStore } from './fact-store.ts'
import { type Decision, foldOrder, type OrderFact } from './pure/order-fact.ts'
import { deletedOrder, type OrderStatement, type ReadStatement, statedOrder } from './pure/order-statement.ts'

type Deps = { facts: Omit<FactStore, 'sum'>; countHours: CountHours }

/** The handler of the lanes: orders into facts, facts into hours. */
export function createCountOrders(deps: Deps) {
  return {
    /**
     * Resolves when the facts of every order in the batch are saved and the roll-ups they touch show them; throws when
     * the database is away (nothing is committed, and the same batch may come again).
     */
    async countOrders(batch: readonly DecodedRecord[]): Promise<Outcome[]> {
      const read = batch.map(readRecord)
      const statements = read.flatMap((one) => ('statement' in one ? [one.statement] : []))
      await showInHours(await saveFacts(statements))
      return read.map((one) => ('statement' in one ? done : one.outcome))
    },

    /**
     * Counts the hours that a process left stale when it died between saving a fact and counting its hour. Its events
     * come again and do the same; this is for those that never do, because somebody moved the offsets.
     */
    async countLeftOvers(): Promise<number> {
      let counted = 0
      for (let stale = await deps.facts.loadStale(500); stale.length > 0; stale = await deps.facts.loadStale(500)) {
        await showInHours(stale)
        counted += stale.length
      }
      return counted
    },
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

  async function showInHours(facts: readonly OrderFact[]): Promise<void> {
    const stale = facts.filter((fact) => fact.stale.length > 0)
    await deps.countHours(new Set(stale.flatMap((fact) => fact.stale)))
    await deps.facts.clearStale(stale)
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
