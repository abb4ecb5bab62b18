import { setTimeout as after } from 'node:timers/promises'
import { errorText, type Logger } from '@varai/runtime'
import type { LeaseStore } from '@varai/runtime/leases'
import type { AggregationRequested, Draft } from '@varai/schemas'
import { hourOf } from '../pure/count/hour.ts'

export type AskHourlyDeps = {
  /** Resolves when the request is in the lane. */
  publish: (request: Draft<AggregationRequested>) => Promise<void>
  leases: LeaseStore
  /** Epoch ms. */
  now?: () => number
}

const hourMs = 3_600_000
const lease = 'analytics-hourly'
/** How long a process that vanished keeps others from asking. */
const leaseMs = 60_000
/** What happened at the end of an hour is told by then. */
const settleMs = 60_000
/** Hours before these were missed for good: an operator may ask for them. */
const mostMissed = 7 * 24

/**
 * Asks that the hours since the last time be made again from their facts, once an hour, in one process at a time; hours
 * that were missed while nobody ran come with the next request.
 */
export function createAskHourly({ publish, leases, now = Date.now }: AskHourlyDeps) {
  return async function askHourly(): Promise<'asked' | 'not now'> {
    const claim = await leases.claim(lease, leaseMs)
    if (claim.kind === 'not now') return 'not now'
    const at = now()
    const to = Math.floor((at - settleMs) / hourMs) * hourMs
    const from = Math.max(askedUntil(claim.lease.state) ?? to - hourMs, to - mostMissed * hourMs)
    if (from < to) await publish(requestOf(from, to, at))
    await leases.release(claim.lease, to + hourMs + settleMs, { askedUntil: Math.max(from, to) })
    return 'asked'
  }
}

function askedUntil(state: unknown): number | undefined {
  if (typeof state !== 'object' || state === null || !('askedUntil' in state)) return undefined
  return typeof state.askedUntil === 'number' ? state.askedUntil : undefined
}

/** Asked twice for the same hours, it is one request. */
function requestOf(from: number, to: number, at: number): Draft<AggregationRequested> {
  const entityId = `${hourOf(from)}..${hourOf(to)}`
  return {
    ...{ eventId: `varai|analytics|schedule|${entityId}`, eventName: 'analytics_aggregation', eventType: 'update' },
    ...{ entityType: 'analytics', entityId, source: 'varai', merchantId: 'varai', storeId: 'analytics' },
    ...{ priority: 'low', platformAt: at, at, ingestedAt: at, origin: 'api', from, to, reason: 'schedule' },
  }
}

/** Asks whenever it is due. Resolves when told to stop. */
export async function keepAsking(
  askHourly: ReturnType<typeof createAskHourly>,
  { stopping, log, lookEveryMs = 30_000 }: { stopping: AbortSignal; log: Logger; lookEveryMs?: number },
): Promise<void> {
  while (!stopping.aborted) {
    await askHourly().catch((error: unknown) => log.warn({ error: errorText(error) }, 'aggregation.not-asked'))
    await after(lookEveryMs, undefined, { signal: stopping }).catch(() => undefined)
  }
}
