import type { RecordChange } from './change/record-change.ts'
import type { Existence } from './fold/existence.ts'
import type { ListState } from './fold/keyed-list.ts'
import type { RegisterStates } from './fold/registers.ts'
import type { SinceLog } from './fold/since-log.ts'
import type { RecordKind } from './kinds.ts'

/**
 * The fold of all statements about one entity of one store. A function of the set of its statements: not of their
 * order, nor of how often or in which batches they came. Only `version`, `change` and `tie` depend on how it came about.
 */
export type RecordState = RecordName & {
  readonly kind: RecordKind
  /** One more at every save; 0 before the first. */
  readonly version: number
  readonly registers: RegisterStates
  /** By the list's field name. */
  readonly lists: Readonly<Record<string, ListState>>
  readonly existence: Existence
  readonly since: SinceLog
  /** The newest time of the store (ms) at which it was found to have said different things; it was asked about that. */
  readonly tie?: number | undefined
  /** The last change of what it says, where changes are kept. */
  readonly change?: RecordChange | undefined
}

export type RecordName = {
  /** merchant|platform|store|the store's own id. */
  readonly id: string
  readonly merchantId: string
  readonly platform: string
  readonly storeId: string
  readonly platformId: string
}
