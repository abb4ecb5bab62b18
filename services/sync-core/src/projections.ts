import type { CanonicalStore } from './canonical-store.ts'
import type { Policies } from './policy/policies.ts'
import { createProjector } from './project-documents.ts'
import { customerKind, type RecordKind } from './pure/kinds.ts'
import { rulesFor } from './pure/policy/policy.ts'
import { personKeys, projectUser, type UserContent } from './pure/project/user.ts'
import type { RecordState } from './pure/record.ts'
import type { RecordStore } from './record-store.ts'

/** Brings the canonical documents of records up to date; resolves at once for records of which none are made. */
export type Project = (kind: RecordKind, records: readonly RecordState[]) => Promise<void>

/** Every canonical document there is, each kind with its source, its evidence and its projection. */
export function createProjections(deps: {
  readonly records: RecordStore
  readonly users: CanonicalStore<UserContent>
  readonly policies: Policies
  readonly pause: (attempt: number) => Promise<void>
}): Project {
  const { records, users, policies, pause } = deps
  const projectUsers = createProjector<RecordState, UserContent>({
    name: 'users',
    source: {
      reaching: users.reaching,
      keysOf: personKeys,
      nodes: async (of) => ({ nodes: await records.find(customerKind, { ...of, keyField: 'emailKey' }), crowded: [] }),
    },
    target: users,
    makingFor: async (merchantId, atLeast) => {
      const policy = await policies.atLeast(atLeast)
      const rules = rulesFor(policy, 'users', merchantId)
      return { policy: policy.version, make: (members) => projectUser(members, rules) }
    },
    pause,
  })

  return async (kind, of) => {
    if (kind === customerKind && of.length > 0) {
      await projectUsers(of.map((record) => ({ id: record.id, keys: personKeys(record) })))
    }
  }
}
