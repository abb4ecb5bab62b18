import type { Moment } from './moment.ts'

/**
 * Moments of many names in little room: a store nearly always states everything at once, so the moment that most names
 * share stands for all that are not listed. One form for one content.
 */
export type Grouped = {
  readonly most: Moment
  /** [moment, names], the newest first. Pairs rather than keys: ids of elements may hold dots and dollars. */
  readonly others?: readonly (readonly [Moment, readonly string[]])[]
}

export function group(moments: readonly (readonly [string, Moment])[]): Grouped | undefined {
  const [any] = moments
  if (any === undefined) return undefined
  if (moments.every(([, moment]) => moment === any[1])) return { most: any[1] }
  const names = new Map<Moment, string[]>()
  for (const [name, moment] of moments) {
    const sharing = names.get(moment)
    if (sharing === undefined) names.set(moment, [name])
    else sharing.push(name)
  }
  const [first, ...rest] = [...names].sort(([one, { length }], [other, { length: otherLength }]) =>
    length === otherLength ? (one > other ? -1 : 1) : otherLength - length,
  )
  if (first === undefined) return undefined
  return { most: first[0], others: rest.sort(([one], [other]) => (one > other ? -1 : 1)) }
}

/** The moment of each of `names`, in their order. */
export function ungroup(grouped: Grouped | undefined, names: readonly string[]): [string, Moment][] {
  if (grouped === undefined) return []
  const { most } = grouped
  if (grouped.others === undefined) return names.map((name) => [name, most])
  const others = new Map(grouped.others.flatMap(([moment, sharing]) => sharing.map((name) => [name, moment])))
  return names.map((name) => [name, others.get(name) ?? most])
}
