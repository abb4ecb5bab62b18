import { Components, emailKey } from './pure/identity.ts'
import type { HeldUser } from './pure/project/plan.ts'
import type { RecordState } from './pure/record.ts'

/** Where groups are read from. Each call sees at least everything that was written before it began. */
export type GroupSource = {
  /** `users` documents that reach any of these records. */
  readonly reaching: (recordIds: readonly string[]) => Promise<readonly HeldUser[]>
  /** Customer records with any of these ids or e-mail keys. */
  readonly customers: (of: {
    readonly ids: readonly string[]
    readonly emailKeys: readonly string[]
  }) => Promise<readonly RecordState[]>
}

/** Records that are connected by evidence, or by documents that reach from one to another, and the persons among them. */
export type Group = { readonly components: readonly (readonly RecordState[])[] }
export type Groups = { readonly groups: readonly Group[]; readonly held: ReadonlyMap<string, HeldUser> }

/**
 * Reads the groups of some records, whole: whatever reaches them or is reached from them, and whoever shares an e-mail.
 * Of every group all documents (and so their guards) were read before its records were: who wrote a document later than
 * this read saw records at least as new. `hints` are e-mail keys worth asking for at once.
 */
export async function readGroups(
  source: GroupSource,
  touched: readonly string[],
  hints: readonly string[] = [],
): Promise<Groups> {
  const held = new Map<string, HeldUser>()
  const records = new Map<string, RecordState>()
  const asked = new Set<string>()

  /** Reads the documents around some records; returns the records of which nothing was read before. */
  async function readDocuments(ids: Iterable<string>): Promise<Set<string>> {
    const added = new Set<string>()
    let next = [...ids].filter((id) => !asked.has(id))
    while (next.length > 0) {
      for (const id of next) added.add(id)
      for (const id of next) asked.add(id)
      const documents = await source.reaching(next)
      for (const document of documents) held.set(document.id, document)
      const around = documents.flatMap(({ id, reach }) => [id, ...reach])
      next = [...new Set(around)].filter((id) => !asked.has(id))
    }
    return added
  }

  /** Reads records and whoever shares an e-mail with them; nearly all are found by the e-mails they are known to have. */
  async function readRecords(ids: readonly string[], hinted: readonly string[]): Promise<void> {
    const keys = new Set([...hinted, ...ids.flatMap((id) => keyOf(records.get(id)) ?? [])])
    const found = new Map<string, RecordState>()
    const read = async (of: { ids: readonly string[]; emailKeys: readonly string[] }) => {
      if (of.ids.length + of.emailKeys.length === 0) return
      for (const record of await source.customers(of)) found.set(record.id, record)
    }
    await read({ ids: [], emailKeys: [...keys] })
    const others = ids.filter((id) => !found.has(id))
    await read({ ids: others, emailKeys: [] })
    const more = others.flatMap((id) => keyOf(found.get(id)) ?? []).filter((key) => !keys.has(key))
    await read({ ids: [], emailKeys: [...new Set(more)] })
    for (const record of found.values()) records.set(record.id, record)
  }

  let added = await readDocuments(touched)
  for (let keys = hints; added.size > 0; keys = []) {
    const again = [...connected(held, records, asked).values()]
      .filter((group) => group.some((id) => added.has(id)))
      .flat()
    await readRecords(again, keys)
    added = await readDocuments(records.keys())
  }
  return { groups: intoGroups(held, records, asked), held }
}

const keyOf = (record: RecordState | undefined): string | undefined =>
  record && emailKey(record.merchantId, record.registers.values['email'])

/** Ids of records by what stands for their group. */
function connected(
  held: ReadonlyMap<string, HeldUser>,
  records: ReadonlyMap<string, RecordState>,
  ids: Iterable<string>,
): Map<string, string[]> {
  const components = linkedByEmail(records.values())
  for (const { id, reach } of held.values()) for (const other of reach) components.link(id, other)
  return Map.groupBy(ids, (id) => components.rootOf(id))
}

function linkedByEmail(records: Iterable<RecordState>): Components {
  const components = new Components()
  const first = new Map<string, string>()
  for (const record of records) {
    components.add(record.id)
    const key = keyOf(record)
    if (key === undefined) continue
    const other = first.get(key)
    if (other === undefined) first.set(key, record.id)
    else components.link(record.id, other)
  }
  return components
}

function intoGroups(
  held: ReadonlyMap<string, HeldUser>,
  records: ReadonlyMap<string, RecordState>,
  ids: Iterable<string>,
): Group[] {
  return [...connected(held, records, ids).values()].flatMap((group) => {
    const members = group.flatMap((id) => records.get(id) ?? [])
    const persons = linkedByEmail(members)
    const components = [...Map.groupBy(members, ({ id }) => persons.rootOf(id)).values()]
    return components.length === 0 ? [] : [{ components }]
  })
}
