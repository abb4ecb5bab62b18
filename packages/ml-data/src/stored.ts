import type { ConsentLevel } from '@varai/privacy'
import type { Data, DataType, RowContent } from './pure/index.ts'

/** The collections of training rows. `trainingData` alone is for others; the rest says who is in it, by keyed hashes. */
export const collections = {
  trainingData: 'ml_training_data',
  rows: 'ml_rows',
  cohorts: 'ml_cohorts',
  exports: 'ml_exports',
  withdrawals: 'ml_withdrawals',
} as const

/** A row as others get it. */
export type TrainingRow = {
  readonly _id: string
  readonly dataType: DataType
  readonly data: Data
  readonly platform: string
  readonly region: string
  /** Monday 00:00 UTC of its week. */
  readonly timestamp: Date
  readonly consentLevel: ConsentLevel
  readonly anonymized: true
  readonly pseudonym: string | null
  /** Rows of one cohort say the same. */
  readonly cohort: string
  /** Absent until its cohort is whole; `done` once a worker has said that it has it. */
  readonly handOver?: { readonly state: 'due' | 'queued' | 'done'; readonly epoch?: string; readonly at?: Date }
}

/** A row as it is kept: whose it is, and where it has been. */
export type KeptRow = RowContent & {
  readonly _id: string
  /** When what it says changed last. */
  readonly changedAt: Date
  readonly state: 'waiting' | 'released'
  readonly cohort: string | null
  /** Exports that hold it, or held an earlier state of it. */
  readonly exports: readonly string[]
  /** How its person was called in those. */
  readonly pseudonyms: readonly string[]
  /** It is on its way out: no export may take it any more. */
  readonly retiring?: true
}

export type KeptCohort = {
  readonly _id: string
  /** `dissolved`: too few were left of it. */
  readonly state: 'forming' | 'formed' | 'dissolved'
  readonly dissolvedAt?: Date
  /** Somebody left it: whether enough remain must be seen. */
  readonly check: boolean
  readonly said: Data
  readonly at: Date
}

/** What a choice or a request took out again. */
export type Withdrawal = {
  /** `consent|<keyed name of the event>`, or the id of the request. */
  readonly _id: string
  readonly at: Date
  /** Rows, each with the exports that hold it; pseudonyms say which line it is in them, where it has one. */
  readonly rows: readonly {
    readonly row: string
    readonly dataType: DataType
    readonly consentLevel: ConsentLevel
    readonly exports: readonly string[]
    readonly pseudonyms: readonly string[]
  }[]
}
