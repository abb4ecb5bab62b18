import { consentKind, customerKind } from './pure/kinds.ts'
import { consentIn, mostSessions, type Person, personOf } from './pure/project/person.ts'
import { personKeys } from './pure/project/user.ts'
import type { RecordState } from './pure/record.ts'
import type { RecordStore } from './record-store.ts'
import type { SessionStore } from './session-store.ts'

type Stores = { readonly records: Pick<RecordStore, 'find'>; readonly sessions: SessionStore }

/** Customers by id or by what they share with others, each with the sessions and consents that name them. */
export function createReadPersons({ records, sessions }: Stores) {
  return async (of: { readonly ids: readonly string[]; readonly keys: readonly string[] }): Promise<Person[]> => {
    const customers = [...byId(await records.find(customerKind, { ...of, keyField: 'emailKey' })).values()]
    const ids = customers.map(({ id }) => id)
    const keys = [...new Set([...ids, ...customers.flatMap(personKeys)])]
    const [bySession, consents] = await Promise.all([
      sessions.newestOf(ids, mostSessions),
      keys.length === 0 ? [] : records.find(consentKind, { ids: [], keyField: 'consentKeys', keys }),
    ])
    const byKey = Map.groupBy(
      [...byId(consents).values()].flatMap((consent) => namedIn(consent).map((key) => ({ key, consent }))),
      ({ key }) => key,
    )
    return customers.map((record) => {
      const own = [record.id, ...personKeys(record)].flatMap((key) => byKey.get(key) ?? [])
      return personOf(record, {
        sessions: bySession.get(record.id) ?? [],
        consents: [...byId(own.map(({ consent }) => consent)).values()].flatMap((consent) => consentIn(consent) ?? []),
      })
    })
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
