import { type Environment, mongoSettings } from '@varai/runtime'
import type { Db, Filter } from 'mongodb'
import { readSettings } from '../addresses.ts'
import { type Found, findDocuments, withDatabase } from '../document-store.ts'
import { printable } from '../pure/printable.ts'
import type { Terminal } from '../terminal.ts'

export type PreviewOptions = {
  readonly id: string
  readonly person: boolean
  readonly merchant?: string | undefined
  readonly store?: string | undefined
  readonly json: boolean
}

type Preview = {
  readonly accounts: readonly string[]
  /** Persons' documents that say something else afterwards. */
  readonly persons: readonly string[]
  readonly counts: Readonly<Record<string, number>>
}

/**
 * Prints which accounts an erasure would take, and how much else: sessions, consents, orders, decisions, conflicts. As
 * it is now; nothing is changed. Exit code 1 when there is no such customer, or several.
 */
export async function previewErasure(terminal: Terminal, env: Environment, options: PreviewOptions): Promise<0 | 1> {
  const { mongo } = readSettings(env, { mongo: mongoSettings })
  const { id, merchant, store, person, json } = options
  const found = await withDatabase(mongo, async (db) => {
    const [customer, ...others] = await findDocuments(db, { kind: 'customer', id, merchant, store })
    if (customer === undefined || others.length > 0)
      return customer === undefined ? 'no customer' : 'several customers:'
    return previewOf(db, customer, person)
  })
  if (typeof found === 'string') {
    terminal.tell(
      `varai: ${found} ${printable(id)}${found.endsWith(':') ? ' (--merchant and --store tell them apart)' : ''}`,
    )
    return 1
  }
  const { accounts, persons, counts } = found
  const lines = json
    ? [JSON.stringify(found)]
    : [
        `accounts that would be erased: ${accounts.join(', ')}`,
        `documents of persons that would be made anew: ${persons.join(', ')}`,
        ...Object.entries(counts).map(([what, count]) => `${what}: ${count}`),
        ...(person ? [] : ['Orders are touched where the request names them, or for the whole person (--person).']),
      ]
  for (const line of lines) await terminal.print(json ? line : printable(line))
  return 0
}

async function previewOf(db: Db, { _id: own }: Found, person: boolean): Promise<Preview> {
  const persons = await findDocuments(db, { kind: 'user', id: own })
  const members = persons.flatMap(({ members: all }) => (Array.isArray(all) ? all.map(String) : []))
  const accounts = person ? [...new Set([own, ...members])].sort() : [own]
  const count = (collection: string, filter: Filter<Found>) =>
    db.collection<Found>(collection).countDocuments(filter, { maxTimeMS: 15_000 })
  const orders = accounts.map((account) => {
    const [merchantId, platform, storeId, customerId] = account.split('|')
    return { merchantId, platform, storeId, customerId }
  })
  return {
    accounts,
    persons: persons.map(({ _id }) => _id),
    counts: {
      sessions: await count('ai_sessions', { 'named.id': { $in: accounts } }),
      consents: await count('consents', { consentKeys: { $in: accounts } }),
      ...(person ? { orders: await count('orders', { $or: orders }) } : {}),
      decisions: await count('decisions', { about: { $in: accounts } }),
      verdicts: await count('verdicts', { pair: { $in: accounts } }),
      conflicts: await count('conflicts', { 'entries.sides.record': { $in: accounts } }),
    },
  }
}
