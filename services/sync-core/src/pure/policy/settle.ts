import { eventIdOf } from '../moment.ts'
import type { PlainObject } from '../plain.ts'
import { type Candidate, candidateOf, digestOfValues, isSomething, type Member, type Problem } from './candidate.ts'
import { choose, digestsOf } from './choose.ts'
import { type Decision, decide } from './decide.ts'
import type { FieldGroup } from './field-groups.ts'
import { mapsDiffer, mergeAddresses, mergeConsent, mergeMap, mergeSet, nothing, type Settlement } from './merge.ts'
import type { GroupRule, Rule } from './policy.ts'

/**
 * What became of a member's values: they are shown (alone, or united with others'), they are the same as what is shown,
 * others were chosen, they failed their check, or a person is to choose.
 */
export type Fate = 'shown' | 'agrees' | 'outvoted' | 'left_out' | 'waiting'

/** What one member says of a group, side by side with what others say. */
export type Side = {
  readonly record: string
  /** As stated. */
  readonly values: PlainObject
  /** Equal for values that are equal after normalising; not there where there is nothing to compare. */
  readonly digest?: string
  /** ms. */
  readonly since: number
  /** The event that first stated these values. */
  readonly event: string
  readonly fate: Fate
  readonly problems: readonly Problem[]
}

/** How one group was settled. */
export type SettledGroup = {
  readonly group: FieldGroup
  readonly rule: Rule['strategy'] | 'decision'
  /** The decision that was followed. */
  readonly decision: string | undefined
  /** What the document shows, by field; null for nothing. */
  readonly values: PlainObject
  /** Every living member that states anything, in the order of their ids. */
  readonly sides: readonly Side[]
  /** Undefined where all agree. */
  readonly conflict: Conflict | undefined
}
export type Conflict = {
  /** A person is asked: the rule leaves it to one, or a value failed its check. */
  readonly open: boolean
  /** When the second of the values came up, in ms. */
  readonly since: number
}

/** Settles all groups of a document between its living members. Depends on the sets of members and decisions alone. */
export function settle(
  members: readonly Member[],
  rules: readonly GroupRule[],
  decisions: readonly Decision[] = [],
): SettledGroup[] {
  const ordered = [...members].sort((one, other) => (one.id < other.id ? -1 : 1))
  return rules.map(({ group, rule }) => {
    const candidates = ordered.flatMap((member) => candidateOf(member, group) ?? [])
    const decision = decide(decisions, group, candidates)
    return decision === undefined
      ? settleByRule(group, rule, candidates)
      : settleByDecision(group, decision, candidates)
  })
}

function settleByRule(group: FieldGroup, rule: Rule, candidates: readonly Candidate[]): SettledGroup {
  const merging = rule.strategy === 'merge_with_validation'
  const usable = merging
    ? candidates.filter(({ checked }) => Object.values(checked().accepted).some(isSomething))
    : candidates
  const failing = merging ? candidates.filter(({ checked }) => checked().problems.length > 0) : []
  const settlement = settledBy(group, rule, usable)
  const disagree = rule.strategy !== 'per_store' && compete(group, merging, usable)
  const waits = disagree && (merging && group.merges === 'one' ? rule.choose : rule.strategy) === 'manual_review'
  const fateOf = (candidate: Candidate): Fate => {
    if (settlement.from.includes(candidate) || rule.strategy === 'per_store') return 'shown'
    if (!usable.includes(candidate)) return 'left_out'
    if (settlement.from.some(({ checked }) => checked().digest === candidate.checked().digest)) return 'agrees'
    return waits ? 'waiting' : 'outvoted'
  }
  const isConflict = disagree || failing.length > 0
  return {
    group,
    rule: rule.strategy,
    decision: undefined,
    values: allFields(group, settlement.values),
    sides: candidates.map((each) =>
      sideOf(each, fateOf(each), { compared: merging || candidates.length > 1, merging }),
    ),
    conflict: isConflict
      ? { open: waits || failing.length > 0, since: beganAt(disagree ? usable : failing) }
      : undefined,
  }
}

function settleByDecision(
  group: FieldGroup,
  { id, values }: { readonly id: string; readonly values: PlainObject },
  candidates: readonly Candidate[],
): SettledGroup {
  const fateOf = ({ checked, member }: Candidate): Fate =>
    checked().digest === digestOfValues(group, values, member.around) ? 'agrees' : 'outvoted'
  const differ = digestsOf(candidates).size > 1
  return {
    group,
    rule: 'decision',
    decision: id,
    values: allFields(group, values),
    sides: candidates.map((each) => sideOf(each, fateOf(each), { compared: true, merging: true })),
    conflict: differ ? { open: false, since: beganAt(candidates) } : undefined,
  }
}

const allFields = (group: FieldGroup, values: PlainObject): PlainObject =>
  Object.fromEntries(group.fields.map((field) => [field, values[field] ?? null]))

const sideOf = (
  { member, stated, since, checked }: Candidate,
  fate: Fate,
  was: { readonly compared: boolean; readonly merging: boolean },
): Side => ({
  record: member.id,
  values: stated,
  ...(was.compared ? { digest: checked().digest } : {}),
  since: since.at,
  event: eventIdOf(since.moment),
  fate,
  problems: was.merging ? checked().problems : [],
})

function settledBy(group: FieldGroup, rule: Rule, usable: readonly Candidate[]): Settlement {
  switch (rule.strategy) {
    case 'per_store':
      return nothing
    case 'merge_with_validation':
      return merged(group, rule, usable)
    case 'source_priority':
    case 'last_write_wins':
    case 'manual_review':
      return alone(choose(rule.strategy, rule.priority, usable), ({ stated }) => stated)
    default:
      return rule.strategy satisfies never
  }
}

function merged(group: FieldGroup, rule: Rule, usable: readonly Candidate[]): Settlement {
  const [field = ''] = group.fields
  switch (group.merges) {
    case 'one':
      return alone(choose(rule.choose, rule.priority, usable), ({ checked }) => checked().accepted)
    case 'set':
      return mergeSet(field, usable)
    case 'map':
      return mergeMap(field, usable)
    case 'addresses':
      return mergeAddresses(field, usable)
    case 'opt_out':
      return mergeConsent(field, usable)
    default:
      return group.merges satisfies never
  }
}

const alone = (winner: Candidate | undefined, values: (of: Candidate) => PlainObject): Settlement =>
  winner === undefined ? nothing : { values: values(winner), from: [winner] }

/** Whether values compete. What is united does not, but for two values of one key of a map. */
function compete(group: FieldGroup, merging: boolean, candidates: readonly Candidate[]): boolean {
  if (merging && (group.merges === 'set' || group.merges === 'addresses')) return false
  if (merging && group.merges === 'map') return mapsDiffer(group.fields[0] ?? '', candidates)
  return digestsOf(candidates).size > 1
}

/** When the second of different values came up; of one value alone, when it did. */
function beganAt(candidates: readonly Candidate[]): number {
  const first = new Map<string, number>()
  for (const { checked, since } of candidates) {
    const { digest } = checked()
    first.set(digest, Math.min(since.at, first.get(digest) ?? since.at))
  }
  const [earliest = 0, second] = [...first.values()].sort((one, other) => one - other)
  return second ?? earliest
}
