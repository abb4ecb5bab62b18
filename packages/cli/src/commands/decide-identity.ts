import { type Environment, mongoSettings } from '@varai/runtime'
import type { Db } from 'mongodb'
import { readSettings } from '../addresses.ts'
import { askVerdict, type Word } from '../decision-store.ts'
import { findDocuments, withDatabase } from '../document-store.ts'
import { printable } from '../pure/printable.ts'
import { Refusal } from '../refusal.ts'
import type { Terminal } from '../terminal.ts'
import { answeredWithinMs, tellUnanswered } from './decide.ts'

export type IdentityOptions = Pick<Word, 'says' | 'by' | 'why'> & {
  one: string
  other: string
  merchant?: string | undefined
}

/** Says who two records are. Exit code 1 when it is refused, or nobody answers. */
export async function decideIdentity(terminal: Terminal, env: Environment, options: IdentityOptions): Promise<0 | 1> {
  const { mongo } = readSettings(env, { mongo: mongoSettings })
  const { says, by, why } = options
  return withDatabase(mongo, async (db) => {
    const [one, other] = [await recordOf(db, options.one, options), await recordOf(db, options.other, options)]
    const signal = AbortSignal.any([terminal.stop, AbortSignal.timeout(answeredWithinMs)])
    const word = { merchantId: one.merchantId, records: [one._id, other._id] as const, says, by, why }
    const answer = await askVerdict(db, word, signal)
    if (answer.state !== 'shown') return tellUnanswered(terminal, answer)
    const [person, another] = [await personOf(db, one._id), await personOf(db, other._id)]
    await terminal.print(
      person === another
        ? `decided: they are one person: ${printable(person)}`
        : `decided: they are two persons: ${printable(person)} and ${printable(another)}`,
    )
    if (says === 'same' && person !== another) {
      terminal.tell(`varai: it contradicts what was said of others: see \`varai explain user '${printable(one._id)}'\``)
      return 1
    }
    return 0
  })
}

/** The customer's record that somebody names: a person consists of several, so it must be clear which is meant. */
async function recordOf(db: Db, id: string, { merchant }: IdentityOptions) {
  const [record, ...others] = await findDocuments(db, { kind: 'customer', id, merchant })
  if (record === undefined) throw new Refusal(`no customer ${printable(id)}`)
  if (others.length > 0) {
    const all = [record, ...others].map(({ _id }) => printable(_id))
    throw new Refusal(`several customers are meant by ${printable(id)}; name one of: ${all.join(', ')}`, 2)
  }
  return { _id: record._id, merchantId: String(record['merchantId']) }
}

const personOf = async (db: Db, id: string): Promise<string> =>
  (await findDocuments(db, { kind: 'user', id }))[0]?._id ?? id
