import { type Logger, StartRefused } from '@varai/runtime'
import type { Policy } from '../pure/policy/policy.ts'
import { parsePolicy } from './parse-policy.ts'
import type { PolicyStore } from './policy-store.ts'
import { policyText } from './policy-text.ts'

/** The policy in force: the newest that any process was ever started with. */
export type Policies = {
  readonly current: () => Policy
  /** One of at least this version; reads what other processes have kept. Rejects where there is none yet. */
  readonly atLeast: (version: number) => Promise<Policy>
  /** Takes over a newer one that another process was started with, if there is any. */
  readonly refresh: () => Promise<Policy>
}

/**
 * Makes the policy of this process known to all. A process with an older one follows the newest, so that replicas that
 * are replaced one after the other never undo each other's work. Rejects with StartRefused when this version is known
 * with other rules: which of the two a document was made by could never be told.
 */
export async function openPolicies(own: Policy, deps: { store: PolicyStore; log: Logger }): Promise<Policies> {
  const text = policyText(own)
  const kept = await deps.store.keep({ version: own.version, text })
  if (kept !== text) {
    throw new StartRefused(
      `The policy cannot be used: version ${own.version} is known with other rules. Raise its version with every change.`,
    )
  }
  let policy = own

  async function refresh(): Promise<Policy> {
    const newest = await deps.store.newest()
    if (newest === undefined || newest.version <= policy.version) return policy
    const parsed = parsePolicy(newest.text)
    if (!parsed.ok) throw new Error(`policy ${newest.version} is of a newer release: ${parsed.errors[0]?.text}`)
    deps.log.info({ from: policy.version, to: newest.version }, 'policy.replaced')
    policy = parsed.policy
    return policy
  }

  await refresh()
  return {
    current: () => policy,
    refresh,
    async atLeast(version) {
      if (policy.version < version) await refresh()
      if (policy.version < version) throw new Error(`documents were made by policy ${version}, which nobody has kept`)
      return policy
    },
  }
}
