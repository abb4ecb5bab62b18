import { imageOfRecord } from '../../src/pure/change/record-change.ts'
import { customerKind, kinds } from '../../src/pure/kinds.ts'
import { mayBePart } from '../../src/pure/part-ids.ts'
import { areAlike, isPlainObject, type Plain, textOf, toPlainObject } from '../../src/pure/plain.ts'
import { addressWords } from '../../src/pure/policy/check.ts'
import type { RecordState } from '../../src/pure/record.ts'
import type { ToldChange } from '../apply.ts'
import { contentOf } from '../documents.ts'
import type { Ground, SharedGround } from './ground.ts'

const all = 100_000
const collections = ['users', 'catalog'] as const

/** All that the collections say, apart from versions, times of saving, and what is left to be told. */
export async function saidBy(shared: SharedGround, say: (record: RecordState) => object = contentOf) {
  const ground = shared.of((run) => run())
  const records: Record<string, unknown> = {}
  for (const kind of kinds) {
    for (const record of await ground.stores.records.pageAfter(kind, '', all)) {
      records[`${kind.collection} ${record.id}`] = say(withoutMarks(record))
    }
  }
  const documents: Record<string, unknown> = {}
  for (const { name, held } of await documentsIn(ground)) {
    const { policy, decisions, reach, image } = held
    documents[name] = { policy, decisions, reach, ...image() }
  }
  return { records, documents }
}

/**
 * Where a variant is a record too, its deletion is in that record. Whoever lists the variant keeps a mark of it, made
 * whenever both are known, and made again if the variant is listed again: whether the mark is there says nothing.
 */
function withoutMarks(record: RecordState): RecordState {
  const { variants } = record.lists
  if (!mayBePart(record) || variants === undefined) return record
  return { ...record, lists: { ...record.lists, variants: { ...variants, gone: new Map() } } }
}

/** Fields, and elements of lists, of which a record does not say what is so, but for case and blanks. */
export async function untrueIn(shared: SharedGround, truth: RecordState): Promise<string[]> {
  const { kind, id } = truth
  const record = (await shared.of((run) => run()).stores.records.loadMany(kind, [id])).get(id)
  if (record === undefined) return ['is not there']
  const differs = (one: Plain | undefined, other: Plain | undefined) => !areAlike(one ?? null, other ?? null)
  const registers = kind.registers.filter((field) =>
    differs(record.registers.values[field], truth.registers.values[field]),
  )
  const elements = kind.lists.flatMap(({ field }) => {
    const [held, wanted] = [record.lists[field]?.elements, truth.lists[field]?.elements]
    const keys = [...new Set([...(held?.keys() ?? []), ...(wanted?.keys() ?? [])])]
    return keys.filter((key) => differs(held?.get(key)?.value, wanted?.get(key)?.value)).map((key) => `${field} ${key}`)
  })
  return [...registers, ...elements]
}

type Newest = { readonly version: number; readonly after: string | null }

/** Every document and record that tells its changes, with the version of the last, as a consumer of changes that keeps the highest one should have it. */
export async function newestIn(shared: SharedGround) {
  const ground = shared.of((run) => run())
  const newest = new Map<string, Newest>()
  for (const { name, held } of await documentsIn(ground)) {
    newest.set(name, { version: held.version, after: textOf(held.image()) })
  }
  for (const kind of kinds) {
    for (const record of await ground.stores.records.pageAfter(kind, '', all)) {
      const image = imageOfRecord(record)
      if (record.change === undefined) continue
      newest.set(`${kind.collection} ${record.id}`, {
        version: record.change.version,
        after: image === undefined ? null : textOf(image),
      })
    }
  }
  return newest
}

/** What such a consumer has. */
export function newestOf(told: readonly ToldChange[]) {
  const newest = new Map<string, Newest>()
  for (const { collection, documentId, version, after } of told) {
    const name = `${collection} ${documentId}`
    if (version > (newest.get(name)?.version ?? 0)) newest.set(name, { version, after })
  }
  return newest
}

/** Changes that lie in documents. */
export async function pendingIn(shared: SharedGround) {
  return (await documentsIn(shared.of((run) => run()))).flatMap(({ held }) => held.pending)
}

async function documentsIn({ stores }: Ground) {
  const found = await Promise.all(
    collections.map(async (collection) => {
      const ids = await stores[collection].madeBefore(Number.MAX_SAFE_INTEGER, { limit: all })
      const held = await stores[collection].reaching(ids)
      return held
        .map((document) => ({ name: `${collection} ${document.id}`, held: document }))
        .sort((one, other) => (one.name < other.name ? -1 : 1))
    }),
  )
  return found.flat()
}

type Line = Readonly<Record<string, string>>

/** Addresses that persons show, and those that each record states, in one form. */
export async function addressesIn(shared: SharedGround) {
  const ground = shared.of((run) => run())
  const stated = new Map<string, Line[]>()
  for (const record of await ground.stores.records.pageAfter(customerKind, '', all)) {
    const elements = [...(record.lists['addresses']?.elements.values() ?? [])]
    stated.set(
      record.id,
      elements.map(({ value }) => linesOf(value)),
    )
  }
  const shown = (await documentsIn(ground)).flatMap(({ held }) => {
    const { addresses } = held.image()
    return (Array.isArray(addresses) ? addresses : []).flatMap((address) => {
      if (!isPlainObject(address)) return []
      const { record = null, ...lines } = toPlainObject(address)
      return [{ record: String(record), address: linesOf(lines) }]
    })
  })
  return { shown, stated }
}

const linesOf = (address: Readonly<Record<string, unknown>>): Line =>
  Object.fromEntries(Object.entries(addressWords(address)).map(([name, line]) => [name, String(line)]))
