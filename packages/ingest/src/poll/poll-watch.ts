import type { Metrics } from '@varai/runtime'
import type { StoreFacts } from '../pure/index.ts'
import type { PollState } from './poll-state.ts'
import type { Passed } from './run-pass.ts'
import type { Told } from './tell-page.ts'

type Seen = {
  readonly store: string
  readonly kind: string
  readonly everyMs: number
  readonly firstSeenAt: number
  readonly lastSuccessAt: number | undefined
  readonly problem: string | undefined
}

/** What operators see of the polls: metrics, and a note in `/readyz` about who is behind. */
export function createPollWatch(metrics: Metrics, now: () => number) {
  const jobs = new Map<string, Seen>()
  const documents = metrics.counter({
    what: 'polled_documents',
    help: 'Documents that were read from stores on a clock, by what became of them',
    labels: ['outcome'],
  })
  const passes = metrics.counter({
    what: 'polls',
    help: 'Passes over the changes of one store, by kind of entity and how they ended',
    labels: ['kind', 'outcome'],
  })
  metrics.gauge({
    what: 'poll_last_success',
    unit: 'timestamp_seconds',
    help: 'When the last whole pass over a store began, by whichever process',
    labels: ['store', 'kind'],
    collect(gauge) {
      gauge.reset()
      for (const { store, kind, lastSuccessAt } of jobs.values()) {
        if (lastSuccessAt !== undefined) gauge.set({ store, kind }, lastSuccessAt / 1_000)
      }
    },
  })
  metrics.gauge({
    what: 'poll_lag',
    unit: 'seconds',
    help: 'How long ago the last whole pass over a store began; since this process knows of the store where there was none',
    labels: ['store', 'kind'],
    collect(gauge) {
      gauge.reset()
      for (const seen of jobs.values()) gauge.set({ store: seen.store, kind: seen.kind }, lagMs(seen) / 1_000)
    },
  })

  const lagMs = ({ lastSuccessAt, firstSeenAt }: Seen): number => Math.max(0, now() - (lastSuccessAt ?? firstSeenAt))

  return {
    seen(id: string, store: StoreFacts, kind: string, everyMs: number, state: PollState): void {
      const firstSeenAt = jobs.get(id)?.firstSeenAt ?? now()
      const { lastSuccessAt, problem } = state
      jobs.set(id, { store: store.id, kind, everyMs, firstSeenAt, lastSuccessAt, problem })
    },
    /** Forgets stores that are not polled any more. */
    keepOnly(ids: ReadonlySet<string>): void {
      for (const id of jobs.keys()) if (!ids.has(id)) jobs.delete(id)
    },
    told({ published, kept, unchanged }: Told): void {
      for (const [outcome, count] of Object.entries({ published, kept, unchanged })) documents.inc({ outcome }, count)
    },
    passed: (kind: string, outcome: Passed['kind']): void => passes.inc({ kind, outcome }),
    check(): string | undefined {
      const behind = [...jobs.values()].filter((seen) => seen.problem !== undefined || lagMs(seen) > 2 * seen.everyMs)
      if (behind.length === 0) return undefined
      const named = behind.slice(0, 5).map((seen) => {
        const since = seen.lastSuccessAt === undefined ? 'never' : new Date(seen.lastSuccessAt).toISOString()
        return `${seen.kind} of ${seen.store}, last ${since}${seen.problem === undefined ? '' : `: ${seen.problem}`}`
      })
      return `${behind.length} polls are behind: ${named.join('; ')}`
    },
  }
}
