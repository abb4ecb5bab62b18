import { nextTurn } from './pure/next-turn.ts'

type Waiter = { readonly rank: number; passedOver: number; readonly start: () => void }

/**
 * One turn at a time for the lanes of a process. Guarantee: the highest lane with work goes next, so it waits for at
 * most the one batch that is under way; but no lane waits for more than `patience` turns of higher lanes (plus one for
 * each other lane whose patience is also at its end), so each moves on however busy the ones above it are.
 */
export type Gate = {
  /** Runs `work` when it is this rank's turn (0 is the highest). A rank asks for its next turn after its last one. */
  turn<T>(rank: number, work: () => Promise<T>): Promise<T>
}

export function createGate({ patience = 8 }: { readonly patience?: number } = {}): Gate {
  const waiting: Waiter[] = []
  let taken = false

  function grant(): void {
    const index = taken ? undefined : nextTurn(waiting, patience)
    const next = index === undefined ? undefined : waiting.splice(index, 1)[0]
    if (next === undefined) return
    for (const other of waiting) if (other.rank > next.rank) other.passedOver += 1
    taken = true
    next.start()
  }

  return {
    async turn(rank, work) {
      await new Promise<void>((start) => {
        waiting.push({ rank, passedOver: 0, start })
        grant()
      })
      try {
        return await work()
      } finally {
        taken = false
        grant()
      }
    },
  }
}
