import type { Logger } from '@varai/runtime'
import type { CountedFacts } from '../counted-facts.ts'
import { hourOf, hourStart } from '../pure/count/hour.ts'
import { type Figures, minus, plus, sumByRow } from '../pure/count/row.ts'
import type { OrderFact } from '../pure/facts/order-fact.ts'
import type { SessionFact } from '../pure/facts/session-fact.ts'
import type { RowState } from '../step.ts'
import type { Aggregated, RequestStore } from './request-store.ts'
import type { RowStore } from './row-store.ts'
import type { Steps } from './steps.ts'

export type MakeAgainDeps = {
  steps: Steps
  sessions: Pick<CountedFacts<SessionFact>, 'shownIn'>
  orders: Pick<CountedFacts<OrderFact>, 'shownIn'>
  rows: Pick<RowStore, 'ofHour'>
  requests: Pick<RequestStore, 'next' | 'save'>
  log: Logger
}

const hourMs = 3_600_000
/** So long hours are made again before facts are counted that wait: a request goes on with its next turn. */
const turnMs = 2_000

/**
 * Goes on with the request that has waited longest, for a moment: sums every row of its hours anew over what the facts
 * are counted with, and writes those that show anything else. Resolves with false when none waits.
 */
export function createMakeAgain({ steps, sessions, orders, rows, requests, log }: MakeAgainDeps) {
  async function makeHour(hour: string): Promise<Aggregated> {
    for (;;) {
      const seq = await steps.finished()
      const [from, to] = [new Date(hourStart(hour)), new Date(hourStart(hour) + hourMs)]
      const sums = new Map<string, Figures>()
      for (const facts of [sessions, orders])
        for await (const { row, add } of facts.shownIn(from, to)) sums.set(row, plus(sums.get(row) ?? {}, add))
      const held = await rows.ofHour(hour)
      const wrong = [...new Set([...sums.keys(), ...held.keys()])].flatMap((row): RowState[] => {
        const [shown, right] = [held.get(row), sums.get(row) ?? {}]
        const difference = sumByRow([
          { row, add: right },
          { row, add: minus(shown ?? {}) },
        ]).get(row)
        return difference === undefined
          ? []
          : [{ row, isNew: shown === undefined, figures: plus(shown ?? {}, difference) }]
      })
      const came = { rows: sums.size, repaired: wrong.length }
      if (wrong.length === 0) return came
      if (await steps.take(seq, { rows: wrong, sessions: [], orders: [], concerned: [] })) return came
    }
  }

  return async function makeAgain(): Promise<boolean> {
    const request = await requests.next()
    if (request === undefined) return false
    const { from, to, reason } = request
    const came = { ...request.came }
    const began = performance.now()
    let next = from
    while (next < to && performance.now() - began < turnMs) {
      const { rows: made, repaired } = await makeHour(next)
      came.rows += made
      came.repaired += repaired
      next = hourOf(hourStart(next) + hourMs)
    }
    await requests.save(request, next, came)
    log[came.repaired > 0 ? 'error' : 'info']({ from, to, next, reason, ...came }, 'aggregation.made')
    return true
  }
}
