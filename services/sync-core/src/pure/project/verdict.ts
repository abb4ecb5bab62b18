/** What a person said of two customers' records of one merchant. Of several about one pair the newest counts. */
export type Verdict = {
  readonly id: string
  readonly pair: Pair
  readonly says: Says
  /** ms. */
  readonly at: number
}
/** Ids of two records, the smaller first. */
export type Pair = readonly [string, string]
/** `unsure` neither joins nor parts: somebody looked, and could not tell. */
export type Says = 'same' | 'not_same' | 'unsure'

export const pairOf = (one: string, other: string): Pair => (one < other ? [one, other] : [other, one])

const opening = 'verdict '
/** What two records share when a verdict is about them: whoever reads one of them reads the other. */
export const pairKey = (pair: Pair): string => `${opening}${JSON.stringify(pair)}`

/** The ids in a key of `pairKey`; none for other keys. */
export function idsIn(key: string): string[] {
  if (!key.startsWith(opening)) return []
  const ids: unknown = JSON.parse(key.slice(opening.length))
  return Array.isArray(ids) ? ids.map(String) : []
}

/** Of (at, id) the larger. */
export const isNewerVerdict = (one: Pick<Verdict, 'id' | 'at'>, other: Pick<Verdict, 'id' | 'at'>): boolean =>
  one.at === other.at ? one.id > other.id : one.at > other.at

/** The newest of each pair. */
export function latestOfPairs<V extends Pick<Verdict, 'id' | 'at' | 'pair'>>(verdicts: readonly V[]): V[] {
  const latest = new Map<string, V>()
  for (const verdict of verdicts) {
    const key = pairKey(verdict.pair)
    const held = latest.get(key)
    if (held === undefined || isNewerVerdict(verdict, held)) latest.set(key, verdict)
  }
  return [...latest.values()]
}
