import { setTimeout as after } from 'node:timers/promises'
import { consentLevels, consentTable } from '@varai/privacy'
import { errorText, type Logger } from '@varai/runtime'
import type { LeaseStore } from '@varai/runtime/leases'
import type { Project } from './projections.ts'
import { mostSharing } from './projections.ts'
import { foldRecord } from './pure/fold/fold-record.ts'
import { aiSessionKind, consentKind } from './pure/kinds.ts'
import { momentOf } from './pure/moment.ts'
import { chosenBy } from './pure/project/ai-of-person.ts'
import type { RecordState } from './pure/record.ts'
import { createReadPersons, customersNamed } from './read-persons.ts'
import type { RecordStore } from './record-store.ts'
import type { Expiring, Page, SessionStore } from './session-store.ts'

export type CleanUpDeps = {
  readonly records: Pick<RecordStore, 'loadMany' | 'saveMany' | 'find' | 'findSharing'>
  readonly sessions: Expiring & SessionStore
  readonly project: Project
  readonly copySessions: (sessions: readonly RecordState[]) => Promise<void>
  readonly leases: LeaseStore
  readonly log: Logger
  readonly now?: () => number
  /** Sessions at a time; 200 unless told. */
  readonly pageSize?: number
}

const hour = 3_600_000
const day = 24 * hour
/** How often sessions are looked through. */
const everyMs = 6 * hour
/** How long a process that vanished keeps others from going on, ms. */
const leaseMs = 60_000

const rule = consentTable.ai_session_completed
/** Levels at which a session is kept for a time only. */
const limited = consentLevels.filter((level) => rule[level].sessionDays !== undefined)
const keptDays = Math.max(0, ...limited.map((level) => rule[level].sessionDays ?? 0))

/**
 * Deletes the sessions whose time is over: those of shoppers who allow no more, and those of customers who withdrew,
 * with what was recommended in them. One process at a time, every 6 hours; a run that was missed comes as soon as any
 * process is there. May be killed anywhere: a session is marked as deleted first, then taken out of its user's document
 * and out of the copies, and only then removed.
 */
export function createCleanUp(deps: CleanUpDeps) {
  const { records, sessions, project, leases, log, now = Date.now, pageSize = 200 } = deps
  // what is chosen, each account chooses for itself
  const readPersons = createReadPersons({ records, sessions, verdicts: { about: async () => [] }, most: mostSharing })

  return async function cleanUp(stopping: AbortSignal): Promise<'done' | 'not now' | 'interrupted'> {
    const claim = await leases.claim('clean-up', leaseMs)
    if (claim.kind === 'not now') return 'not now'
    const { lease } = claim
    const before = now() - keptDays * day
    let removed = 0
    for (const next of [limitedAfter, withdrawnAfter]) {
      for (let page = await next('', before); page.last !== undefined; page = await next(page.last, before)) {
        if (stopping.aborted || !(await leases.hold(lease, leaseMs))) {
          await leases.release(lease, 0, stateOf(lease.state))
          return 'interrupted'
        }
        removed += await remove(page.ids)
      }
    }
    await sessions.removeOrphans({ levels: limited, before })
    await leases.release(lease, now() + everyMs, { lastSuccessAt: new Date(now()), removed })
    log.info({ removed }, 'clean-up.done')
    return 'done'
  }

  function limitedAfter(behind: string, before: number): Promise<Page> {
    return sessions.limited({ levels: limited, before, after: behind, limit: pageSize })
  }

  /** Old sessions of those who withdrew, whatever was allowed when they were held. */
  async function withdrawnAfter(behind: string, before: number): Promise<Page> {
    const { ids, last } = await sessions.consentsOf({ levels: limited, after: behind, limit: pageSize })
    const named = await customersNamed(records, [...(await records.loadMany(consentKind, ids)).values()])
    const others = new Set(
      (await readPersons({ ids: named, keys: [] })).nodes.flatMap(({ id, known }) =>
        limited.includes(chosenBy(known) ?? 'basic') ? [] : [id],
      ),
    )
    return {
      ids: await sessions.oldOf(
        named.filter((id) => !others.has(id)),
        before,
      ),
      last,
    }
  }

  async function remove(ids: readonly string[]): Promise<number> {
    const held = [...(await records.loadMany(aiSessionKind, ids)).values()]
    const deleted = held.map((record) => foldRecord(record, [expiry(record)]).record)
    const lost = await records.saveMany(
      aiSessionKind,
      // one that died here before left it marked
      deleted.filter((record, at) => record.version !== held[at]?.version),
    )
    // someone spoke of these meanwhile: the next run looks at them again
    const over = deleted.filter(({ id }) => !lost.has(id))
    await project([{ kind: aiSessionKind, records: over }])
    await deps.copySessions(over)
    await sessions.remove(over.map(({ id, version }) => ({ id, version })))
    return over.length
  }

  /** Says that a session is deleted, later than anything that was said of it. */
  function expiry({ kind, id: recordId, merchantId, platform, storeId, platformId, existence }: RecordState) {
    const moment = existence.gone?.moment ?? momentOf({ platformAt: now(), triggeredAt: null, eventId: 'clean-up' })
    const name = { kind, recordId, merchantId, platform, storeId, platformId, moment, at: now() }
    return { ...name, says: { what: 'deleted', reason: 'retention', terminal: false } as const }
  }
}

const stateOf = (state: unknown): object => (typeof state === 'object' && state !== null ? state : {})

/** Cleans up whenever it is due. Resolves when told to stop. */
export async function keepCleanedUp(
  cleanUp: ReturnType<typeof createCleanUp>,
  options: { readonly stopping: AbortSignal; readonly log: Logger; readonly lookEveryMs?: number },
): Promise<void> {
  const { stopping, log, lookEveryMs = 60_000 } = options
  while (!stopping.aborted) {
    await cleanUp(stopping).catch((error: unknown) => log.warn({ error: errorText(error) }, 'clean-up.failed'))
    await after(lookEveryMs, undefined, { signal: stopping }).catch(() => undefined)
  }
}
