/**
 * What became of one record. `done`, `skipped` and `rejected` are final: the record is committed, a rejected one after
 * it was put into the dead letters. `retry` puts it back for later. What concerns the whole system (a database that is
 * away, a bug) is no outcome but a throw: nothing is committed and the records come again.
 */
export type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'skipped'; readonly reason: string }
  | { readonly kind: 'rejected'; readonly reason: string }
  | { readonly kind: 'retry'; readonly afterMs: number; readonly reason: string }

export const done: Outcome = { kind: 'done' }

/** Rightly nothing to do: a duplicate, an erased person, expired. */
export const skipped = (reason: string): Outcome => ({ kind: 'skipped', reason })

/** Can never succeed. The reason is stored and shown: it names fields and rules, never values of a person. */
export const rejected = (reason: string): Outcome => ({ kind: 'rejected', reason })

/** Cannot succeed now, for a cause that concerns this record alone (a 429, one store's API). At the earliest in `afterMs`. */
export const retryLater = (afterMs: number, reason: string): Outcome => ({ kind: 'retry', afterMs, reason })
