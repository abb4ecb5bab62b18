import type { Statement, Translation } from '../pure/index.ts'
import type { PollEntry, PollFrom, PollKind, PollPage } from './poll-kind.ts'

/** A deletion that nobody told: the entity was not there when it was asked for, and may come back. */
export function asSwept(deletion: Translation<Statement[]>, startedAt: number): Translation<Statement[]> {
  if (!deletion.ok) return deletion
  const value = deletion.value.map(
    (statement): Statement =>
      statement.record === 'EntityDeleted'
        ? { ...statement, platformAt: startedAt, facts: { ...statement.facts, reason: 'swept', terminal: false } }
        : statement,
  )
  return { ...deletion, value }
}

/** Whether a store shows some of the entities that we know of. */
export type Shown = {
  readonly ids: ReadonlySet<string>
  /** Epoch ms: ours, and the store's own where its host says it. */
  readonly answeredAt: number
  readonly storeTime: number | undefined
}

/**
 * Entities that a store no longer shows. No platform says that something was deleted for good, so everything we know of
 * is asked about again, some at a time, and whatever is not shown by itself: what the store then says is the statement.
 * A tombstone carries the sweep's start: what came to life later stays alive.
 */
export function sweepKind<S>(of: {
  readonly name: string
  readonly everyMs: number
  /** The next ids of entities that are held to be there, in one fixed order, after the one given; none at the end. */
  readonly known: (store: S, after: string | undefined) => Promise<readonly string[]>
  readonly shown: (store: S, ids: readonly string[], signal: AbortSignal) => Promise<Shown>
  /** What the store says of one that it did not show, or undefined when it does not say. `startedAt`: the sweep's start. */
  readonly ask: (store: S, id: string, startedAt: number, signal: AbortSignal) => Promise<PollEntry | undefined>
}): PollKind<S> {
  const { name, everyMs, known, shown, ask } = of

  async function* read(store: S, { position, signal }: PollFrom): AsyncGenerator<PollPage> {
    let startedAt = typeof position?.['startedAt'] === 'number' ? position['startedAt'] : undefined
    let after = typeof position?.['after'] === 'string' ? position['after'] : undefined
    for (;;) {
      const ids = await known(store, after)
      const last = ids.at(-1)
      if (last === undefined) return
      const found = await shown(store, ids, signal)
      const start = startedAt ?? found.storeTime ?? found.answeredAt
      startedAt = start
      const entries: PollEntry[] = []
      for (const id of ids.filter((each) => !found.ids.has(each))) {
        const entry = await ask(store, id, start, signal)
        if (entry !== undefined) entries.push(entry)
      }
      yield { entries, answeredAt: found.answeredAt, position: { startedAt: start, after: last } }
      after = last
    }
  }

  return { name, everyMs, read }
}
