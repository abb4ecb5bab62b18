import type { Findings } from './report.ts'

export type BenchOptions = {
  /** Counted rounds; others come before them to warm up. */
  readonly rounds: number
  /** Events of a round, instead of the bench's own number. */
  readonly events: number | undefined
  /** Small rounds that show that everything works, not how fast. */
  readonly quick: boolean
  /** The bench's own folder for data and logs. */
  readonly stateDir: string
  readonly progress: (line: string) => void
  readonly signal: AbortSignal
}

/** Boots what it needs, measures, stops what it booted; bounded in time. Rejects when a contestant did not do the job. */
export type Bench = (options: BenchOptions) => Promise<Findings>
