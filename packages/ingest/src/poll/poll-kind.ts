import type { Statement, Translation } from '../pure/index.ts'

/** How far a store's changes were told: the newest of them, by the store's own words. */
export type Cursor = {
  /** When the store changed it, epoch ms of the store's own clock. */
  readonly at: number
  /** Its id; tells apart what changed at the same time. */
  readonly id: string
}

/** Where in a pass a reading stands; only the kind that made it knows what it means. */
export type Position = Readonly<Record<string, string | number>>

/** Where a reading begins. */
export type PollFrom = {
  /** Undefined before the first pass: then all there is is read. */
  readonly cursor: Cursor | undefined
  /** The cursor's time less the overlap, epoch ms: everything changed at or after it is to be read again. */
  readonly since: number | undefined
  /** Of the last page that was told in a pass that did not end; undefined at the start of a pass. */
  readonly position: Position | undefined
  /** Aborts when the service stops, or another process has taken over. */
  readonly signal: AbortSignal
}

/** What a store said of one of its entities. */
export type PollEntry = {
  /** The store's id of the document: with its modified time it names the events. */
  readonly id: string
  /** When the store changed it, epoch ms, where the document says so. */
  readonly at: number | undefined
  readonly translation: Translation<Statement[]>
  /** As the store sent it (numbers in their digits): kept in the dead letters where it cannot be understood. */
  readonly document: unknown
}

/** One answer of the store. It may be empty. */
export type PollPage = {
  readonly entries: readonly PollEntry[]
  /** When the answer came in, epoch ms of our clock: settles ties with what the store said before. */
  readonly answeredAt: number
  /** Once this page is told: everything that the store changed up to then was told. Where a page cannot say so, absent. */
  readonly cursor?: Cursor
  /** Where to go on after this page when the process ends here. */
  readonly position?: Position
}

/** One kind of entity that is read from stores again and again. */
export type PollKind<S> = {
  /** `orders`, `products`, `stock`; names the lease, the metrics and the events. */
  readonly name: string
  /** Between two passes, ms, where it differs from the others'. */
  readonly everyMs?: number
  /**
   * Reads everything that changed since `from`, page by page; a page is told before the next one is asked for. Throws
   * when the store does not answer (`NoAnswer`, with when it wants to be asked again): what was told stays told.
   */
  read(store: S, from: PollFrom): AsyncIterable<PollPage>
}
