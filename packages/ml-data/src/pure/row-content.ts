import type { ConsentLevel } from '@varai/privacy'
import type { Data, DataType } from './columns.ts'

/** What a training row may say at its level, whose it is, and with whom it can be grouped. */
export type RowContent = {
  /** What it was made of; rows of one entity come and go together. */
  readonly entity: string
  readonly dataType: DataType
  readonly level: ConsentLevel
  readonly platform: string
  readonly region: string
  readonly week: string
  readonly subject: string
  readonly store: string
  /** The period whose key makes the pseudonym; null where the level allows none. */
  readonly period: string | null
  /** All that rows of one cohort have in common, as one text. */
  readonly group: string
  readonly categories: Data
  readonly measures: Readonly<Record<string, number>>
}
