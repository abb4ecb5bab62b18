import type { Db } from 'mongodb'
import { findInChunks } from '../find-in-chunks.ts'
import { latestOfPairs, type Pair, pairOf, type Says, type Verdict } from '../pure/project/verdict.ts'

/** What somebody wants said of two customers' records, not answered yet; `withdrawn` takes back what was said. */
export type VerdictAsked = {
  readonly id: string
  readonly pair: Pair
  /** Undefined where it cannot be read. */
  readonly says: Says | 'withdrawn' | undefined
}

export type VerdictStore = {
  /** The verdict that counts of each pair that has any of these records. Sees at least what was kept before the call. */
  about(ids: readonly string[]): Promise<Verdict[]>
  /** Some that wait for an answer, the oldest first, and the pairs of some that count but are not shown yet. */
  open(limit: number): Promise<{
    readonly asked: VerdictAsked[]
    readonly unshown: readonly { readonly id: string; readonly pair: Pair }[]
  }>
  /** Keeps what was said; from now on it counts. */
  decide(id: string): Promise<void>
  /** It was carried out: the documents of both records were made anew. */
  shown(id: string): Promise<void>
  refuse(id: string, reason: string): Promise<void>
}

/** A verdict as `varai decide` writes it and as it is kept. All that were ever given stay, with who and why. */
type Kept = {
  _id: string
  merchantId: string
  pair: string[]
  says: string
  by: string
  why: string
  at: Date
  state: 'asked' | 'decided' | 'shown' | 'refused'
  reason?: string
}

const counting: Kept['state'][] = ['decided', 'shown']

export function createVerdictStore(db: Db): VerdictStore {
  const verdicts = db.collection<Kept>('verdicts')
  const move = async (id: string, from: Kept['state'], to: Partial<Kept>) => {
    await verdicts.updateOne({ _id: id, state: from }, { $set: to })
  }
  return {
    async about(ids) {
      // nearly always there are none at all
      if (ids.length === 0 || (await verdicts.findOne({}, { projection: { _id: 1 } })) === null) return []
      const found = await findInChunks(ids, (some) =>
        verdicts.find({ pair: { $in: some }, state: { $in: counting } }).toArray(),
      )
      return latestOfPairs([...new Map(found.map((kept) => [kept._id, read(kept)])).values()]).flatMap(
        ({ says, ...verdict }) => (says === undefined || says === 'withdrawn' ? [] : [{ ...verdict, says }]),
      )
    },
    async open(limit) {
      const waiting: Kept['state'][] = ['asked', 'decided']
      const found = await verdicts
        .find({ state: { $in: waiting } })
        .sort({ at: 1 })
        .limit(limit)
        .toArray()
      return {
        asked: found.filter(({ state }) => state === 'asked').map(read),
        unshown: found.filter(({ state }) => state === 'decided').map(read),
      }
    },
    decide: (id) => move(id, 'asked', { state: 'decided' }),
    shown: (id) => move(id, 'decided', { state: 'shown' }),
    refuse: (id, reason) => move(id, 'asked', { state: 'refused', reason }),
  }
}

const words: readonly string[] = ['same', 'not_same', 'unsure', 'withdrawn'] satisfies (Says | 'withdrawn')[]
const isWord = (text: unknown): text is Says | 'withdrawn' => typeof text === 'string' && words.includes(text)

function read({ _id: id, pair, says, at }: Kept): VerdictAsked & { readonly at: number } {
  const [one = '', other = ''] = Array.isArray(pair) ? pair.map(String) : []
  return { id, pair: pairOf(one, other), says: isWord(says) ? says : undefined, at: at.getTime() }
}
