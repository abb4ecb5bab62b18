import type { Logger, Metrics } from '@varai/runtime'
import type { LeaseStore } from '@varai/runtime/leases'
import type { Db } from 'mongodb'
import { collections } from '../collections.ts'
import { createCountedFacts } from '../counted-facts.ts'
import { createFactStore } from '../fact-store.ts'
import { beganAt } from '../pure/attribution/attribute.ts'
import { linksOfOrder, linksOfSession } from '../pure/facts/links.ts'
import { countsSince, type OrderFact } from '../pure/facts/order-fact.ts'
import type { ProductFact } from '../pure/facts/product-fact.ts'
import type { SessionFact } from '../pure/facts/session-fact.ts'
import { createCountWaiting } from './count-waiting.ts'
import { createJournalStore } from './journal-store.ts'
import { keepAggregated } from './keep-aggregated.ts'
import { createMakeAgain } from './make-again.ts'
import { createRequestStore } from './request-store.ts'
import { createRowStore } from './row-store.ts'
import { createSteps } from './steps.ts'

export type AggregationOptions = {
  log: Logger
  metrics: Metrics
  leases: LeaseStore
  /** In days. */
  windows: { touch: number; session: number }
}

const dayMs = 24 * 3_600_000
const lookEveryMs = 1_000

/** The facts, and everything that counts them. */
export function createAggregation(db: Db, { log, metrics, windows, leases }: AggregationOptions) {
  const sessions = createCountedFacts<SessionFact>(
    db,
    { facts: collections.sessions, shown: collections.sessionsShown },
    { linksOf: linksOfSession, timeOf: beganAt },
  )
  const orders = createCountedFacts<OrderFact>(
    db,
    { facts: collections.orders, shown: collections.ordersShown },
    { linksOf: linksOfOrder, timeOf: countsSince },
  )
  const products = createFactStore<ProductFact>(db, collections.products, {
    ...{ linksOf: () => [], timeOf: () => undefined },
  })
  const rows = createRowStore(db)
  const requests = createRequestStore(db)
  const steps = createSteps({ journal: createJournalStore(db), rows, sessions, orders })
  const countWaiting = createCountWaiting({
    ...{ steps, sessions, orders, products, rows },
    windows: { touchMs: windows.touch * dayMs, sessionMs: windows.session * dayMs },
  })
  const makeAgain = createMakeAgain({ steps, sessions, orders, rows, requests, log })
  const stepsTaken = metrics.counter({ what: 'aggregation_steps', help: 'Steps by which waiting facts were counted' })
  const most = 100_000
  metrics.gauge({
    what: 'waiting',
    unit: 'facts',
    help: `Facts that are not counted yet, at most ${most}`,
    collect: async (gauge) => {
      const waiting = await Promise.all([sessions, orders, products].map((facts) => facts.countWaiting(most)))
      gauge.set(waiting.reduce((sum, count) => sum + count, 0))
    },
  })

  metrics.gauge({
    what: 'aggregation_last_success',
    unit: 'timestamp_seconds',
    help: 'When hours were last made again from their facts; 0 before the first time',
    collect: async (gauge) => gauge.set(((await requests.lastDoneAt())?.getTime() ?? 0) / 1_000),
  })

  return {
    ...{ sessions, orders, products, requests, countWaiting, makeAgain },
    /** Keeps everything counted until told to stop. */
    keep: ({ stopping, leaseMs }: { stopping: AbortSignal; leaseMs: number }) =>
      keepAggregated({
        ...{ countWaiting, doRequest: makeAgain, leases, leaseMs, lookEveryMs, stopping, log },
        onCounted: () => stepsTaken.inc(),
      }),
  }
}
