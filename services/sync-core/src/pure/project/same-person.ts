import { isDeleted } from '../fold/existence.ts'
import { Components } from '../identity.ts'
import type { Nobody, NobodyBy } from '../policy/nobody.ts'
import type { Person } from './person.ts'
import { isNewerVerdict, latestOfPairs, pairKey, pairOf, type Verdict } from './verdict.ts'

/** Records that are one person, why they are, and with whom they are not one though something says so. */
export type SamePerson = {
  readonly persons: readonly Person[]
  /** What holds them together: one edge for each but the first. */
  readonly joined: readonly Join[]
  readonly apart: readonly Apart[]
}
export type Join = {
  readonly records: readonly [string, string]
  /** An equal e-mail address, or somebody's word. */
  readonly by: 'email' | 'verdict'
  readonly verdict?: string
}
export type Apart = {
  /**
   * Why an e-mail address did not join, or `verdict`, where somebody spoke of two records that are not one:
   * the address names no person; two living records of one store have it (or would be one by it); more than 20 records
   * have it; it belongs to two of whom somebody said that they are not the same.
   */
  readonly why: Nobody | 'one_store' | 'many' | 'not_same' | 'verdict'
  /** Members that have the address, or that the verdict is about. */
  readonly of: readonly string[]
  /** Those who are not of this person; where they are too many, or where it is nobody's address, they are not listed. */
  readonly from: readonly string[]
  readonly verdict?: string
  readonly says?: Verdict['says']
  /** A person is to look: nobody has said anything of some pair of them, or what was said cannot all hold. */
  readonly asks: boolean
}

export type Identifying = {
  readonly nobodyBy: NobodyBy
  /** Keys that so many have that they were not read together. */
  readonly crowded?: ReadonlySet<string> | undefined
}

/** So many accounts are no person any more, unless somebody says so. */
export const mostMembers = 20

/**
 * Which of some records (whole classes that are linked by addresses or verdicts) are one person. Depends on the sets of
 * records and verdicts alone:
 *
 * 1. What somebody said to be the same is one, the newest word first, unless it would join two of whom it was said that
 *    they are not.
 * 2. An e-mail address joins all who have it, or nobody. It joins nobody when by it two would be one of whom somebody
 *    said that they are not, or two living records of one store, or more than 20: then it does not say whose it is.
 *    Addresses that are fine each by itself, but not together, join nobody either.
 */
export function samePersons(persons: readonly Person[], identifying: Identifying): SamePerson[] {
  if (isNobodyElses(persons, identifying)) return [{ persons, joined: [], apart: [] }]
  const ordered = [...persons].sort((one, other) => (one.id < other.id ? -1 : 1))
  const erasedAt = new Map(ordered.map(({ id, erasedAt: at = -1 }) => [id, at]))
  const verdicts = latestOfPairs(ordered.flatMap((person) => person.verdicts))
    // what was said of somebody who was erased since is erased as well
    .filter(({ pair, at }) => pair.every((id) => at > (erasedAt.get(id) ?? Number.POSITIVE_INFINITY)))
    .sort((one, other) => (isNewerVerdict(one, other) ? -1 : 1))
  const { blocks, joined } = joinedByVerdict(ordered, verdicts)
  const left = keysLeftOut(ordered, blocks, verdicts, identifying)
  const components = new Components()
  for (const { id } of ordered) components.link(id, blocks.rootOf(id))
  const joins = [...joined]
  for (const [key, holders] of holdersOf(ordered)) {
    const [first, ...others] = left.has(key) ? [] : holders
    for (const { id } of others) {
      if (first === undefined || components.rootOf(id) === components.rootOf(first.id)) continue
      components.link(id, first.id)
      joins.push({ records: [first.id, id], by: 'email' })
    }
  }
  const apart = tellApart(components, verdicts, left)
  return [...Map.groupBy(ordered, ({ id }) => components.rootOf(id))].map(([root, members]) => ({
    persons: members,
    joined: joins.filter(({ records: [id] }) => components.rootOf(id) === root),
    apart: apart(root, members),
  }))
}

/** Nearly all there are. */
const isNobodyElses = ([only, ...others]: readonly Person[], { nobodyBy, crowded }: Identifying): boolean =>
  only !== undefined &&
  others.length + only.verdicts.length === 0 &&
  only.addresses.every((key) => crowded?.has(key) !== true && nobodyBy(addressIn(key)) === undefined)

/** `merchant|address` → the address. */
const addressIn = (key: string): string => key.slice(key.indexOf('|') + 1)

/** Blocks of records of which somebody said that they are the same, and the words that made them. */
function joinedByVerdict(ordered: readonly Person[], verdicts: readonly Verdict[]) {
  const blocks = new Components()
  for (const { id } of ordered) blocks.add(id)
  const joined: Join[] = []
  for (const { id: verdict, pair, says } of verdicts) {
    const [one, other] = pair.map((id) => blocks.rootOf(id))
    if (says !== 'same' || one === undefined || other === undefined || one === other) continue
    if (forbids(verdicts, blocks, new Set([one, other]))) continue
    blocks.link(one, other)
    joined.push({ records: pair, by: 'verdict', verdict })
  }
  return { blocks, joined }
}

/** Whether somebody said of two of these different blocks that they are not the same. */
function forbids(verdicts: readonly Verdict[], blocks: Components, roots: ReadonlySet<string>): boolean {
  return verdicts.some(({ says, pair }) => {
    if (says !== 'not_same') return false
    const [one = '', other = ''] = pair.map((id) => blocks.rootOf(id))
    return one !== other && roots.has(one) && roots.has(other)
  })
}

type Left = { readonly why: Exclude<Apart['why'], 'verdict'>; readonly among: readonly Person[] }

/** Addresses that join nobody, by their key. */
function keysLeftOut(
  ordered: readonly Person[],
  blocks: Components,
  verdicts: readonly Verdict[],
  { nobodyBy, crowded }: Identifying,
): Map<string, Left> {
  const rootsOf = (of: readonly Person[]) => new Set(of.map(({ id }) => blocks.rootOf(id)))
  const spans = (of: readonly Person[]): boolean => rootsOf(of).size > 1
  const problem = (of: readonly Person[]): Left['why'] | undefined => {
    if (!spans(of)) return undefined
    const roots = rootsOf(of)
    if (forbids(verdicts, blocks, roots)) return 'not_same'
    const whole = ordered.filter(({ id }) => roots.has(blocks.rootOf(id)))
    const living = whole.filter(({ record }) => !isDeleted(record.existence))
    const byStore = Map.groupBy(living, ({ record: { platform, storeId } }) => `${platform}|${storeId}`)
    if ([...byStore.values()].some(spans)) return 'one_store'
    return whole.length > mostMembers ? 'many' : undefined
  }
  const left = new Map<string, Left>()
  const holders = holdersOf(ordered)
  for (const [key, among] of holders) {
    const nobody = nobodyBy(addressIn(key))
    const isCrowd = crowded?.has(key) === true || among.length > mostMembers
    const why = nobody ?? (isCrowd ? 'many' : problem(among))
    // whom a crowd consists of depends on who was read
    if (why !== undefined) left.set(key, { why, among: nobody === undefined && !isCrowd ? among : [] })
  }
  const components = new Components()
  for (const { id } of ordered) components.link(id, blocks.rootOf(id))
  const joining = [...holders].filter(([key]) => !left.has(key))
  for (const [, [first, ...others]] of joining) for (const { id } of others) components.link(id, first?.id ?? id)
  const together = Map.groupBy(ordered, ({ id }) => components.rootOf(id))
  for (const [key, of] of joining) {
    const among = together.get(components.rootOf(of[0]?.id ?? '')) ?? []
    const why = spans(of) ? problem(among) : undefined
    if (why !== undefined) left.set(key, { why, among })
  }
  return left
}

const holdersOf = (ordered: readonly Person[]): Map<string, Person[]> => {
  const holders = new Map<string, Person[]>()
  for (const person of ordered) {
    for (const key of person.addresses) holders.set(key, [...(holders.get(key) ?? []), person])
  }
  return holders
}

/** Tells of each person with whom it is not one. */
function tellApart(components: Components, verdicts: readonly Verdict[], left: ReadonlyMap<string, Left>) {
  const between = (one: string, other: string) => pairKey(pairOf(components.rootOf(one), components.rootOf(other)))
  const judged = new Set(verdicts.map(({ pair: [one, other] }) => between(one, other)))
  return (root: string, members: readonly Person[]): Apart[] => {
    const isOther = (id: string) => components.rootOf(id) !== root
    const byAddress = [...left].flatMap(([key, { why, among }]): Apart[] => {
      const of = members.filter(({ addresses }) => addresses.includes(key)).map(({ id }) => id)
      if (of.length === 0) return []
      const from = among.map(({ id }) => id).filter(isOther)
      const isAmbiguous = why === 'one_store' || why === 'many' || why === 'not_same'
      const isOpen = (id: string) => !judged.has(between(root, id))
      if (isAmbiguous && from.length === 0 && why !== 'many') return []
      return [{ why, of, from, asks: isAmbiguous && (from.length === 0 || from.some(isOpen)) }]
    })
    const byVerdict = verdicts.flatMap(({ id: verdict, pair, says }): Apart[] => {
      const of = pair.filter((id) => !isOther(id))
      // what was refused contradicts what else was said
      if (of.length !== 1) return []
      return [{ why: 'verdict', of, from: pair.filter(isOther), verdict, says, asks: says === 'same' }]
    })
    return [...byAddress, ...byVerdict].sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1))
  }
}

const nameOf = ({ why, of, verdict }: Apart): string => JSON.stringify([why, of, verdict ?? ''])
