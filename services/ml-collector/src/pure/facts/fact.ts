import { type Moment, timeOf } from '../moment.ts'

export type FactKind = 'session' | 'recommendation' | 'order' | 'account' | 'address' | 'product'
export type Plain = string | number | boolean | null | { readonly [name: string]: Plain }

/** What one event says of one thing. */
export type Saying = {
  readonly id: string
  readonly kind: FactKind
  /** Keyed hash of the store. */
  readonly store: string
  readonly platform: string
  readonly moment: Moment
  /** Of each the newest statement wins. */
  readonly values?: Readonly<Record<string, Plain>>
  /** Things that this one is made of, or made by: named once, named for good. */
  readonly depends?: readonly string[]
  /** Other names by which things depend on this one. */
  readonly names?: readonly string[]
}

/** All that was ever said of one thing, as far as training rows need it. Names are keyed hashes. */
export type Fact = {
  readonly id: string
  readonly kind: FactKind
  readonly store: string
  readonly platform: string
  readonly values: Readonly<Record<string, { readonly value: Plain; readonly moment: Moment }>>
  /** The highest level of consent ever spoken of: 0 basic, 1 enhanced, 2 research. */
  readonly highest: number
  readonly depends: readonly string[]
  readonly names: readonly string[]
  readonly first: Moment
  /** The request by which it was erased, and up to which time (ms) nothing counts any more. */
  readonly erased?: { readonly by: string; readonly until: number } | undefined
  readonly version: number
}

/** So many others a thing names at most: pages state them under a key that everybody can read. */
const mostNamed = 64

const rank: Readonly<Record<string, number>> = { basic: 0, enhanced: 1, research: 2 }

/**
 * The fact after some more sayings about it, in whatever order and however often: what counts is the set of them. The
 * same object when nothing of it changes.
 */
export function foldFact(held: Fact | undefined, sayings: readonly Saying[]): Fact {
  const [one] = sayings
  if (one === undefined) throw new RangeError('nothing was said')
  const { id, kind, store, platform } = one
  let fact: Fact = held ?? {
    ...{ id, kind, store, platform, values: {}, highest: 0, depends: [], names: [], first: one.moment, version: 0 },
  }
  for (const saying of sayings) fact = tell(fact, saying)
  return fact
}

function tell(fact: Fact, { values = {}, depends = [], names = [], moment }: Saying): Fact {
  if (fact.erased !== undefined && timeOf(moment) <= fact.erased.until) return fact
  const newer = Object.entries(values).filter(([name]) => (fact.values[name]?.moment ?? '') < moment)
  const levels = ['level', 'choice'].map((name) => rank[String(values[name] ?? 'basic')] ?? 0)
  const next = {
    ...fact,
    values: { ...fact.values, ...Object.fromEntries(newer.map(([name, value]) => [name, { value, moment }])) },
    highest: Math.max(fact.highest, ...levels),
    depends: united(fact.depends, depends),
    names: united(fact.names, names),
    first: fact.first < moment ? fact.first : moment,
  }
  const same =
    newer.length === 0 &&
    next.highest === fact.highest &&
    next.depends === fact.depends &&
    next.names === fact.names &&
    next.first === fact.first
  return same ? fact : next
}

/** Of too many the same remain, whatever order they came in. */
function united(held: readonly string[], more: readonly string[]): readonly string[] {
  const all = [...new Set([...held, ...more])].sort().slice(0, mostNamed)
  return all.length === held.length && all.every((name, at) => name === held[at]) ? held : all
}

/** What is left after an erasure: a name that nothing up to `until` (ms) counts for any more. */
export function erase(fact: Fact, by: string, until: number): Fact {
  if (fact.erased !== undefined && fact.erased.until >= until) return fact
  return { ...without(fact, until), erased: { by, until } }
}

/** The fact as if nothing had been said up to a time (ms). */
export function without(fact: Fact, until: number): Fact {
  const later = Object.entries(fact.values).filter(([, { moment }]) => timeOf(moment) > until)
  const isWhole = later.length === Object.keys(fact.values).length
  if (isWhole) return fact
  const levels = later.flatMap(([name, { value }]) =>
    ['level', 'choice'].includes(name) ? [rank[String(value)] ?? 0] : [],
  )
  return { ...fact, values: Object.fromEntries(later), highest: Math.max(0, ...levels) }
}
