import type { Candidate, Member } from './candidate.ts'
import type { Choosing } from './policy.ts'

/** One of the candidates, whatever their order; undefined for none. */
export function choose(
  strategy: Choosing,
  priority: readonly string[],
  candidates: readonly Candidate[],
): Candidate | undefined {
  switch (strategy) {
    case 'last_write_wins':
      return firstBy(candidates, isNewer)
    case 'source_priority':
      return firstBy(candidates, (one, other) => {
        const [mine, others] = [rankOf(one.member, priority), rankOf(other.member, priority)]
        return mine === others ? isNewer(one, other) : mine < others
      })
    case 'manual_review': {
      // until a person decides, what stood first goes on standing; where all agree there is nothing to decide
      const agree = digestsOf(candidates).size <= 1
      return firstBy(candidates, agree ? isNewer : isOlder)
    }
    default:
      return strategy satisfies never
  }
}

/** Different values, after normalising. One candidate differs from none, whatever it states. */
export const digestsOf = (candidates: readonly Candidate[]): ReadonlySet<string> =>
  new Set(candidates.length > 1 ? candidates.map(({ checked }) => checked().digest) : [])

type Order = (one: Candidate, other: Candidate) => boolean

const firstBy = (candidates: readonly Candidate[], isBefore: Order): Candidate | undefined =>
  candidates.reduce<Candidate | undefined>(
    (best, each) => (best === undefined || isBefore(each, best) ? each : best),
    undefined,
  )

/** Of two that are as new, the one of the smaller id. */
export const isNewer: Order = (one, other) =>
  one.since.at === other.since.at ? one.member.id < other.member.id : one.since.at > other.since.at
const isOlder: Order = (one, other) =>
  one.since.at === other.since.at ? one.member.id < other.member.id : one.since.at < other.since.at

/** A store that is named itself has that place, whatever the place of its platform. */
function rankOf({ platform, storeId }: Member, priority: readonly string[]): number {
  const byStore = priority.indexOf(`${platform}/${storeId}`)
  const rank = byStore < 0 ? priority.indexOf(platform) : byStore
  return rank < 0 ? priority.length : rank
}
