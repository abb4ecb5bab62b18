import { setTimeout as after } from 'node:timers/promises'
import { errorText, type Logger } from '@varai/runtime'
import type { LeaseStore } from '@varai/runtime/leases'
import { factOf, factRules } from '../pure/report/order-fact.ts'
import type { OrderStore } from './order-store.ts'
import type { ProgressStore } from './progress-store.ts'
import type { ReportStore } from './report-store.ts'

/** What is known of the first reading: up to which order it came, by which rules, and whether it is over. */
type State = { readonly rules: number; readonly behind: string; readonly isOver: boolean }

const beginning: State = { rules: factRules, behind: '', isOver: false }
const lease = 'reporting.orders'
const leaseMs = 30_000
const day = 24 * 60 * 60 * 1_000
/** Kafka keeps changes for 30 days; who followed none for so long may have missed some. */
const longestAwayMs = 25 * day

/**
 * The start of this consumer: `varai.changes` keeps 30 days, so orders that nobody spoke of since are read where they
 * lie. The group begins with the oldest change that is kept, before anything is read; an order that changes meanwhile
 * is told, and of both the higher version stays. One process reads at a time, and goes on where another one died. It is
 * all read again when facts are made by new rules, and when changes were not followed for 25 days.
 */
export function createReadOrdersOnce(deps: {
  readonly orders: Pick<OrderStore, 'pageAfter'>
  readonly facts: Pick<ReportStore, 'save'>
  readonly progress: Pick<ProgressStore, 'followedAt' | 'followed'>
  readonly leases: LeaseStore
  readonly log: Logger
  readonly now?: () => number
  readonly pageSize?: number
  readonly lookEveryMs?: number
}) {
  const { leases, log, now = Date.now, pageSize = 500, lookEveryMs = 500 } = deps
  let isOver = false

  return {
    /** Whether every order has been read, as far as this process knows. */
    get isOver(): boolean {
      return isOver
    },

    /**
     * Notes that all is to be read where it is. To be awaited before any change is followed: following is what hides
     * that nobody did. Rejects when told to stop.
     */
    async prepare(stopping: AbortSignal): Promise<void> {
      for (;;) {
        const claim = await leases.claim(lease, leaseMs)
        if (claim.kind === 'not now') {
          // someone reads it all at this moment
          if (stateOf(claim.state)?.isOver === false) return
          await after(lookEveryMs, undefined, { signal: stopping })
          continue
        }
        const state = stateOf(claim.lease.state)
        const followedAt = await deps.progress.followedAt()
        const isMissing = followedAt !== undefined && now() - followedAt > longestAwayMs
        const isGood = state?.rules === factRules && !isMissing
        await leases.release(claim.lease, 0, isGood ? state : beginning)
        // what was missed until now is going to be read
        if (isMissing) await deps.progress.followed(now())
        return
      }
    },

    /** Resolves when every order was read, by this process or another one; rejects when told to stop. */
    async read(stopping: AbortSignal): Promise<void> {
      while (!isOver) {
        isOver = await tryReading(stopping).catch((error: unknown) => {
          log.warn({ error: errorText(error) }, 'reporting.reading-failed')
          return false
        })
        if (!isOver) await after(lookEveryMs, undefined, { signal: stopping })
      }
    },
  }

  async function tryReading(stopping: AbortSignal): Promise<boolean> {
    const claim = await leases.claim(lease, leaseMs)
    if (claim.kind === 'not now') return stateOf(claim.state)?.isOver === true
    return readFrom(claim.lease, stateOf(claim.lease.state) ?? beginning, stopping)
  }

  async function readFrom(
    of: Parameters<LeaseStore['hold']>[0],
    state: State,
    stopping: AbortSignal,
  ): Promise<boolean> {
    let { behind } = state
    let orders = 0
    for (let last = state.isOver; !last; ) {
      const page = await deps.orders.pageAfter(behind, pageSize)
      const made = page.map(({ image, ...named }) => factOf(named, image))
      await deps.facts.save(made.flatMap((each) => (each.ok ? each.fact : [])))
      const unreadable = made.filter(({ ok }) => !ok).length
      if (unreadable > 0) log.warn({ orders: unreadable, behind }, 'reporting.unreadable')
      orders += page.length
      behind = page.at(-1)?.id ?? behind
      last = page.length < pageSize
      if (stopping.aborted || !(await leases.hold(of, leaseMs, { ...state, behind }))) {
        await leases.release(of, 0, { ...state, behind })
        return false
      }
    }
    if (!state.isOver) log.info({ orders }, 'reporting.orders-read')
    return leases.release(of, 0, { ...state, behind, isOver: true })
  }
}

function stateOf(given: unknown): State | undefined {
  if (typeof given !== 'object' || given === null) return undefined
  const { rules, behind, isOver: over }: { rules?: unknown; behind?: unknown; isOver?: unknown } = given
  const isState = typeof rules === 'number' && typeof behind === 'string' && typeof over === 'boolean'
  return isState ? { rules, behind, isOver: over } : undefined
}
