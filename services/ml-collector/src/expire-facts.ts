import { setTimeout as after } from 'node:timers/promises'
import { consentLevels, consentTable } from '@varai/privacy'
import { errorText, type Logger } from '@varai/runtime'
import type { LeaseStore } from '@varai/runtime/leases'
import type { FactStore } from './fact-store.ts'
import { createFactsAround } from './facts-around.ts'
import type { KeepRows } from './keep-rows.ts'
import { expire } from './pure/facts/expire.ts'
import type { Fact } from './pure/facts/fact.ts'
import { timeOf } from './pure/moment.ts'
import { standingOf } from './pure/rows/standing.ts'
import { createWorld, type World } from './pure/rows/world.ts'

export type ExpireDeps = {
  readonly facts: FactStore
  readonly keepRows: KeepRows
  readonly leases: LeaseStore
  readonly log: Logger
  readonly now?: () => number
  /** Sessions and choices at a time; 200 unless told. */
  readonly pageSize?: number
}

const lease = 'ml-expire'
const leaseMs = 60_000
const hour = 3_600_000
const day = 24 * hour
/** How often facts are looked through. */
const everyMs = 6 * hour

const rule = consentTable.ai_session_completed
/** For so long a session is kept whole at a level that limits it. */
const keptDays = Math.max(0, ...consentLevels.map((level) => rule[level].sessionDays ?? 0))

/**
 * Takes out of facts what may not be kept of a session for good, once its time is over: of shoppers who allow no more
 * than `basic`, and of those who withdrew. Rows stay as they are. One process at a time, every 6 hours; a run that was
 * missed comes as soon as any process is there. May be killed anywhere: a session loses its mark last.
 */
export function createExpireFacts(deps: ExpireDeps) {
  const { facts, keepRows, leases, log, now = Date.now, pageSize = 200 } = deps

  return async function expireFacts(stopping: AbortSignal): Promise<'done' | 'not now' | 'interrupted'> {
    const claim = await leases.claim(lease, leaseMs)
    if (claim.kind === 'not now') return 'not now'
    const ours = { id: lease, token: claim.lease.token }
    const before = now() - keptDays * day
    let expired = 0
    for (const next of [facts.expiring, facts.choosingBasic]) {
      for (let page = await next('', before, pageSize); page.length > 0; ) {
        if (stopping.aborted || !(await leases.hold(ours, leaseMs))) {
          await leases.release(ours, 0, {})
          return 'interrupted'
        }
        expired += await expireAround(page, before)
        page = await next(page.at(-1) ?? '', before, pageSize)
      }
    }
    await leases.release(ours, now() + everyMs, { lastSuccessAt: new Date(now()), expired })
    log.info({ expired }, 'facts.expired')
    return 'done'
  }

  /** Resolves with how many sessions have less in them now. */
  async function expireAround(ids: readonly string[], before: number): Promise<number> {
    const around = createFactsAround(facts)
    const entities = await around.touchedBy(ids)
    const all = await around.madeOf(entities)
    const world = createWorld(all)
    const allowed = new Map(all.flatMap((fact) => verdictOn(fact, world, before)))
    const [sessions, inside] = [[...allowed.keys()], all.filter(({ kind }) => kind === 'recommendation')]
    const recommendations = inside.flatMap((fact) => {
      const verdict = fact.depends.flatMap((id) => allowed.get(id) ?? [])[0]
      return verdict === undefined ? [] : changed(fact, expire(fact, verdict))
    })
    const over = sessions.flatMap((id) => {
      const [session, verdict] = [world.get(id), allowed.get(id)]
      return session === undefined || verdict === undefined ? [] : changed(session, expire(session, verdict))
    })
    for (const some of [recommendations, over]) {
      // Somebody spoke of these meanwhile: the next run looks at them again.
      if (!(await facts.save(some))) return 0
    }
    await keepRows([...recommendations, ...over].map(({ id }) => id))
    return over.length
  }
}

/** Whether a session is over, and what its people allow; nothing where it is not. */
function verdictOn(session: Fact, world: World, before: number): [string, 'basic' | 'gone'][] {
  if (session.kind !== 'session' || timeOf(session.first) >= before) return []
  const standing = standingOf([session, ...world.ordersOf(session)], world)
  if (standing.kind === 'gone') return [[session.id, 'gone']]
  return rule[standing.level].sessionDays === undefined ? [] : [[session.id, 'basic']]
}

const changed = (before: Fact, after: Fact): Fact[] => (before === after ? [] : [after])

/** Expires whatever is over whenever it is due. Resolves when told to stop. */
export async function keepExpiring(
  expireFacts: ReturnType<typeof createExpireFacts>,
  options: { readonly stopping: AbortSignal; readonly log: Logger; readonly lookEveryMs?: number },
): Promise<void> {
  const { stopping, log, lookEveryMs = 60_000 } = options
  while (!stopping.aborted) {
    await expireFacts(stopping).catch((error: unknown) => log.warn({ error: errorText(error) }, 'facts.expiry-failed'))
    await after(lookEveryMs, undefined, { signal: stopping }).catch(() => undefined)
  }
}
