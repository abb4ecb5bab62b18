import { setTimeout as after } from 'node:timers/promises'
import { errorText, type Logger } from '@varai/runtime'
import type { Lease, LeaseStore } from '@varai/runtime/leases'
import type { Policies } from './policy/policies.ts'
import type { Project } from './projections.ts'
import { customerKind, productKind, type RecordKind } from './pure/kinds.ts'
import { isPlainObject } from './pure/plain.ts'
import { recordOfOffer } from './pure/project/offer.ts'
import type { RecordStore } from './record-store.ts'

export type ReapplyDeps = {
  readonly records: Pick<RecordStore, 'loadMany' | 'pageAfter'>
  /** Ids of documents that were made by an older policy. */
  readonly madeBefore: Readonly<
    Record<'users' | 'catalog', (policy: number, of: { limit: number }) => Promise<string[]>>
  >
  readonly project: Project
  /** Looks whether crowds are still crowds, as often as for documents of older policies. */
  readonly lookIntoCrowds: () => Promise<void>
  readonly policies: Policies
  readonly leases: LeaseStore
  readonly log: Logger
  /** Records that are projected at a time; 200 unless told. */
  readonly pageSize?: number
}

/** Where the walk stands: behind which record of which kind; or that it is over. */
type Progress = { readonly kind: string; readonly after: string } | { readonly over: true }

/** How long a process that vanished keeps others from going on, ms. */
const leaseMs = 60_000
/** How often to look for documents that a process with an older policy made after all, ms. */
const againMs = 600_000

/** What canonical documents are made from, in the order of the walk. */
const walked: readonly RecordKind[] = [customerKind, productKind]

/**
 * Makes all canonical documents anew by the policy in force: of every record, in the order of their ids, and then of
 * documents that are still of an older policy. Returns whether this process did it, or another has or is at it.
 *
 * May be killed anywhere and run again: what was done is kept with the lease, page by page, and done again it changes
 * nothing. One process at a time goes on; two at once would only do the work twice.
 */
export function createReapply(deps: ReapplyDeps) {
  const { records, policies, project, leases, log, pageSize = 200 } = deps

  return async function reapply(stopping: AbortSignal): Promise<'done' | 'not now' | 'interrupted'> {
    const { version } = await policies.refresh()
    const claim = await leases.claim(`policy-${version}`, leaseMs)
    if (claim.kind === 'not now') return 'not now'
    const { lease } = claim
    let progress = progressOf(lease.state)
    const isOver = () => progress !== undefined && 'over' in progress
    const goesOn = async (): Promise<boolean> =>
      !stopping.aborted && policies.current().version === version && (await leases.hold(lease, leaseMs, progress))
    if (!isOver()) log.info({ version, progress }, 'policy.re-applying')

    while (!isOver()) {
      if (!(await goesOn())) return release(lease, progress)
      progress = await walkOn(progress)
    }
    const stuck = new Set<string>()
    for (let left = await olderThan(version, stuck); left.length > 0; left = await olderThan(version, stuck)) {
      if (!(await goesOn())) return release(lease, progress)
      for (const { kind, ids } of left) {
        const held = await records.loadMany(kind, [...new Set(ids.map(recordOfOffer))])
        await project([{ kind, records: [...held.values()] }])
        for (const id of ids) stuck.add(`${kind.collection} ${id}`)
      }
    }
    await deps.lookIntoCrowds()
    await leases.release(lease, Date.now() + againMs, { over: true })
    return 'done'
  }

  /** One page of the walk. */
  async function walkOn(progress: Progress | undefined): Promise<Progress> {
    const at =
      progress !== undefined && 'kind' in progress ? progress : { kind: walked[0]?.collection ?? '', after: '' }
    const index = walked.findIndex(({ collection }) => collection === at.kind)
    const kind = walked[index]
    if (kind === undefined) return { over: true }
    const page = await records.pageAfter(kind, at.after, pageSize)
    const last = page.at(-1)
    if (last === undefined) {
      const next = walked[index + 1]
      return next === undefined ? { over: true } : { kind: next.collection, after: '' }
    }
    await project([{ kind, records: page }])
    return { kind: kind.collection, after: last.id }
  }

  /** Some documents of an older policy, but for those that were made anew in vain. */
  async function olderThan(version: number, stuck: ReadonlySet<string>) {
    const [users, items] = await Promise.all([
      deps.madeBefore.users(version, { limit: pageSize + stuck.size }),
      deps.madeBefore.catalog(version, { limit: pageSize + stuck.size }),
    ])
    return [
      { kind: customerKind, ids: users },
      { kind: productKind, ids: items },
    ]
      .map(({ kind, ids }) => ({ kind, ids: ids.filter((id) => !stuck.has(`${kind.collection} ${id}`)) }))
      .filter(({ ids }) => ids.length > 0)
  }

  async function release(lease: Lease, progress: Progress | undefined): Promise<'interrupted'> {
    await leases.release(lease, 0, progress ?? {})
    return 'interrupted'
  }
}

function progressOf(state: unknown): Progress | undefined {
  if (!isPlainObject(state)) return undefined
  if (state['over'] === true) return { over: true }
  const { kind, after: behind } = state
  return typeof kind === 'string' && typeof behind === 'string' ? { kind, after: behind } : undefined
}

/** Re-applies the policy in force whenever it is newer than what documents were made by. Resolves when told to stop. */
export async function keepPolicyApplied(
  reapply: ReturnType<typeof createReapply>,
  options: { readonly stopping: AbortSignal; readonly log: Logger; readonly everyMs?: number },
): Promise<void> {
  const { stopping, log, everyMs = 30_000 } = options
  while (!stopping.aborted) {
    await reapply(stopping).then(
      (result) => result !== 'not now' && log.info({ result }, 'policy.re-applied'),
      // the database is away, or a race was lost too often: what was done is kept
      (error: unknown) => log.warn({ error: errorText(error) }, 'policy.re-apply-failed'),
    )
    await after(everyMs, undefined, { signal: stopping }).catch(() => undefined)
  }
}
