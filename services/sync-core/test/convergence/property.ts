import { fc } from '@fast-check/vitest'
import { test } from 'vitest'

declare module 'vitest' {
  interface TaskMeta {
    /** How often a property was tried, and from which seed: for whoever reads the report. */
    property?: { readonly runs: number; readonly seed: number; readonly seen: Seen }
  }
}

/** How much happened in a run, by what is counted: `{ kills: 3 }`. */
export type Seen = Readonly<Record<string, number>>

const given = (name: string): number | undefined => {
  const text = process.env[name]
  return text === undefined ? undefined : Number(text)
}

/** Longest that one case may take, and all of them with the search for a smaller one that fails, ms. */
const oneCase = 60_000
const allCases = (runs: number) => 300_000 + runs * 3_000

/**
 * Declares a property as a test. It is tried `runs` times, or VARAI_PROPERTY_RUNS times, from a seed that is new each
 * time, or VARAI_PROPERTY_SEED; a failure names the seed and the smallest case that was found.
 */
export function property<T>(
  title: string,
  arbitrary: fc.Arbitrary<T>,
  holds: (value: T) => Promise<Seen>,
  { runs: usual }: { readonly runs: number },
): void {
  const runs = given('VARAI_PROPERTY_RUNS') ?? usual
  test(title, { timeout: allCases(runs) + 60_000 }, async ({ task }) => {
    const seed = given('VARAI_PROPERTY_SEED') ?? Math.floor(Math.random() * 2 ** 31)
    const seen: Record<string, number> = {}
    task.meta.property = { runs, seed, seen }
    const tried = fc.asyncProperty(arbitrary, async (value) => {
      for (const [name, count] of Object.entries(await holds(value))) seen[name] = (seen[name] ?? 0) + count
    })
    await fc.assert(tried, {
      ...{ numRuns: runs, seed, timeout: oneCase },
      ...{ interruptAfterTimeLimit: allCases(runs), markInterruptAsFailure: true },
    })
  })
}
