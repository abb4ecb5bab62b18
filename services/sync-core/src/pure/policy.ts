import type { Since } from './fold/since.ts'
import type { PlainObject } from './plain.ts'

/**
 * Which of several stores' values a canonical document shows. Fields that belong together are one group with one
 * winner: a person's name is never put together from two stores.
 */
export type GroupPolicy = { readonly fields: readonly string[]; readonly strategy: Strategy }
export type Strategy = 'last_write_wins'

export const userPolicy: readonly GroupPolicy[] = [
  { fields: ['firstName', 'lastName'], strategy: 'last_write_wins' },
  { fields: ['email'], strategy: 'last_write_wins' },
  { fields: ['phone'], strategy: 'last_write_wins' },
  { fields: ['acceptsMarketing'], strategy: 'last_write_wins' },
  { fields: ['locale'], strategy: 'last_write_wins' },
]

/** What one member says of a group of fields, and since when it says so. */
export type Candidate = { readonly record: string; readonly values: PlainObject; readonly since: Since }

/** The candidate whose values are shown; undefined for no candidates. Depends on the set of candidates alone. */
export function settle(strategy: Strategy, candidates: readonly Candidate[]): Candidate | undefined {
  switch (strategy) {
    case 'last_write_wins':
      return candidates.reduce<Candidate | undefined>(
        (best, each) => (best === undefined || isLaterWrite(each, best) ? each : best),
        undefined,
      )
    default:
      return strategy satisfies never
  }
}

const isLaterWrite = (one: Candidate, other: Candidate): boolean =>
  one.since.at === other.since.at ? one.record < other.record : one.since.at > other.since.at
