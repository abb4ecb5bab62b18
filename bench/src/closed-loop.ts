import { createHistogram } from 'node:perf_hooks'
import { z } from 'zod'

/** One round of load: so many callers at once, each beginning anew when it has its answer, until either bound is met. */
export const load = z.object({
  events: z.number().int().positive(),
  withinMs: z.number().positive(),
  callers: z.number().int().positive(),
})
export type Load = z.infer<typeof load>

/** Events that were answered, the time from the first call to the last answer, and the time of a call, in ms. */
export const loadMeasure = z.object({ events: z.number(), wallMs: z.number(), p50Ms: z.number(), p99Ms: z.number() })
export type LoadMeasure = z.infer<typeof loadMeasure>

/** Calls again and again. Rejects with the first failure: who refuses work must not look fast. */
export async function runLoad(load: Load, call: (turn: number) => Promise<void>): Promise<LoadMeasure> {
  const took = createHistogram()
  const began = performance.now()
  const end = began + load.withinMs
  let turn = 0
  let failed = false
  async function caller(): Promise<void> {
    for (let now = performance.now(); !failed && turn < load.events && now < end; ) {
      const called = now
      turn += 1
      await call(turn - 1)
      now = performance.now()
      took.record(Math.max(1, Math.round((now - called) * 1_000)))
    }
  }
  await Promise.all(
    Array.from({ length: load.callers }, () =>
      caller().catch((error: unknown) => {
        failed = true
        throw error
      }),
    ),
  )
  return {
    events: turn,
    wallMs: performance.now() - began,
    p50Ms: took.percentile(50) / 1_000,
    p99Ms: took.percentile(99) / 1_000,
  }
}
