import { hash } from 'node:crypto'
import { createLog } from '@varai/runtime'
import { type RecordOf, typeOf } from '@varai/schemas'
import { createApplyBatch } from '../src/apply-batch.ts'
import type { AskStores } from '../src/ask-stores.ts'
import type { CanonicalStore } from '../src/canonical-store.ts'
import { createPublishChanges, type PublishChanges } from '../src/changes/publish-changes.ts'
import { createTellRecords, type TellRecords } from '../src/changes/tell-records.ts'
import type { DecisionStore } from '../src/decisions/decision-store.ts'
import type { VerdictStore } from '../src/decisions/verdict-store.ts'
import { type AddressRef, createEraseNamed } from '../src/erasures/erase-named.ts'
import type { ErasureStore } from '../src/erasures/erasure-store.ts'
import { createObeyRequests, type ObeyDeps } from '../src/erasures/obey-requests.ts'
import { createFoldInto } from '../src/fold-into.ts'
import { shippedPolicy } from '../src/policy/load-policy.ts'
import type { Policies } from '../src/policy/policies.ts'
import { createProjections, type Project } from '../src/projections.ts'
import { kindsIn } from '../src/pure/kinds.ts'
import type { Policy } from '../src/pure/policy/policy.ts'
import type { ItemContent } from '../src/pure/project/catalog-item.ts'
import type { UserContent } from '../src/pure/project/user.ts'
import type { RecordState } from '../src/pure/record.ts'
import type { RecordStore } from '../src/record-store.ts'
import { createResolveParts } from '../src/resolve-parts.ts'
import type { SessionStore } from '../src/session-store.ts'

const silent = createLog({ service: 'test', level: 'silent' })
const atOnce = async () => undefined

export const shipped = await shippedPolicy()

/** One policy that nobody replaces. */
export const fixed = (policy: Policy): Policies => ({
  current: () => policy,
  atLeast: async () => policy,
  refresh: async () => policy,
})

export type Stores = {
  readonly records: RecordStore
  readonly sessions: SessionStore
  readonly users: CanonicalStore<UserContent>
  readonly catalog: CanonicalStore<ItemContent>
  readonly verdicts: VerdictStore
  readonly erasures: ErasureStore
}

export type Changes = Readonly<Record<'users' | 'catalog', PublishChanges>>
export type ToldChange = RecordOf<'DocumentChanged'>

type Tell = (change: ToldChange) => Promise<void>
const type = typeOf('DocumentChanged')
/** Hands changes over through the contract, as they would travel. */
const telling = (tell: Tell) => ({
  publish: ({ value }: { readonly value: unknown }) => tell(type.fromBuffer(type.toBuffer(value))),
})

/** Tells the changes of records, as one process does; `tell` gets each. */
export const recordChangesOf = (tell: Tell, remembered?: number): TellRecords =>
  createTellRecords({
    publisher: telling(tell),
    kinds: kindsIn(['orders', 'customers', 'products', 'inventory', 'stores', 'consents']),
    ...(remembered === undefined ? {} : { remembered }),
  })

/** Tells the changes of some stores, as one process does; `tell` gets each. */
export function changesOf({ users, catalog }: Pick<Stores, 'users' | 'catalog'>, tell: Tell): Changes {
  const publisher = telling(tell)
  return {
    users: createPublishChanges({ collection: 'users', publisher, clear: users.clear }),
    catalog: createPublishChanges({ collection: 'catalog', publisher, clear: catalog.clear }),
  }
}

/** The handler of the lanes over some stores, wired as main.ts does. */
export function applierOver(
  stores: Stores,
  pause: (attempt: number) => Promise<void> = atOnce,
  policies: Policies = fixed(shipped),
  ask: AskStores = async () => undefined,
  changes: Changes = changesOf(stores, async () => undefined),
  decisions: Pick<DecisionStore, 'about'> = { about: async () => [] },
  copySessions: (sessions: readonly RecordState[]) => Promise<void> = async () => undefined,
  tellRecords: TellRecords = recordChangesOf(async () => undefined),
  obeying: Pick<ObeyDeps, 'confirm' | 'tidy'> = { confirm: async () => undefined, tidy: async () => undefined },
  project: Project = createProjections({ ...stores, policies, decisions, changes, pause }),
) {
  const { records, erasures } = stores
  const resolveParts = createResolveParts(records)
  const foldInto = createFoldInto({ records, changes: tellRecords, pause, resolveParts, ask })
  const eraseNamed = createEraseNamed({ erasures, records, foldInto, addressRef })
  const shared = { foldInto, eraseNamed, project, changes: tellRecords, copySessions, log: silent }
  return createObeyRequests({
    ...{ ...shared, ...stores, addressRef, ...obeying },
    handle: createApplyBatch({ ...shared, ask }),
  })
}

/** As the vault does, without its key. */
const addressRef: AddressRef = async ({ merchantId, platform, storeId }, email) =>
  `sub_${hash('sha256', [merchantId, platform, storeId, email.trim().toLowerCase()].join('|')).slice(0, 32)}`
