import type { DecodedRecord } from '@varai/kafka'
import { createCountEvents } from '../count-events.ts'
import { createAnswerRequests } from '../erasure/answer-requests.ts'
import { createEraseAsked } from '../erasure/erase-asked.ts'
import type { ErasureStore } from '../erasure/erasure-store.ts'
import { beganAt } from '../pure/attribution/attribute.ts'
import type { Figures } from '../pure/count/row.ts'
import { linksOfOrder, linksOfSession } from '../pure/facts/links.ts'
import { createNames } from '../pure/facts/names.ts'
import { countsSince, type OrderFact } from '../pure/facts/order-fact.ts'
import type { ProductFact } from '../pure/facts/product-fact.ts'
import type { SessionFact } from '../pure/facts/session-fact.ts'
import type { Step } from '../step.ts'
import { createCountWaiting } from './count-waiting.ts'
import type { JournalStore } from './journal-store.ts'
import type { RowStore } from './row-store.ts'
import { createSteps } from './steps.ts'
import { createFacts, type Stop } from './test-facts.ts'

/** The service without a database and Kafka: what several processes share, kept in memory. */
export function createMemory() {
  const sessions = createFacts<SessionFact>(linksOfSession, beganAt)
  const orders = createFacts<OrderFact>(linksOfOrder, countsSince)
  const products = createFacts<ProductFact>(
    () => [],
    () => undefined,
  )
  const rows = new Map<string, { seq: number; figures: Figures }>()
  const erased = new Map<string, number>()
  let last: { seq: number; step: Step | undefined } = { seq: 0, step: undefined }

  const startProcess = (stop: Stop) => {
    const journal: JournalStore = {
      async last() {
        await stop()
        return { seq: last.seq, open: last.step }
      },
      async open(seq, step) {
        await stop()
        if (last.seq !== seq || last.step !== undefined) return false
        last = { seq: seq + 1, step }
        return true
      },
      async close(seq) {
        await stop()
        if (last.seq === seq) last = { seq, step: undefined }
      },
    }
    const rowStore: Pick<RowStore, 'load' | 'write'> = {
      async load(ids) {
        await stop()
        return new Map(ids.flatMap((id) => (rows.has(id) ? [[id, rows.get(id)?.figures ?? {}]] : [])))
      },
      async write(seq, states) {
        for (const { row, figures } of states) {
          await stop()
          if ((rows.get(row)?.seq ?? 0) < seq) rows.set(row, { seq, figures })
        }
      },
    }
    const stores = { sessions: sessions.open(stop), orders: orders.open(stop), products: products.open(stop) }
    const steps = createSteps({ journal, rows: rowStore, ...stores })
    const countWaiting = createCountWaiting({ steps, rows: rowStore, ...stores, windows, pageSize: 2 })
    const erasures: ErasureStore = {
      async keep(kept, until) {
        await stop()
        for (const name of kept) erased.set(name, Math.max(until, erased.get(name) ?? 0))
      },
      async untilOf(asked) {
        await stop()
        return new Map(asked.flatMap((name) => (erased.has(name) ? [[name, erased.get(name) ?? 0]] : [])))
      },
    }
    const eraseAsked = createEraseAsked({ ...stores, erasures, names })
    const requests = { ask: async () => {} }
    const handle = createAnswerRequests({
      ...{ ...stores, erasures, names, eraseAsked, countWaiting, confirm: stop, now: () => 0 },
      handle: createCountEvents({ ...stores, requests, eraseAsked, changed: () => {} }),
    })
    return { handle, countWaiting }
  }
  return {
    startProcess,
    facts: () => JSON.stringify([...sessions.facts.values(), ...orders.facts.values()]),
    waits: () => [sessions, orders, products].some(({ facts }) => [...facts.values()].some(({ waits }) => waits)),
    shown: () => plain([...rows].map(([row, { figures }]) => [row, figures])),
  }
}

const names = createNames(Buffer.alloc(32))
export const windows = { touchMs: 3, sessionMs: 5 }

export const plain = (rows: Iterable<readonly [string, Figures]>) =>
  Object.fromEntries(
    [...rows]
      .map(([row, of]) => [row, Object.entries(of).filter(([, value]) => value !== 0 && value !== '0')] as const)
      .filter(([, of]) => of.length > 0)
      .map(([row, of]) => [row, Object.fromEntries(of)]),
  )

export const position = {
  topic: 'varai.events.high',
  partition: 0,
  offset: '0',
  key: null,
  headers: {},
  timestamp: 0,
  attempt: 0,
}

/** What a process does with its batches, counting in between, until nothing waits. */
export async function work(
  process: ReturnType<ReturnType<typeof createMemory>['startProcess']>,
  own: readonly (readonly DecodedRecord[])[],
): Promise<void> {
  for (const batch of own) {
    await process.handle(batch)
    await process.countWaiting()
  }
  while ((await process.countWaiting()) !== 'nothing waits');
}
