import { nextTurn } from './pure/next-turn.ts'

type Waiter = { readonly rank: number; passedOver: number; readonly start: () => void }

/**
 * One turn at a time for the lanes of a process. Guarantees: the highest lane that has work goes next, also when its
 * next records are still being fetched; it waits for at most the one batch that is under way. And no lane waits for
 * more than that one, `patience` turns of higher lanes, and one turn of each other lane whose patience has also ended:
 * each moves on, however busy those above it are.
 */
export type Gate = {
  /**
   * Runs `work` when it is this rank's turn (0 is the highest). A rank has one turn or one wish at a time. Who leaves
   * while waiting gives up the place: resolves to undefined, and `work` is never run.
   */
  turn<T>(rank: number, work: () => Promise<T>, leaving?: AbortSignal): Promise<T | undefined>
  /** Says whether this rank will soon ask again: lower ones then wait for it, but not longer than the grace. */
  expect(rank: number, soon: boolean): void
}

export function createGate(
  settings: {
    /** Turns of higher lanes that a lane waits for, 1 or more. Default 8: a busy process gives a lower lane every ninth turn. */
    readonly patience?: number
    /** How long a lane that is expected is waited for, in ms: a fetch of a full batch. Default 300. */
    readonly graceMs?: number
  } = {},
): Gate {
  const { patience = 8, graceMs = 300 } = settings
  const waiting: Waiter[] = []
  const expected = new Map<number, NodeJS.Timeout>()
  let taken = false

  function grant(): void {
    const index = taken ? undefined : nextTurn(waiting, patience)
    const next = index === undefined ? undefined : waiting[index]
    if (index === undefined || next === undefined) return
    const isOverdue = next.passedOver >= patience
    if (!isOverdue && [...expected.keys()].some((rank) => rank < next.rank)) return
    waiting.splice(index, 1)
    for (const other of waiting) if (other.rank > next.rank) other.passedOver += 1
    taken = true
    next.start()
  }

  function forget(rank: number): void {
    clearTimeout(expected.get(rank))
    expected.delete(rank)
  }

  return {
    async turn(rank, work, leaving) {
      const hasTurn = await new Promise<boolean>((resolve) => {
        forget(rank)
        const waiter: Waiter = { rank, passedOver: 0, start: () => resolve(true) }
        const leave = () => {
          const index = waiting.indexOf(waiter)
          if (index < 0) return
          waiting.splice(index, 1)
          resolve(false)
        }
        waiting.push(waiter)
        leaving?.addEventListener('abort', leave, { once: true })
        if (leaving?.aborted) leave()
        grant()
      })
      if (!hasTurn) return undefined
      try {
        return await work()
      } finally {
        taken = false
        // Whoever has more asks for it a moment later; those below must not slip in between.
        setImmediate(grant)
      }
    },
    expect(rank, soon) {
      forget(rank)
      if (soon) {
        const timer = setTimeout(() => {
          expected.delete(rank)
          grant()
        }, graceMs)
        expected.set(rank, timer.unref())
      } else grant()
    },
  }
}
