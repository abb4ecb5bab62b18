import { setTimeout as after } from 'node:timers/promises'
import type { TrainingQueue } from './training-queue.ts'

const emptyPauseMs = 200

/**
 * Takes rows one after the other until told to stop, and acknowledges each that `handle` is done with. What it throws
 * on, and what it is killed over, comes again once `visibleAfterMs` (60,000 unless told) are over: whoever handles rows
 * must not mind one that comes twice. Resolves with how many it handled.
 */
export async function workQueue(
  queue: Pick<TrainingQueue, 'take' | 'acknowledge'>,
  handle: (payload: string) => Promise<void>,
  options: {
    readonly stopping: AbortSignal
    readonly visibleAfterMs?: number
    /** End when nothing is left instead of waiting for more. */
    readonly untilEmpty?: boolean
  },
): Promise<number> {
  const { stopping, visibleAfterMs = 60_000, untilEmpty = false } = options
  let handled = 0
  while (!stopping.aborted) {
    const payload = await queue.take(visibleAfterMs)
    if (payload === undefined) {
      if (untilEmpty) break
      await after(emptyPauseMs, undefined, { signal: stopping }).catch(() => undefined)
      continue
    }
    await handle(payload)
    await queue.acknowledge(payload)
    handled += 1
  }
  return handled
}
