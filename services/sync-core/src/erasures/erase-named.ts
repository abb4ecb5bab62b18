import { isIdPart } from '@varai/schemas'
import type { Folded, FoldInto } from '../fold-into.ts'
import type { OfKind } from '../projections.ts'
import { customerKey } from '../pure/ai/ai-kinds.ts'
import { foldErasure } from '../pure/fold/erasure.ts'
import { aiSessionKind, consentKind, orderKind, type RecordKind, recommendationKind } from '../pure/kinds.ts'
import { momentOf } from '../pure/moment.ts'
import type { RecordState } from '../pure/record.ts'
import type { Statement } from '../pure/statement.ts'
import type { RecordStore } from '../record-store.ts'
import {
  type Erasing,
  type ErasureStore,
  nameOfAddress,
  nameOfCustomer,
  nameOfOrder,
  nameOfOrdersOf,
  nameOfStore,
  namesOf,
} from './erasure-store.ts'

/** Keyed hash of an address that a record of a store has; undefined where nobody can ask for its erasure. */
export type AddressRef = (
  of: Pick<RecordState, 'merchantId' | 'platform' | 'storeId'>,
  email: string,
) => Promise<string | undefined>

/**
 * Erases what erasures say of records that were just saved, or found: statements that come late name customers and
 * orders of whom it was asked long ago. Whoever keeps an erasure looks for what concerns it afterwards, and whoever saves
 * a record looks for erasures afterwards, so of two at once at least one sees the other. A customer's own record needs
 * no look: its marker lies in it. Returns the records that were touched by it, as they are now.
 */
export type EraseNamed = (touched: readonly OfKind[]) => Promise<Folded[]>

/** What is found by whom it names; all else by its store alone. */
const naming: readonly RecordKind[] = [aiSessionKind, consentKind]

export function createEraseNamed(deps: {
  readonly erasures: Pick<ErasureStore, 'any' | 'of'>
  readonly records: Pick<RecordStore, 'loadMany' | 'find'>
  readonly foldInto: FoldInto
  readonly addressRef: AddressRef
}): EraseNamed {
  const { erasures, records, foldInto, addressRef } = deps

  return async (touched) => {
    const open = touched.filter(({ records: some }) => some.length > 0)
    // nearly always there are none at all
    if (open.length === 0 || !(await erasures.any())) return []
    const named = await Promise.all(
      open.flatMap((of) => of.records.map(async (record) => ({ record, names: await namesIn(record) }))),
    )
    const names = [...new Set(named.flatMap((each) => each.names))]
    const byName = new Map<string, Erasing[]>()
    for (const erasing of names.length === 0 ? [] : await erasures.of(names)) {
      for (const name of namesOf(erasing)) byName.set(name, [...(byName.get(name) ?? []), erasing])
    }
    const statements = named.flatMap((each) =>
      each.names.flatMap((name) => byName.get(name) ?? []).flatMap((erasing) => adding(each.record, erasing)),
    )
    const folded: Folded[] = []
    for (const [kind, of] of Map.groupBy(statements, (each) => each.kind)) folded.push(await foldInto(kind, of))
    return [...folded, ...(await recommendationsOf(open, folded))]
  }

  async function namesIn(record: RecordState): Promise<string[]> {
    const { kind, id, registers } = record
    const store = nameOfStore(storeOf(record))
    if (kind === orderKind) {
      const { customerId } = registers.values
      const own = [store, nameOfOrder(id)]
      return typeof customerId === 'string' && isIdPart(customerId)
        ? [...own, nameOfOrdersOf(customerOf(record, customerId))]
        : own
    }
    if (!naming.includes(kind)) return [store]
    const keys = [...(record.lists['named']?.elements.keys() ?? [])]
    const addresses = keys.filter((key) => key.includes('@')).map((key) => key.slice(key.indexOf('|') + 1))
    const hashes = await Promise.all(addresses.map((address) => addressRef(record, address)))
    return [
      store,
      ...keys.filter((key) => !key.includes('@')).map(nameOfCustomer),
      ...hashes.flatMap((hash) => (hash === undefined ? [] : [nameOfAddress(hash)])),
    ]
  }

  /** What was recommended goes with its session, whichever of them is saved last. */
  async function recommendationsOf(touched: readonly OfKind[], folded: readonly Folded[]): Promise<Folded[]> {
    const of = (kind: RecordKind, all: readonly OfKind[]) =>
      all.flatMap((each) => (each.kind === kind ? each.records : []))
    const own = of(recommendationKind, touched)
    const sessions = byId([...of(aiSessionKind, touched), ...of(aiSessionKind, folded)])
    const others = [...new Set(own.map(sessionOf))].filter((id) => !sessions.has(id))
    for (const [id, session] of await records.loadMany(aiSessionKind, others)) sessions.set(id, session)
    const erased = [...sessions.values()].filter(({ existence }) => existence.erased?.whole !== undefined)
    if (erased.length === 0) return []
    const keys = erased.map(({ id }) => id)
    const found = await records.find(recommendationKind, { ids: [], keyField: 'sessionKey', keys })
    const statements = [...byId([...found, ...own]).values()].flatMap((record) => {
      const { erased: of = undefined } = sessions.get(sessionOf(record))?.existence ?? {}
      if (of?.whole === undefined) return []
      return adding(record, { id: '', at: of.whole, subject: of.subject })
    })
    return statements.length === 0 ? [] : [await foldInto(recommendationKind, statements)]
  }
}

const byId = (records: readonly RecordState[]) => new Map(records.map((record) => [record.id, record]))
const sessionOf = (record: RecordState): string => String(record.kind.derived?.(record)['sessionKey'])
const customerOf = ({ merchantId, platform, storeId }: RecordState, customerId: string): string =>
  customerKey({ merchantId, source: platform, storeId }, customerId)

type Erases = Pick<Erasing, 'id' | 'at' | 'subject' | 'store'>

/**
 * The erasure as a statement about a record, unless it adds nothing. A deletion is always told: whoever told it may have
 * died before it was said of the records that list the deleted one as a part.
 */
export function adding(record: RecordState, erasing: Erases): Statement[] {
  const statement = erasedStatement(record, erasing)
  const { erased } = record.existence
  if (statement.says.what === 'deleted') return [statement]
  return erased !== undefined && foldErasure(erased, [statement]) === erased ? [] : [statement]
}

type Named = Pick<RecordState, 'kind' | 'id' | 'merchantId' | 'platform' | 'storeId' | 'platformId'>

export const storeOf = ({ merchantId, platform, storeId }: Pick<RecordState, 'merchantId' | 'platform' | 'storeId'>) =>
  [merchantId, platform, storeId].join('|')

/**
 * That what was stated of a record is erased: of one that outlives persons, what is personal. With its store everything
 * goes whole; what nobody is named in, products and stock, is deleted.
 */
export function erasedStatement(
  { kind, id: recordId, merchantId, platform, storeId, platformId }: Named,
  { id, at, subject, store }: Erases,
): Statement {
  const moment = momentOf({ platformAt: at, triggeredAt: null, eventId: id })
  const head = { kind, recordId, merchantId, platform, storeId, platformId, moment, at }
  if (store !== undefined && kind.parts !== undefined) {
    return { ...head, says: { what: 'deleted', reason: 'store-erased', terminal: false } }
  }
  const extent = kind.outlivesPersons && store === undefined ? 'personal' : 'whole'
  return { ...head, says: { what: 'erased', extent, subject } }
}
