import { createLog } from '@varai/runtime'
import { createApplyBatch } from '../src/apply-batch.ts'
import type { AskStores } from '../src/ask-stores.ts'
import type { CanonicalStore } from '../src/canonical-store.ts'
import { shippedPolicy } from '../src/policy/load-policy.ts'
import type { Policies } from '../src/policy/policies.ts'
import { createProjections } from '../src/projections.ts'
import type { Policy } from '../src/pure/policy/policy.ts'
import type { ItemContent } from '../src/pure/project/catalog-item.ts'
import type { UserContent } from '../src/pure/project/user.ts'
import type { RecordStore } from '../src/record-store.ts'
import { createResolveParts } from '../src/resolve-parts.ts'

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
  readonly users: CanonicalStore<UserContent>
  readonly catalog: CanonicalStore<ItemContent>
}

/** The handler of the lanes over some stores, wired as main.ts does. */
export function applierOver(
  stores: Stores,
  pause: (attempt: number) => Promise<void> = atOnce,
  policies: Policies = fixed(shipped),
  ask: AskStores = async () => undefined,
) {
  const project = createProjections({ ...stores, policies, pause })
  const { records } = stores
  return createApplyBatch({ records, project, pause, resolveParts: createResolveParts(records), ask, log: silent })
}
