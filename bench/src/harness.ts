/**
 * One way of doing the job. Contestants of a bench do the same job in the same run on the same machine: these machines
 * are noisy, so only ratios between them mean anything.
 */
export type Contestant = {
  name: string
  /** What is comparable and what is not, in a sentence; printed with the result. */
  note?: string
  /** Does the job once and resolves with what was measured; called for warm-up too. */
  round(): Promise<Measure>
}

/** Work done and what it took. Times in ms; `cpuMs` is user + system time of the process that does the job. */
export type Measure = {
  events: number
  wallMs: number
  cpuMs?: number
  p50Ms?: number
  p99Ms?: number
  peakRssMiB?: number
}

export type Result = { name: string; note?: string; rounds: Measure[]; median: MedianMeasure }
export type MedianMeasure = {
  eventsPerSecond: number
  cpuMicrosPerEvent?: number
  p50Ms?: number
  p99Ms?: number
  peakRssMiB?: number
}

/**
 * Runs all contestants `rounds` times, one after the other within a round, so that a slow minute of the machine hits
 * them alike; the first `warmUp` rounds are not counted.
 */
export async function runInterleaved(
  contestants: readonly Contestant[],
  options: {
    rounds: number
    warmUp: number
    /** Once so much time has passed no further round begins, but one that counts there is. */
    withinMs?: number
    progress?: (line: string) => void
  },
): Promise<Result[]> {
  const measured = new Map<string, Measure[]>(contestants.map(({ name }) => [name, []]))
  const end = performance.now() + (options.withinMs ?? Number.POSITIVE_INFINITY)
  for (let round = -options.warmUp; round < options.rounds; round += 1) {
    if (round > 0 && performance.now() > end) break
    for (const contestant of contestants) {
      const measure = await contestant.round()
      options.progress?.(
        `${round < 0 ? 'warm-up' : `round ${round + 1}`} ${contestant.name}: ${Math.round(perSecond(measure))} events/s`,
      )
      if (round >= 0) measured.get(contestant.name)?.push(measure)
    }
  }
  return contestants.map(({ name, note }) => {
    const rounds = measured.get(name) ?? []
    return { name, ...(note === undefined ? {} : { note }), rounds, median: medianMeasure(rounds) }
  })
}

/** Ratio of the medians of two contestants' events per second; above 1 means that the first is faster. */
export function ratio(results: readonly Result[], first: string, second: string): number {
  const speed = (name: string) => results.find((result) => result.name === name)?.median.eventsPerSecond ?? Number.NaN
  return speed(first) / speed(second)
}

const perSecond = (measure: Measure): number => (measure.events / measure.wallMs) * 1000

function medianMeasure(rounds: readonly Measure[]): MedianMeasure {
  const of = (read: (measure: Measure) => number | undefined) => {
    const values = rounds.map(read).filter((value) => value !== undefined)
    return values.length === rounds.length ? median(values) : undefined
  }
  const optional = {
    cpuMicrosPerEvent: of((measure) =>
      measure.cpuMs === undefined ? undefined : (measure.cpuMs * 1000) / measure.events,
    ),
    p50Ms: of((measure) => measure.p50Ms),
    p99Ms: of((measure) => measure.p99Ms),
    peakRssMiB: of((measure) => measure.peakRssMiB),
  }
  const known = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined))
  return { eventsPerSecond: median(rounds.map(perSecond)), ...known }
}

/** The middle value; the mean of the two in the middle for an even count; NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const upper = sorted[Math.floor(middle)] ?? Number.NaN
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? Number.NaN) + upper) / 2 : upper
}
