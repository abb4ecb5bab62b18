import type { CountedFacts } from '../counted-facts.ts'
import type { OrderFact } from '../pure/facts/order-fact.ts'
import type { SessionFact } from '../pure/facts/session-fact.ts'
import type { Step } from '../step.ts'
import type { JournalStore } from './journal-store.ts'
import type { RowStore } from './row-store.ts'

export type Steps = {
  /** Carries out what somebody left open; resolves with the number of the last step. Read it before anything else. */
  finished(): Promise<number>
  /** Takes the step behind `seq`. False when another one came there first: nothing of this one was done. */
  take(seq: number, step: Step): Promise<boolean>
}

export type StepsDeps = {
  journal: JournalStore
  rows: Pick<RowStore, 'write'>
  sessions: Pick<CountedFacts<SessionFact>, 'mark' | 'saveShown'>
  orders: Pick<CountedFacts<OrderFact>, 'saveShown'>
}

/** Steps of counting, each carried out whole before the next one is opened. */
export function createSteps({ journal, rows, sessions, orders }: StepsDeps): Steps {
  async function carryOut(seq: number, step: Step): Promise<void> {
    await rows.write(seq, step.rows)
    await sessions.saveShown(seq, step.sessions)
    await orders.saveShown(seq, step.orders)
    await sessions.mark(step.concerned)
    await journal.close(seq)
  }

  return {
    async finished() {
      const { seq, open } = await journal.last()
      if (open !== undefined) await carryOut(seq, open)
      return seq
    },
    async take(seq, step) {
      if (!(await journal.open(seq, step))) return false
      await carryOut(seq + 1, step)
      return true
    },
  }
}
