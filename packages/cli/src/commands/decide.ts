import { type Environment, mongoSettings } from '@varai/runtime'
import { readSettings } from '../addresses.ts'
import { type Answered, askDecision, type Wish } from '../decision-store.ts'
import { collections, type Found, findDocuments, withDatabase } from '../document-store.ts'
import { printable } from '../pure/printable.ts'
import { Refusal } from '../refusal.ts'
import type { Terminal } from '../terminal.ts'

export type DecideOptions = {
  kind: 'user' | 'item'
  id: string
  field: string
  /** A member's record, or its store as platform/store. */
  take?: string | undefined
  /** Text, or JSON: of a group of several fields an object with them. */
  value?: string | undefined
  pin: boolean
  unpin: boolean
  by: string
  why: string
}

/** sync-core looks for questions every second. */
export const answeredWithinMs = 20_000

/** Has a document show a value that a person chose. Exit code 1 when it is refused, or nobody answers. */
export async function decideField(terminal: Terminal, env: Environment, options: DecideOptions): Promise<0 | 1> {
  const { mongo } = readSettings(env, { mongo: mongoSettings })
  const { kind, id, field: group, by, why } = options
  const answer = await withDatabase(mongo, async (db) => {
    const [document, ...others] = await findDocuments(db, { kind, id })
    if (document === undefined) throw new Refusal(`no ${kind} ${printable(id)}`)
    if (others.length > 0) throw new Refusal(`several ${kind}s are meant by ${printable(id)}; name one by its whole id`)
    const wish: Wish = { group, by, why, asked: askedOf(options, document) }
    const signal = AbortSignal.any([terminal.stop, AbortSignal.timeout(answeredWithinMs)])
    return askDecision(db, { collection: collections[kind], document, wish }, signal)
  })
  if (answer.state === 'shown') {
    await terminal.print(`decided: ${printable(group)} of ${printable(id)}`)
    return 0
  }
  return tellUnanswered(terminal, answer)
}

/** What became of a question that was not carried out. */
export function tellUnanswered(terminal: Terminal, { state, reason }: Answered): 1 {
  terminal.tell(
    state === 'refused'
      ? `varai: refused: ${printable(reason)}`
      : 'varai: nobody has answered yet; it is kept and will be answered when sync-core runs',
  )
  return 1
}

function askedOf({ take, value, pin, unpin, field }: DecideOptions, document: Found): Wish['asked'] {
  const ways = [take !== undefined, value !== undefined, unpin].filter(Boolean).length
  if (ways > 1 || (unpin && pin)) throw new Refusal('only one of --take, --value and --unpin', 2)
  if (unpin) return { what: 'withdraw' }
  if (take !== undefined) return { what: 'take', record: memberOf(document, take), pinned: pin }
  if (value !== undefined) return { what: 'give', values: valuesOf(field, value), pinned: pin }
  if (pin) return { what: 'pin' }
  throw new Refusal(
    'say what is to be shown: --take <member>, --value <value>, --pin (what is shown now) or --unpin',
    2,
  )
}

function memberOf(document: Found, named: string): string {
  const members: string[] = (document['members'] ?? []).map(String)
  const [platform = '', ...rest] = named.split('/')
  const store = rest.join('/')
  const meant = members.filter((id) => id === named || id.split('|').slice(1, 3).join('|') === `${platform}|${store}`)
  const [member, ...others] = meant
  if (member === undefined || others.length > 0) {
    const which = member === undefined ? 'is no member' : 'means several members'
    throw new Refusal(`${printable(named)} ${which}; there are: ${members.map(printable).join(', ')}`, 2)
  }
  return member
}

/** A text stands for the field that is asked about; an object names its fields itself. */
function valuesOf(field: string, text: string): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { [field]: text }
  }
  if (typeof value === 'number') return { [field]: text }
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : { [field]: value }
}
