/** Somebody as a reader knows them who knows everything: all that a row of theirs could say. */
export type Known = {
  readonly person: string
  readonly facts: Readonly<Record<string, string | number | boolean | null>>
}

/** A row of an export, and, for the judge alone, whose it is. */
export type Judged = {
  readonly row: Readonly<Record<string, string | number | boolean | null>>
  readonly truly: string
}

export type Attack = {
  readonly guesses: number
  /** How many are right, computed over all orders in which rows that say the same can lie: nothing is drawn. */
  readonly expected: number
  /** How many are right in the order in which the rows do lie, and the standard deviation that chance gives this. */
  readonly right: number
  readonly deviation: number
  /** The fewest rows that say the same. */
  readonly smallest: number
  /** Rows that say something that is not true of whom they are about. */
  readonly untrue: number
}

/** What says who somebody is to nobody but us. */
const meaningless = new Set(['pseudonym', 'split'])

/**
 * The best that a reader can do who knows all that is true of everybody in the export, and who is not in it: rows that
 * say the same are one to them, so of each such set they name, for every row another one, those people who agree with
 * what it says and are nearest to its numbers.
 */
export function attack(rows: readonly Judged[], known: readonly Known[]): Attack {
  const sets = Map.groupBy(rows, ({ row }) =>
    JSON.stringify(Object.entries(row).filter(([name]) => !meaningless.has(name))),
  )
  let guesses = 0
  let right = 0
  let untrue = 0
  let expected = 0
  let variance = 0
  for (const set of sets.values()) {
    const [first] = set
    if (first === undefined) continue
    const near = known
      .filter(({ facts }) => agrees(first.row, facts))
      .map(({ person, facts }) => ({ person, far: distance(first.row, facts) }))
      .sort((one, other) => one.far - other.far || (one.person < other.person ? -1 : 1))
    const named = new Set(near.slice(0, set.length).map(({ person }) => person))
    const found = set.filter(({ truly }) => named.has(truly)).length
    expected += found / set.length
    variance += varianceOf(found, set.length)
    for (const [at, { truly }] of set.entries()) {
      guesses += 1
      if (near[at]?.person === truly) right += 1
      if (!near.some(({ person }) => person === truly)) untrue += 1
    }
  }
  const sizes = [...sets.values()].map((set) => set.length)
  return { guesses, expected, right, deviation: Math.sqrt(variance), smallest: Math.min(...sizes), untrue }
}

/** Of how many of `found` people stand at their own row when so many names are put before `all` rows by chance. */
const varianceOf = (found: number, all: number): number =>
  all === 1 ? 0 : (found / all) * (1 - 1 / all) + found * (found - 1) * (1 / (all * (all - 1)) - 1 / all ** 2)

type Facts = Known['facts']

/** Whether somebody can be one of those whom a row is about: words equal, numbers within bands. */
function agrees(row: Judged['row'], facts: Facts): boolean {
  return Object.entries(row).every(([name, said]) => {
    if (said === null || meaningless.has(name)) return true
    const [, measure, end] = /^(\w+?)(From|To)$/.exec(name) ?? []
    if (measure === undefined) return typeof said === 'number' || facts[name] === said
    const fact = facts[measure]
    if (typeof fact !== 'number' || typeof said !== 'number') return false
    return end === 'From' ? fact >= said : fact <= said
  })
}

/** From the means of a row, each in its own size. */
function distance(row: Judged['row'], facts: Facts): number {
  return Object.entries(row).reduce((sum, [name, said]) => {
    const fact = facts[name]
    return typeof said === 'number' && typeof fact === 'number'
      ? sum + (Math.abs(said - fact) / Math.max(1, said)) ** 2
      : sum
  }, 0)
}

/** Standard deviations that hold 95 % of a normal distribution. */
const z = 1.959964

/** Wilson's interval for a share, at 95 %. `right` need not be whole. */
export function wilson(right: number, all: number): { readonly low: number; readonly high: number } {
  const share = right / all
  const middle = (share + z ** 2 / (2 * all)) / (1 + z ** 2 / all)
  const half = (z / (1 + z ** 2 / all)) * Math.sqrt((share * (1 - share)) / all + z ** 2 / (4 * all ** 2))
  return { low: middle - half, high: middle + half }
}
