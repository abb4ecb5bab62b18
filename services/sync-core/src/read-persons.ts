import type { VerdictStore } from './decisions/verdict-store.ts'
import { consentKind, customerKind } from './pure/kinds.ts'
import { consentIn, mostSessions, type Person, personKeys, personOf } from './pure/project/person.ts'
import { idsIn, pairKey } from './pure/project/verdict.ts'
import type { RecordState } from './pure/record.ts'
import type { Found, Sought } from './read-groups.ts'
import type { RecordStore } from './record-store.ts'
import type { SessionStore } from './session-store.ts'

type Stores = {
  readonly records: Pick<RecordStore, 'find' | 'findSharing'>
  readonly sessions: SessionStore
  readonly verdicts: Pick<VerdictStore, 'about'>
  /** Of an address that more accounts have than so many, none are found by it. */
  readonly most: number
}

/** What a person is read by: the addresses it may share, and the verdicts about it. */
export const keysOfPerson = ({ addresses, verdicts }: Person): string[] => [
  ...addresses,
  ...verdicts.map(({ pair }) => pairKey(pair)),
]

/** Customers by id or by what they share with others, each with the sessions, consents and verdicts that name them. */
export function createReadPersons({ records, sessions, verdicts, most }: Stores) {
  return async ({ ids: named, keys: asked }: Sought): Promise<Found<Person>> => {
    const of = {
      ids: [...new Set([...named, ...asked.flatMap(idsIn)])],
      keyField: 'emailKey',
      keys: asked.filter((key) => idsIn(key).length === 0),
      most,
    }
    const { records: found, crowded } = await records.findSharing(customerKind, of)
    const customers = [...byId(found).values()]
    const ids = customers.map(({ id }) => id)
    const keys = [...new Set([...ids, ...customers.flatMap(personKeys)])]
    const [bySession, consents, said] = await Promise.all([
      sessions.newestOf(ids, mostSessions),
      keys.length === 0 ? [] : records.find(consentKind, { ids: [], keyField: 'consentKeys', keys }),
      verdicts.about(ids),
    ])
    const byKey = Map.groupBy(
      [...byId(consents).values()].flatMap((consent) => namedIn(consent).map((key) => ({ key, consent }))),
      ({ key }) => key,
    )
    const nodes = customers.map((record) => {
      const own = [record.id, ...personKeys(record)].flatMap((key) => byKey.get(key) ?? [])
      const known = {
        sessions: bySession.get(record.id) ?? [],
        consents: [...byId(own.map(({ consent }) => consent)).values()].flatMap((consent) => consentIn(consent) ?? []),
      }
      return personOf(
        record,
        known,
        said.filter(({ pair }) => pair.includes(record.id)),
      )
    })
    return { nodes, crowded }
  }
}

const byId = (records: readonly RecordState[]) => new Map(records.map((record) => [record.id, record]))

/** Everybody whom a session or a consent was ever said to concern: ids of customers' records, and what they share. */
const namedIn = ({ lists }: RecordState): string[] => [...(lists['named']?.elements.keys() ?? [])]

/**
 * Ids of the customers whose documents a session or a consent concerns. Also of those that it no longer names: whoever
 * was named once must be looked at once more.
 */
export async function customersNamed(
  records: Pick<RecordStore, 'find'>,
  changed: readonly RecordState[],
): Promise<string[]> {
  const keys = [...new Set(changed.flatMap(namedIn))]
  if (keys.length === 0) return []
  const addresses = keys.filter((key) => key.includes('@'))
  const found =
    addresses.length === 0 ? [] : await records.find(customerKind, { ids: [], keyField: 'emailKey', keys: addresses })
  return [...new Set([...keys, ...found.map(({ id }) => id)])]
}
