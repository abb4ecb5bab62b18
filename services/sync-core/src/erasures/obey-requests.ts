import { type DecodedRecord, done, handleApart, type Outcome, rejected, skipped } from '@varai/kafka'
import type { Logger } from '@varai/runtime'
import { type Draft, isIdPart, type PrivacyConfirmed, type PrivacyRequested, recordId } from '@varai/schemas'
import type { CanonicalStore } from '../canonical-store.ts'
import type { TellRecords } from '../changes/tell-records.ts'
import type { FoldInto } from '../fold-into.ts'
import type { OfKind, Project } from '../projections.ts'
import { emailKey } from '../pure/identity.ts'
import { aiSessionKind, consentKind, customerKind, orderKind } from '../pure/kinds.ts'
import { isTime } from '../pure/moment.ts'
import type { RecordState } from '../pure/record.ts'
import type { RecordStore } from '../record-store.ts'
import { type AddressRef, type EraseNamed, erasedStatement, storeOf } from './erase-named.ts'
import type { Erasing, ErasureStore } from './erasure-store.ts'

export type ObeyDeps = {
  readonly erasures: ErasureStore
  readonly records: Pick<RecordStore, 'loadMany' | 'find' | 'ordersOf'>
  readonly users: Pick<CanonicalStore<never>, 'reaching'>
  readonly foldInto: FoldInto
  readonly eraseNamed: EraseNamed
  readonly addressRef: AddressRef
  readonly project: Project
  readonly changes: Pick<TellRecords, 'tell'>
  readonly copySessions: (sessions: readonly RecordState[]) => Promise<void>
  /** Takes what is erased out of what lies beside records and documents. */
  readonly tidy: (erasing: Erasing) => Promise<void>
  readonly confirm: (confirmation: Draft<PrivacyConfirmed>) => Promise<void>
  readonly log: Logger
  readonly now?: () => number
  /** What else comes. */
  readonly handle: (batch: readonly DecodedRecord[]) => Promise<Outcome[]>
}

/**
 * A handler of what people ask about their data: erases it, and confirms it when nothing is left. Everything else is left
 * to `handle`. Throws when a database or Kafka is away. Each step adds nothing when it was done before, and whom a request
 * concerns is kept before anything is erased: who dies anywhere leaves a request that comes again and ends as if nobody
 * had died.
 */
export function createObeyRequests(deps: ObeyDeps) {
  const { erasures, records, users, foldInto, eraseNamed, addressRef, project, changes, now = Date.now } = deps

  return handleApart('PrivacyRequested', ({ value }) => answer(value), deps.handle)

  async function answer(request: PrivacyRequested): Promise<Outcome> {
    if (!isTime(request.platformAt)) return rejected('platformAt is no time from 1970 on')
    switch (request.kind) {
      case 'customer_redact': {
        const { merchantId, storeId, source, customerId, orderIds } = request
        const named = customerId === null ? orderIds : [customerId, ...orderIds]
        if (![merchantId, storeId, source, ...named].every(isIdPart))
          return rejected('names what cannot be part of an id')
        await erase(request)
        return done
      }
      case 'shop_redact':
        return keepStore(request)
      case 'data_request':
        return skipped('only erasures are answered by this service')
      default:
        return rejected('kind: no request that this service knows')
    }
  }

  /** A whole store takes its time, see erase-stores.ts: what comes late of it is erased from now on. */
  async function keepStore(request: PrivacyRequested): Promise<Outcome> {
    const { requestId: id, merchantId, source: platform, storeId, subjectRef, entityId } = request
    if (![merchantId, platform, storeId].every(isIdPart)) return rejected('names what cannot be part of an id')
    const of = { customers: [], orders: [], allOrders: false, addresses: [] }
    const times = { at: Math.min(request.platformAt, request.at), keptAt: now() }
    const store = storeOf({ merchantId, platform, storeId })
    await erasures.keep({ ...{ id, merchantId, ...times, ...of, store }, subject: subjectRef ?? entityId })
    return done
  }

  async function erase(request: PrivacyRequested): Promise<void> {
    const { requestId, merchantId, subjectRef } = request
    const erasing = (await erasures.find(requestId)) ?? (await erasures.keep(await resolve(request)))
    const statements = erasing.customers.map((id) => erasedStatement(nameOf(id), erasing))
    const customers = await foldInto(customerKind, statements)
    const found = await concernedBy(erasing, request)
    const erased = [customers, ...(await eraseNamed(found))]
    const all = latest([...found, ...erased])
    await deps.tidy(erasing)
    await Promise.all([changes.tell(all), project([...found, ...erased])])
    await deps.copySessions(all.flatMap(({ kind, records: some }) => (kind === aiSessionKind ? some : [])))
    const counts = countsOf(all)
    const outcome = Object.keys(counts).length > 0 ? 'done' : 'nothing-held'
    await deps.confirm({ ...{ requestId, merchantId, subjectRef, service: 'sync-core', outcome, counts }, at: now() })
    deps.log.info({ requestId, ...counts }, 'erasure.done')
  }

  /** Whom a request concerns, as far as anybody is known now. */
  async function resolve(request: PrivacyRequested): Promise<Erasing> {
    const { requestId: id, merchantId, source, storeId, customerId, email, orderIds, scope } = request
    const store = { merchantId, source, storeId }
    const named = customerId === null ? await customersOf(store, email) : [recordId({ ...store, entityId: customerId })]
    const isPerson = scope === 'person'
    const of = { merchantId, platform: source, storeId }
    return {
      ...{ id, merchantId, at: Math.min(request.platformAt, request.at), keptAt: now() },
      subject: request.subjectRef ?? request.entityId,
      customers: [...new Set([...named, ...(isPerson ? await accountsOf(named) : [])])].sort(),
      orders: orderIds.map((entityId) => recordId({ ...store, entityId })),
      allOrders: isPerson,
      addresses: emailKey(merchantId, email) === undefined ? [] : [(await addressRef(of, email ?? '')) ?? []].flat(),
    }
  }

  /** A request that has only an address means whoever the store knows by it. */
  async function customersOf(
    { merchantId, source, storeId }: { readonly merchantId: string; readonly source: string; readonly storeId: string },
    email: string | null,
  ): Promise<string[]> {
    const key = emailKey(merchantId, email)
    if (key === undefined) return []
    const found = await records.find(customerKind, { ids: [], keyField: 'emailKey', keys: [key] })
    return found.filter((of) => of.platform === source && of.storeId === storeId).map(({ id }) => id)
  }

  /** All accounts of the persons that these are. */
  async function accountsOf(named: readonly string[]): Promise<string[]> {
    const own = (await users.reaching(named)).filter(({ id }) => named.includes(id)).map(({ image }) => image())
    const heads = own.flatMap(({ redirectTo }) => (typeof redirectTo === 'string' ? [redirectTo] : []))
    const others = (await users.reaching(heads)).filter(({ id }) => heads.includes(id)).map(({ image }) => image())
    return [...own, ...others].flatMap(({ members }) => (Array.isArray(members) ? members.map(String) : []))
  }

  /** Records that lie there and that an erasure names, or that name somebody who is erased. */
  async function concernedBy(
    { customers, orders, allOrders }: Erasing,
    { merchantId, source, storeId, email }: PrivacyRequested,
  ): Promise<OfKind[]> {
    const keys = [...customers, ...[emailKey(merchantId, email) ?? []].flat()]
    const [named, ofCustomers, sessions, consents] = await Promise.all([
      records.loadMany(orderKind, orders),
      allOrders ? records.ordersOf(customers) : [],
      records.find(aiSessionKind, { ids: [], keyField: 'named.id', keys: customers }),
      records.find(consentKind, { ids: [], keyField: 'consentKeys', keys }),
    ])
    const isOfStore = (of: RecordState) => of.platform === source && of.storeId === storeId
    const all = new Map([...named.values(), ...ofCustomers].map((order) => [order.id, order]))
    return [
      { kind: orderKind, records: [...all.values()] },
      { kind: aiSessionKind, records: sessions },
      { kind: consentKind, records: consents.filter((of) => isOfStore(of) || namesAny(of, customers)) },
    ]
  }
}

/** A record of a customer by its id alone; it may be that nobody heard of it. */
function nameOf(id: string) {
  const [merchantId = '', platform = '', storeId = '', ...rest] = id.split('|')
  return { kind: customerKind, id, merchantId, platform, storeId, platformId: rest.join('|') }
}

const namesAny = ({ lists }: RecordState, ids: readonly string[]): boolean =>
  ids.some((id) => lists['named']?.elements.has(id) === true)

/** Of each record the last. */
function latest(all: readonly OfKind[]): OfKind[] {
  return [...Map.groupBy(all, ({ kind }) => kind)].map(([kind, of]) => ({
    kind,
    records: [...new Map(of.flatMap(({ records }) => records).map((record) => [record.id, record])).values()],
  }))
}

/** Records that were held, by their collection. */
function countsOf(all: readonly OfKind[]): Record<string, number> {
  const counts = all.map(({ kind, records }): [string, number] => {
    // an account that nobody had heard of has nothing but the mark
    const held = kind === customerKind ? records.filter(({ version }) => version > 1) : records
    return [kind.collection, held.length]
  })
  return Object.fromEntries(counts.filter(([, count]) => count > 0))
}
