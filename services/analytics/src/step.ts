import type { Attribution } from './pure/attribution/attribute.ts'
import type { Added, Figures } from './pure/count/row.ts'

/** What the rows show of a fact, as of the last time it was counted. */
export type Shown = { rows: readonly Added[]; attribution: Attribution | null; because?: readonly string[] }

/** What is shown of a fact from a step on, counted from its `version`; `at`: a time in the hour of its rows, ms. */
export type Counted = Shown & { id: string; version: number; at: number | null }

/** As it lies in the database; `_id` is the fact's. */
export type StoredShown = {
  _id: string
  /** The step that counted it last. */
  seq: number
  /** {@link Added} as JSON: they are only ever read whole, and there are very many. */
  rows: string
  attribution: Attribution | null
  /** The attribution in sentences. */
  because?: readonly string[]
  /** A time in the hour of its rows; absent where it is shown nowhere. */
  at?: Date
}

/** What a row shows from a step on. */
export type RowState = { row: string; isNew: boolean; figures: Figures }

/** One step of counting, whole: whoever finds it open carries it out, any number of times and side by side. */
export type Step = {
  rows: readonly RowState[]
  sessions: readonly Counted[]
  orders: readonly Counted[]
  /** Sessions that are to be counted again: an order came to them, or left them. */
  concerned: readonly string[]
}
