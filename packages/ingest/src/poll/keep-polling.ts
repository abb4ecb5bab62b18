import { setTimeout as after } from 'node:timers/promises'
import { backoffMs, type Publisher } from '@varai/kafka'
import { errorText, type Logger, type Metrics } from '@varai/runtime'
import type { LeaseStore } from '@varai/runtime/leases'
import type { Vault } from '@varai/vault'
import { keepDelivery } from '../keep-delivery.ts'
import { publishEvent } from '../publish-event.ts'
import type { StoreFacts } from '../pure/index.ts'
import type { PollKind } from './poll-kind.ts'
import { readState } from './poll-state.ts'
import { createPollWatch } from './poll-watch.ts'
import { createRunPass, type Passed } from './run-pass.ts'
import { createTellPage } from './tell-page.ts'

export type PollOptions<S extends StoreFacts> = {
  readonly publisher: Pick<Publisher, 'publish' | 'publishRaw'>
  readonly vault: Pick<Vault, 'setAside' | 'sealRaw'>
  /** Who keeps what it cannot understand, in the dead letters. */
  readonly service: string
  /** The stores to poll, as they are now; those that have no API access are left out by the caller. */
  readonly stores: () => readonly S[]
  readonly kinds: readonly PollKind<S>[]
  readonly leases: LeaseStore
  readonly log: Logger
  readonly metrics: Metrics
  readonly stopping: AbortSignal
  /** Nothing is polled before it resolves: what polling needs is reached. */
  readonly after: Promise<unknown>
  /** Between the beginnings of two passes over one store and kind, ms. */
  readonly everyMs: number
  /** How far behind the cursor each pass begins, ms: what was saved out of order, and clocks of one store that differ. */
  readonly overlapMs: number
  /** How long a process that vanished keeps others waiting, ms; 60 s unless told. */
  readonly leaseMs?: number
  /** Stores that are read at once; 4 unless told. */
  readonly atOnce?: number
  /** How often the clock is looked at, ms; 2 s unless told. */
  readonly tickMs?: number
  readonly now?: () => number
  readonly random?: () => number
}

export type Polling = {
  /** For `/readyz`: never fails, since deliveries are taken without it; notes which stores are behind, and why. */
  readonly check: () => string | undefined
  /** Resolves when told to stop and every pass has ended where it can go on. */
  readonly done: Promise<void>
}

/** How long nothing is begun when the database is away, ms. */
const awayMs = 5_000

type Job<S> = { readonly id: string; readonly store: S; readonly kind: PollKind<S> }

/**
 * Asks stores again and again what changed, each kind of entity by itself: whatever deliveries were lost, this finds. One
 * process at a time reads a kind of a store, however many there are; a pass that was missed is made up at once, one that
 * was interrupted goes on where it was. A store that fails waits longer each time and holds up no other.
 */
export function keepPolling<S extends StoreFacts>(options: PollOptions<S>): Polling {
  const { leases, log, stopping, everyMs, now = Date.now, random = Math.random } = options
  const { leaseMs = 60_000, atOnce = 4, tickMs = 2_000 } = options
  const watch = createPollWatch(options.metrics, now)
  const { publisher, vault, service } = options
  const runPass = createRunPass({
    ...{ leases, log, leaseMs, overlapMs: options.overlapMs },
    tellPage: createTellPage({
      publish: (event, store) => publishEvent({ publisher, vault }, store.platform, event),
      keep: (kept) => keepDelivery({ publisher, vault }, service, kept),
      log,
    }),
    onTold: watch.told,
  })
  /** When each job is worth a claim, epoch ms; what is not here is to be tried at once. */
  const dueAt = new Map<string, number>()
  /** Stores that are being read: one kind at a time is as much as a shop should bear. */
  const underWay = new Map<string, Promise<void>>()
  let pausedUntil = 0

  const jobs = (): Job<S>[] =>
    options.stores().flatMap((store) =>
      options.kinds.map((kind) => ({
        id: [store.merchantId, store.platform, store.id, kind.name].join('|'),
        ...{ store, kind },
      })),
    )

  async function carryOut({ id, store, kind }: Job<S>): Promise<void> {
    const every = kind.everyMs ?? everyMs
    const claim = await leases.claim(id, leaseMs)
    if (claim.kind === 'not now') {
      watch.seen(id, store, kind.name, every, readState(claim.state))
      // Another process may give it back earlier than it said.
      dueAt.set(id, Math.min(claim.until, now() + Math.min(every, leaseMs)))
      return
    }
    const begun = now()
    const passed = await runPass({ store, kind, lease: claim.lease, stopping })
    watch.passed(kind.name, passed.kind)
    if (passed.kind === 'lost') {
      log.info({ store: store.id, kind: kind.name }, 'poll.lost')
      return
    }
    const state = passed.kind === 'done' ? { ...passed.state, lastSuccessAt: begun } : passed.state
    const next = nextAt(passed, begun, every)
    await leases.release(claim.lease, next, state)
    dueAt.set(id, next)
    watch.seen(id, store, kind.name, every, state)
    if (passed.kind === 'failed') {
      const { reason } = passed
      log.warn({ store: store.id, kind: kind.name, reason, againInMs: next - now() }, 'poll.failed')
    }
  }

  function nextAt(passed: Exclude<Passed, { kind: 'lost' }>, begun: number, every: number): number {
    switch (passed.kind) {
      case 'done':
        // Stores that were added together are not to be asked together for ever.
        return Math.round(begun + every * (0.95 + 0.1 * random()))
      case 'failed': {
        const pause = backoffMs(passed.state.failures, { firstMs: Math.min(5_000, every), capMs: every }, random())
        return now() + Math.max(pause, passed.afterMs)
      }
      case 'stopped':
        return now()
      default:
        return passed satisfies never
    }
  }

  function begin(job: Job<S>, key: string): void {
    const work = carryOut(job)
      .catch((error: unknown) => {
        // The database is away, which concerns all of them.
        if (pausedUntil > now()) return
        pausedUntil = now() + awayMs
        if (!stopping.aborted)
          log.warn({ store: job.store.id, kind: job.kind.name, reason: errorText(error) }, 'poll.put-off')
      })
      .finally(() => underWay.delete(key))
    underWay.set(key, work)
  }

  async function poll(): Promise<void> {
    await options.after
    while (!stopping.aborted) {
      const all = jobs()
      watch.keepOnly(new Set(all.map(({ id }) => id)))
      const due = all.filter(({ id }) => Math.max(dueAt.get(id) ?? 0, pausedUntil) <= now())
      for (const job of due.sort((one, other) => (dueAt.get(one.id) ?? 0) - (dueAt.get(other.id) ?? 0))) {
        const key = `${job.store.merchantId}|${job.store.id}`
        if (underWay.size < atOnce && !underWay.has(key)) begin(job, key)
      }
      await Promise.race([
        after(tickMs, undefined, { signal: stopping }).catch(() => undefined),
        ...(due.length > underWay.size && underWay.size > 0 ? underWay.values() : []),
      ])
    }
    await Promise.allSettled(underWay.values())
  }

  return { check: watch.check, done: poll() }
}
