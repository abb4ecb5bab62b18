import { type DecodedRecord, done, type Outcome, rejected, skipped } from '@varai/kafka'
import type { Logger } from '@varai/runtime'
import { factOf, type OrderFact } from '../pure/report/order-fact.ts'
import type { OrderStore } from './order-store.ts'
import type { ReportStore } from './report-store.ts'

type Read = { readonly outcome: Outcome; readonly fact?: OrderFact; readonly ask?: string }

/** The handler of changes: keeps what each order adds to reports. Of each order the highest version counts. */
export function createFollowOrders(deps: {
  readonly facts: Pick<ReportStore, 'save'>
  readonly orders: Pick<OrderStore, 'byIds'>
  /** Told of every batch that was followed. */
  readonly followed: () => Promise<void>
  readonly log: Logger
}) {
  /** Resolves when every change of the batch is kept; throws when the database is away (nothing is committed). */
  return async function followOrders(batch: readonly DecodedRecord[]): Promise<Outcome[]> {
    const read = batch.map(readChange)
    const facts = read.flatMap(({ fact }) => fact ?? [])
    const asked = [...new Set(read.flatMap(({ ask }) => ask ?? []))]
    for (const { image, ...named } of asked.length === 0 ? [] : await deps.orders.byIds(asked)) {
      const made = factOf(named, image)
      if (made.ok) facts.push(made.fact)
      else deps.log.warn({ order: named.id, reason: made.reason }, 'reporting.unreadable')
    }
    const newer = await deps.facts.save(facts)
    await deps.followed()
    deps.log.info({ records: batch.length, orders: facts.length, newer }, 'reporting.followed')
    return read.map(({ outcome }) => outcome)
  }
}

function readChange(record: DecodedRecord): Read {
  if (record.record !== 'DocumentChanged') return { outcome: skipped(`not a change: ${record.record}`) }
  const { collection, documentId: id, merchantId, version, after, afterIs } = record.value
  if (collection !== 'orders') return { outcome: skipped('reports are of orders') }
  if (afterIs === 'superseded') return { outcome: skipped('a newer change has the order') }
  if (afterIs === 'too_large') return { outcome: done, ask: id }
  const pictured = afterIs === 'gone' ? null : imageIn(after)
  if (pictured === undefined) return { outcome: rejected('after: not the text of a document') }
  const made = factOf({ id, merchantId, version }, pictured)
  return made.ok ? { outcome: done, fact: made.fact } : { outcome: rejected(made.reason) }
}

function imageIn(text: string | null): object | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '')
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
