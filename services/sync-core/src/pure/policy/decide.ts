import type { PlainObject } from '../plain.ts'
import { type Candidate, digestOfValues } from './candidate.ts'
import type { FieldGroup } from './field-groups.ts'

/** What an operator decided about one group of a document. Of several the newest counts, by (at, id). */
export type Decision = {
  readonly id: string
  readonly group: string
  /** ms. */
  readonly at: number
  readonly says:
    | {
        readonly what: 'value'
        /** Shown from now on: a member's values that were taken, or others that were given. */
        readonly values: PlainObject
        /** Holds for good, whatever members state. */
        readonly pinned: boolean
        /** What it was decided between. */
        readonly judged: readonly Judged[]
      }
    /** The rule holds again. */
    | { readonly what: 'withdrawn' }
}
/** A decision about a document that was made from these members: it counts while all of them are in one document. */
export type DecisionAbout = Decision & { readonly collection: string; readonly about: readonly string[] }

/** A member, and until when (ms) what was said of it is erased, and with it what was decided. */
type Concerned = { readonly id: string; readonly erasedAt?: number | undefined }

/** Those of some decisions that concern what is made from these members. */
export function concerning<D extends { readonly about: readonly string[]; readonly at: number }>(
  decisions: readonly D[],
  members: readonly Concerned[],
): readonly D[] {
  if (decisions.length === 0) return decisions
  const erased = new Map(members.map(({ id, erasedAt = -1 }) => [id, erasedAt]))
  const counts = (id: string, at: number): boolean => at > (erased.get(id) ?? Number.POSITIVE_INFINITY)
  return decisions.filter(({ about, at }) => about.length > 0 && about.every((id) => counts(id, at)))
}

export type Judged = { readonly record: string; readonly digest: string; readonly since: number }

/**
 * The decision that holds: every living member still states what was judged (restated, not edited), or what was
 * decided. One with another value reopens the question, unless the decision is pinned.
 */
export function decide(
  decisions: readonly Decision[],
  group: FieldGroup,
  candidates: readonly Candidate[],
): { readonly id: string; readonly values: PlainObject } | undefined {
  const newest = decisions
    .filter((decision) => decision.group === group.name)
    .reduce<Decision | undefined>((best, each) => (best === undefined || isNewer(each, best) ? each : best), undefined)
  if (newest === undefined || newest.says.what === 'withdrawn') return undefined
  const { values, pinned, judged } = newest.says
  const isKnown = ({ member, checked, since }: Candidate): boolean =>
    checked().digest === digestOfValues(group, values, member.around) ||
    judged.some(
      ({ record, digest, since: at }) => record === member.id && digest === checked().digest && at === since.at,
    )
  return pinned || candidates.every(isKnown) ? { id: newest.id, values } : undefined
}

const isNewer = (one: Decision, other: Decision): boolean =>
  one.at === other.at ? one.id > other.id : one.at > other.at
