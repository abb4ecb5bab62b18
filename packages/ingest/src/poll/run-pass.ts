import { errorText, type Logger } from '@varai/runtime'
import type { Lease, LeaseStore } from '@varai/runtime/leases'
import type { StoreFacts } from '../pure/index.ts'
import { NoAnswer } from '../store-api/get.ts'
import type { PollKind } from './poll-kind.ts'
import { later, type PollState, readState, remembered } from './poll-state.ts'
import type { createTellPage, Told } from './tell-page.ts'

export type PassPorts = {
  readonly leases: Pick<LeaseStore, 'hold'>
  readonly tellPage: ReturnType<typeof createTellPage>
  readonly log: Logger
  readonly leaseMs: number
  /** How far before the cursor a pass begins, ms. */
  readonly overlapMs: number
  readonly onTold: (told: Told) => void
}

/** How a pass ended, with what is to be saved. */
export type Passed =
  | { readonly kind: 'done'; readonly state: PollState }
  /** The store did not answer, or what we need is away; `afterMs` is the store's wish, 0 where it has none. */
  | { readonly kind: 'failed'; readonly state: PollState; readonly afterMs: number; readonly reason: string }
  /** Told to stop: someone goes on from here. */
  | { readonly kind: 'stopped'; readonly state: PollState }
  /** Another process has the lease: what this one knows is worth nothing any more. */
  | { readonly kind: 'lost' }

/** One pass over what one store changed of one kind: read page → publish → only then move the cursor. Never rejects. */
export function createRunPass(ports: PassPorts) {
  const { leases, tellPage, log, leaseMs, overlapMs } = ports

  return async function runPass<S extends StoreFacts>(of: {
    readonly store: S
    readonly kind: PollKind<S>
    readonly lease: Lease
    readonly stopping: AbortSignal
  }): Promise<Passed> {
    const { store, kind, lease, stopping } = of
    const lost = new AbortController()
    const signal = AbortSignal.any([stopping, lost.signal])
    let state = readState(lease.state)
    const since = state.cursor && state.cursor.at - overlapMs

    async function hold(saved?: PollState): Promise<void> {
      if (!(await leases.hold(lease, leaseMs, saved))) lost.abort()
      lost.signal.throwIfAborted()
    }
    // A store may take its time for a page; that nobody else begins meanwhile is a courtesy, tokens keep it right.
    const holding = setInterval(() => {
      hold().catch((error: unknown) => log.info({ id: lease.id, err: error }, 'poll.not-held'))
    }, leaseMs / 3)

    try {
      const { cursor, position } = state
      for await (const page of kind.read(store, { cursor, since, position, signal })) {
        const { merchantId, platform, id, currency } = store
        const tale = await tellPage(
          { store: { merchantId, platform, id, currency }, kind: kind.name },
          page,
          state.told,
        )
        ports.onTold(tale)
        const { cursor: before, position: _, ...rest } = state
        const reached = later(before, page.cursor)
        state = {
          ...rest,
          ...(reached === undefined ? {} : { cursor: reached }),
          ...(page.position === undefined ? {} : { position: page.position }),
          told: remembered(state.told, tale.told, reached && reached.at - overlapMs),
        }
        await hold(state)
        signal.throwIfAborted()
      }
      const { position: __, problem: ___, ...rest } = state
      return { kind: 'done', state: { ...rest, failures: 0 } }
    } catch (error) {
      if (lost.signal.aborted) return { kind: 'lost' }
      if (stopping.aborted) return { kind: 'stopped', state }
      const reason = errorText(error)
      const afterMs = error instanceof NoAnswer ? (error.afterMs ?? 0) : 0
      return { kind: 'failed', reason, afterMs, state: { ...state, failures: state.failures + 1, problem: reason } }
    } finally {
      clearInterval(holding)
    }
  }
}
