import type { Db } from 'mongodb'
import { findInChunks } from '../find-in-chunks.ts'
import { type Plain, textOf } from '../pure/plain.ts'
import { type Asked, readAsked } from '../pure/policy/answer-asked.ts'
import type { Decision, DecisionAbout } from '../pure/policy/decide.ts'

/** What an operator asked for, not answered yet. */
export type Question = {
  readonly id: string
  readonly collection: string
  readonly documentId: string
  readonly group: string
  /** The document's version that the operator saw. */
  readonly version: number
  /** Undefined where it cannot be read. */
  readonly asked: Asked | undefined
}

export type DecisionStore = {
  /** Decisions about any of these records, or parts of records. Sees at least what was kept before the call began. */
  about(ids: readonly string[]): Promise<DecisionAbout[]>
  /** Some that wait for an answer, the oldest first, and some that were decided but are not shown yet. */
  open(limit: number): Promise<{ readonly questions: Question[]; readonly unshown: DecisionAbout[] }>
  /** Keeps what was decided; from now on it counts. */
  decide(
    id: string,
    decided: { readonly group: string; readonly says: Decision['says']; readonly about: readonly string[] },
  ): Promise<void>
  /** It was carried out: every document that it concerns was made anew. */
  shown(id: string): Promise<void>
  refuse(id: string, reason: string): Promise<void>
}

/**
 * A decision as `varai decide` writes it (with `asked`, a JSON text) and as it is kept. Values may be named by shops,
 * with dots and dollars: what is asked and what is decided are texts.
 */
type Kept = {
  _id: string
  merchantId: string
  collection: string
  documentId: string
  group: string
  version: number
  by: string
  why: string
  at: Date
  state: 'asked' | 'decided' | 'shown' | 'refused'
  asked: string
  says?: string
  about?: string[]
  reason?: string
}

export function createDecisionStore(db: Db): DecisionStore {
  const decisions = db.collection<Kept>('decisions')
  return {
    async about(ids) {
      // nearly always there are none at all
      if (
        ids.length === 0 ||
        (await decisions.findOne({ about: { $exists: true } }, { projection: { _id: 1 } })) === null
      )
        return []
      const found = await findInChunks(ids, (some) => decisions.find({ about: { $in: some } }).toArray())
      return [...new Map(found.map((kept) => [kept._id, decisionOf(kept)])).values()]
    },

    async open(limit) {
      const states = ['asked', 'decided'] as const
      const found = await decisions
        .find({ state: { $in: [...states] } })
        .sort({ at: 1 })
        .limit(limit)
        .toArray()
      return {
        questions: found.filter(({ state }) => state === 'asked').map(questionOf),
        unshown: found.filter(({ state }) => state === 'decided').map(decisionOf),
      }
    },

    async decide(id, { group, says, about }) {
      const decided = { group, state: 'decided' as const, says: textOf(says satisfies Plain), about: [...about] }
      await decisions.updateOne({ _id: id, state: 'asked' }, { $set: decided })
    },
    async shown(id) {
      await decisions.updateOne({ _id: id, state: 'decided' }, { $set: { state: 'shown' } })
    },
    async refuse(id, reason) {
      await decisions.updateOne({ _id: id, state: 'asked' }, { $set: { state: 'refused', reason } })
    },
  }
}

const decisionOf = ({
  _id: id,
  collection,
  group,
  at,
  says = '{"what":"withdrawn"}',
  about = [],
}: Kept): DecisionAbout => ({
  // this store is the only one that writes `says`, so it is what `decide` was given
  ...{ id, collection, group, about, says: JSON.parse(says) as Decision['says'] },
  at: at.getTime(),
})

const questionOf = ({ _id: id, collection, documentId, group, version, asked }: Kept): Question => ({
  ...{ id, collection, documentId, group, version },
  asked: readAsked(asked),
})
